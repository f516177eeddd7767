import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { Checkbox, SearchInput } from './input.tsx';

export interface Choice {
  value: string;
  label: ReactNode;
  hint?: ReactNode;
  /** What a search looks through; the value where absent. */
  text?: string;
  disabled?: boolean;
}

interface ChoicesProps {
  legend: ReactNode;
  hint?: ReactNode;
  options: readonly Choice[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What is said where there is nothing to choose from. */
  none?: string;
  disabled?: boolean;
  inline?: boolean;
  error?: string | null;
}

const searchFrom = 9;

function ChoiceRow({
  option,
  checked,
  disabled,
  onToggle,
}: {
  option: Choice;
  checked: boolean;
  disabled: boolean;
  onToggle: () => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5 py-1">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={checked}
        disabled={disabled || option.disabled === true}
        aria-describedby={option.hint === undefined ? undefined : `${id}-hint`}
        onChange={onToggle}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="break-words">
          {option.label}
        </label>
        {option.hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs break-words text-ink-3">
            {option.hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** Any number of a few, or of many: long lists scroll and are searched. */
export function Choices({
  legend,
  hint,
  options,
  value,
  onChange,
  none,
  disabled = false,
  inline = false,
  error,
}: ChoicesProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const hintId = useId();
  const long = options.length >= searchFrom;
  const shown = options.filter(({ value: each, text = each }) => text.toLowerCase().includes(query.toLowerCase()));
  function toggle(each: string) {
    onChange(value.includes(each) ? value.filter((other) => other !== each) : [...value, each]);
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5" aria-describedby={hint === undefined ? undefined : hintId}>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {long && (
        <SearchInput value={query} onChange={setQuery} label={t('common.search')} className="mb-1 w-full max-w-xs" />
      )}
      {options.length === 0 && none !== undefined && <p className="text-sm text-ink-3">{none}</p>}
      <div
        className={cx(
          inline ? 'flex flex-wrap gap-x-5' : 'flex flex-col',
          long && 'max-h-56 overflow-y-auto rounded-md border border-line bg-raised px-3 py-1.5 scroll-thin',
        )}
      >
        {shown.map((option) => (
          <ChoiceRow
            key={option.value}
            option={option}
            checked={value.includes(option.value)}
            disabled={disabled}
            onToggle={() => toggle(option.value)}
          />
        ))}
        {long && shown.length === 0 && <p className="py-1 text-sm text-ink-3">{t('items.noMatch')}</p>}
      </div>
      {hint !== undefined && (
        <p id={hintId} className="text-xs text-ink-3">
          {hint}
        </p>
      )}
      {error !== undefined && error !== null && <p className="text-xs font-medium text-bad">{error}</p>}
    </fieldset>
  );
}
