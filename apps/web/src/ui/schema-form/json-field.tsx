import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../form/field.tsx';
import { Textarea } from '../form/input.tsx';

interface JsonFieldProps {
  label: ReactNode;
  value: unknown;
  onChange: (value: unknown) => void;
  onBroken?: (broken: boolean) => void;
  hint?: ReactNode;
  required?: boolean;
  error?: string | null;
  rows?: number;
}

function print(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** A value written as JSON; the text is kept while it does not parse. */
export function JsonField({ label, value, onChange, onBroken, hint, required, error, rows = 5 }: JsonFieldProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<{ text: string; value: unknown; problem: string | null }>(() => ({
    text: print(value),
    value,
    problem: null,
  }));
  // Somebody else changed the value: show theirs.
  if (draft.problem === null && print(draft.value) !== print(value))
    setDraft({ text: print(value), value, problem: null });
  function edit(text: string) {
    if (text.trim() === '') {
      setDraft({ text, value: undefined, problem: null });
      onBroken?.(false);
      onChange(undefined);
      return;
    }
    try {
      const parsed: unknown = JSON.parse(text);
      setDraft({ text, value: parsed, problem: null });
      onBroken?.(false);
      onChange(parsed);
    } catch (problem) {
      setDraft({ text, value, problem: problem instanceof Error ? problem.message : String(problem) });
      onBroken?.(true);
    }
  }
  const shown = draft.problem === null ? error : t('schema.badJson', { reason: draft.problem });
  return (
    <Field label={label} hint={hint} required={required} error={shown} note="JSON">
      <Textarea mono rows={rows} value={draft.text} onChange={(event) => edit(event.target.value)} />
    </Field>
  );
}
