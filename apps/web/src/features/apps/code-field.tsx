import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../../ui/editor/code-editor.tsx';
import { readJson, type JsonKind } from './json-text.ts';

interface CodeFieldProps {
  label: string;
  hint?: ReactNode;
  note?: ReactNode;
  error?: string | null;
  value: string;
  onChange: (value: string) => void;
  /** What JSON is expected; absent where the text is a template. */
  json?: JsonKind;
  /** An empty text is fine. */
  optional?: boolean;
  readOnly?: boolean;
  small?: boolean;
}

/** JSON or a template in an editor, with what is wrong with it. */
export function CodeField({ label, hint, note, error, json, optional = false, small = true, ...rest }: CodeFieldProps) {
  const { t } = useTranslation();
  const read = json === undefined || (optional && rest.value.trim() === '') ? null : readJson(rest.value, json);
  const problem =
    read === null || read.ok
      ? error
      : read.reason === null
        ? t('apps.noObject')
        : t('schema.badJson', { reason: read.reason });
  return (
    <div role="group" aria-label={label} className="flex min-w-0 flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <p className="text-sm font-medium">{label}</p>
        <span className="text-xs text-ink-3">{note ?? (json === undefined ? null : 'JSON')}</span>
      </div>
      <CodeEditor {...rest} wrap label={label} small={small} language={json === undefined ? 'text' : 'yaml'} />
      {hint !== undefined && <div className="text-xs text-ink-3">{hint}</div>}
      {problem !== undefined && problem !== null && <p className="text-xs font-medium text-bad">{problem}</p>}
    </div>
  );
}
