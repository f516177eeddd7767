import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isObject } from '@switchboard/basics';
import { Field } from '../../ui/form/field.tsx';
import { Textarea } from '../../ui/form/input.tsx';

interface JsonFieldProps {
  label: string;
  hint?: string;
  value: Record<string, unknown> | null;
  /** Null: the field is empty. */
  onChange: (value: Record<string, unknown> | null) => void;
  disabled: boolean;
}

function textOf(value: JsonFieldProps['value']): string {
  return value === null || Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
}

/** The object that a text is as JSON; undefined where it is none. */
function objectIn(text: string): Record<string, unknown> | null | undefined {
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An object as JSON. What is no object yet is kept here, and the value stays what it was. */
export function JsonField({ label, hint, value, onChange, disabled }: JsonFieldProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  const isWrong = draft !== null && objectIn(draft) === undefined;
  function write(text: string) {
    setDraft(text);
    const read = objectIn(text);
    if (read !== undefined) onChange(read);
  }
  return (
    <Field label={label} hint={hint} error={isWrong ? t('graphs.node.noObject') : undefined}>
      <Textarea
        mono
        rows={4}
        spellCheck={false}
        value={draft ?? textOf(value)}
        readOnly={disabled}
        onChange={(event) => write(event.target.value)}
        onBlur={() => setDraft((text) => (text !== null && objectIn(text) === undefined ? text : null))}
      />
    </Field>
  );
}
