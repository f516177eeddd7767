import { createContext, use, useId, type ReactNode } from 'react';
import { cx } from '../class-names.ts';

interface FieldIds {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const FieldContext = createContext<FieldIds | null>(null);

/** What an input inside a `Field` needs to be tied to its label, hint and error. */
export function useFieldProps() {
  const field = use(FieldContext);
  if (!field) return {};
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
    'aria-required': field.required || undefined,
  };
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  required?: boolean | undefined;
  /** Beside the label, for example a type. */
  note?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Field({ label, hint, error, required = false, note, className, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const invalid = error !== undefined && error !== null && error !== '';
  const describedBy = cx(hint !== undefined && hint !== null && hintId, invalid && errorId) || undefined;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium text-ink">
          {label}
          {required && (
            <span aria-hidden className="ml-0.5 text-bad">
              *
            </span>
          )}
        </label>
        {note !== undefined && <span className="text-xs text-ink-3">{note}</span>}
      </div>
      <FieldContext value={{ id, describedBy, invalid, required }}>{children}</FieldContext>
      {hint !== undefined && hint !== null && (
        <div id={hintId} className="text-xs text-ink-3">
          {hint}
        </div>
      )}
      {invalid && (
        <p id={errorId} className="text-xs font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
