import { Trash2 } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Checkbox, Input, Select } from '../../ui/form/input.tsx';
import { parameterTypes, type ParameterDraft } from './action-draft.ts';

interface ParameterRowProps {
  number: number;
  parameter: ParameterDraft;
  onChange: (parameter: ParameterDraft) => void;
  onRemove: () => void;
  wrong: (field: string) => string | null;
  disabled: boolean;
}

const texts = ['description', 'fallback', 'options'] as const;

/** A parameter in two lines: what it is, and what is said of it. */
export function ParameterRow({ number, parameter, onChange, onRemove, wrong, disabled }: ParameterRowProps) {
  const { t } = useTranslation();
  const requiredId = useId();
  const name = parameter.key || t('pairs.entry', { number });
  const types: readonly string[] = parameterTypes;
  const problem = wrong('key') ?? wrong('type') ?? wrong('default') ?? wrong('options') ?? wrong('description');
  function set(change: Partial<ParameterDraft>) {
    onChange({ ...parameter, ...change });
  }
  return (
    <li className="flex flex-col gap-1.5 p-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
        <Input
          mono
          className="h-8! min-w-28 flex-1"
          aria-label={t('apps.parameter.key', { number })}
          aria-invalid={wrong('key') !== null || undefined}
          placeholder={t('apps.parameter.keyExample')}
          value={parameter.key}
          onChange={(event) => set({ key: event.target.value })}
        />
        <Select
          compact
          className="w-28 shrink-0"
          aria-label={t('apps.parameter.typeOf', { name })}
          value={parameter.type}
          onChange={(event) => set({ type: event.target.value })}
        >
          {!types.includes(parameter.type) && <option value={parameter.type}>{parameter.type}</option>}
          {parameterTypes.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </Select>
        <span className="flex shrink-0 items-center gap-1.5">
          <Checkbox
            id={requiredId}
            checked={parameter.required}
            onChange={(event) => set({ required: event.target.checked })}
          />
          <label htmlFor={requiredId} className="text-sm">
            {t('schema.required')}
            <span className="sr-only">: {name}</span>
          </label>
        </span>
        {!disabled && (
          <IconButton size="sm" className="ml-auto" label={t('schema.remove', { name })} onClick={onRemove}>
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        )}
      </div>
      <div className="grid grid-cols-2 gap-1.5 sm:grid-cols-[2fr_1fr_1fr]">
        {texts.map((field) => (
          <Input
            key={field}
            className={cx('h-8! text-sm!', field === 'description' && 'col-span-2 sm:col-span-1')}
            aria-label={t(`apps.parameter.of.${field}`, { name })}
            placeholder={t(`apps.parameter.${field}`)}
            value={parameter[field]}
            onChange={(event) => set({ [field]: event.target.value })}
          />
        ))}
      </div>
      {problem !== null && <p className="text-xs font-medium text-bad">{problem}</p>}
    </li>
  );
}
