import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { Select, Textarea } from '../../ui/form/input.tsx';

const mostChips = 8;

interface PromptFieldProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  /** Nodes whose output it may speak of: first those that the node sees anyway. */
  near: readonly string[];
  others: readonly string[];
  disabled: boolean;
  rows?: number;
}

/** A text with placeholders for what nodes said. */
export function PromptField({ label, hint, value, onChange, near, others, disabled, rows = 4 }: PromptFieldProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  function insert(name: string) {
    const area = box.current;
    const [from, to] = [area?.selectionStart ?? value.length, area?.selectionEnd ?? value.length];
    const placeholder = `{${name}}`;
    onChange(`${value.slice(0, from)}${placeholder}${value.slice(to)}`);
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(from + placeholder.length, from + placeholder.length);
    });
  }
  const chips = near.slice(0, mostChips);
  const more = [...near.slice(mostChips), ...others];
  return (
    <div className="flex flex-col gap-1.5">
      <Field label={label} hint={hint}>
        <Textarea
          ref={box}
          rows={rows}
          value={value}
          readOnly={disabled}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      {!disabled && (
        <div
          role="group"
          aria-label={t('graphs.prompt.placeholders', { field: label })}
          className="flex flex-wrap gap-1"
        >
          {chips.map((name) => (
            <button
              key={name}
              type="button"
              onClick={() => insert(name)}
              aria-label={t('graphs.prompt.insert', { name })}
              className="min-h-6 max-w-full truncate rounded-sm border border-line bg-sunken px-1.5 font-mono text-xs text-ink-2 hover:bg-hover hover:text-ink"
            >
              {`{${name}}`}
            </button>
          ))}
          {more.length > 0 && (
            <Select
              compact
              className="max-w-44"
              value=""
              aria-label={t('graphs.prompt.more', { field: label })}
              onChange={({ target }) => target.value !== '' && insert(target.value)}
            >
              <option value="">{t('graphs.prompt.other')}</option>
              {more.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </div>
      )}
    </div>
  );
}
