import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';

interface NamesFieldProps {
  label: string;
  hint?: string;
  value: readonly string[];
  options: readonly string[];
  /** What a name is called where it is no node. */
  nameOf: (name: string) => string;
  onAdd: (name: string) => void;
  onRemove: (name: string) => void;
  disabled: boolean;
}

/** Some nodes of a graph that may have a thousand. */
export function NamesField({ label, hint, value, options, nameOf, onAdd, onRemove, disabled }: NamesFieldProps) {
  const { t } = useTranslation();
  const left = options.filter((name) => !value.includes(name));
  return (
    <div className="flex flex-col gap-1.5">
      <Field label={label} hint={hint}>
        <Select
          value=""
          disabled={disabled || left.length === 0}
          onChange={({ target }) => target.value !== '' && onAdd(target.value)}
        >
          <option value="">{t(left.length === 0 ? 'graphs.names.none' : 'graphs.names.add')}</option>
          {left.map((name) => (
            <option key={name} value={name}>
              {nameOf(name)}
            </option>
          ))}
        </Select>
      </Field>
      {value.length > 0 && (
        <ul aria-label={label} className="flex flex-wrap gap-1">
          {value.map((name) => (
            <li
              key={name}
              className="flex min-h-6 max-w-full items-center gap-1 rounded-sm bg-sunken pl-2 text-sm text-ink-2"
            >
              <span className="truncate">{nameOf(name)}</span>
              {disabled ? (
                <span className="w-1" />
              ) : (
                <button
                  type="button"
                  aria-label={t('graphs.names.remove', { name: nameOf(name), list: label })}
                  onClick={() => onRemove(name)}
                  className="grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:text-ink"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
