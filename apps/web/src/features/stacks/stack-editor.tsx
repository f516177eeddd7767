import { useMutation } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';
import type { EditorHandle } from '../../ui/editor/code-editor-view.tsx';
import { CodeEditor, type EditorProblem } from '../../ui/editor/code-editor.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { CheckSummary } from './check-summary.tsx';
import { problemsOf } from './yaml-problems.ts';

export interface StackText {
  content: string;
  env: string;
}

interface StackEditorProps {
  /** Of a stack that is kept; a draft otherwise. */
  id?: string;
  engine: string | undefined;
  path?: string;
  text: StackText;
  onChange: (text: StackText) => void;
  /** What is kept and was deployed; the editor can show what is other. */
  before?: string | null;
  /** Whether what is written could be kept. */
  onValid: (valid: boolean) => void;
}

const settleMs = 600;

/** Asks the hub what the text would mean, a moment after it was typed. Nothing is kept or started. */
function useCheck({ id, engine, path, text }: Pick<StackEditorProps, 'id' | 'engine' | 'path' | 'text'>) {
  const trpc = useTRPC();
  const settled = useSettled(JSON.stringify([text.content, text.env, path ?? '']), settleMs);
  const { mutate, reset, ...check } = useMutation(trpc.stacks.check.mutationOptions());
  useEffect(() => {
    const [content, env, place] = JSON.parse(settled) as [string, string, string];
    if (content.trim() === '' || problemsOf(content, null).length > 0) {
      reset();
      return;
    }
    mutate({
      engine,
      content,
      env: env === '' ? null : env,
      ...(id === undefined ? {} : { id }),
      ...(place === '' ? {} : { path: place }),
    });
  }, [settled, id, engine, mutate, reset]);
  const asked = check.variables;
  const current = asked?.content === text.content && (asked.env ?? '') === text.env;
  return {
    check: check.data ?? null,
    current: current && !check.isPending,
    error: check.error,
    pending: check.isPending,
  };
}

function Problems({ problems, onGo }: { problems: readonly EditorProblem[]; onGo: (line: number) => void }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
  return (
    <ul aria-label={t('stacks.problems')} className="mt-2 flex flex-col gap-1">
      {problems.map(({ line, message, severity }) => (
        <li key={`${line} ${message}`} className="flex items-baseline gap-2 text-sm">
          <button
            type="button"
            onClick={() => onGo(line)}
            className="shrink-0 rounded-sm bg-sunken px-1.5 font-mono text-xs text-ink-2 hover:text-ink"
          >
            {t('stacks.line', { line })}
          </button>
          <span className={severity === 'error' ? 'break-words text-bad' : 'break-words text-warn'}>{message}</span>
        </li>
      ))}
    </ul>
  );
}

/** A Compose file and its environment file, looked at while they are written. */
export function StackEditor({ id, engine, path, text, onChange, before, onValid }: StackEditorProps) {
  const { t } = useTranslation();
  const editor = useRef<EditorHandle>(null);
  const [compare, setCompare] = useState(false);
  const { check, current, error, pending } = useCheck({
    ...(id === undefined ? {} : { id }),
    ...(path === undefined ? {} : { path }),
    engine,
    text,
  });
  const content = useDeferredValue(text.content);
  // What the hub said of an older text may stand at other lines by now.
  const problems = useMemo(() => problemsOf(content, current ? check : null), [content, current, check]);
  const valid = current && check?.valid === true && problems.every(({ severity }) => severity !== 'error');
  useEffect(() => onValid(valid), [onValid, valid]);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <div>
          <div className="mb-1.5 flex min-h-6 flex-wrap items-center justify-between gap-3">
            <p className="text-sm font-medium">{t('stacks.file')}</p>
            {before !== undefined && before !== null && (
              <SwitchRow label={t('stacks.showChanges')} checked={compare} onChange={setCompare} />
            )}
          </div>
          <CodeEditor
            ref={editor}
            label={t('stacks.file')}
            value={text.content}
            onChange={(next) => onChange({ ...text, content: next })}
            problems={problems}
            comparedWith={compare ? (before ?? null) : null}
          />
          <Problems problems={problems} onGo={(line) => editor.current?.goTo(line)} />
        </div>
        <div>
          <p className="mb-1.5 text-sm font-medium">
            {t('stacks.env')} <span className="font-normal text-ink-3">{t('common.optional')}</span>
          </p>
          <CodeEditor
            small
            label={t('stacks.env')}
            language="text"
            value={text.env}
            onChange={(next) => onChange({ ...text, env: next })}
          />
          <p className="mt-1.5 text-xs text-ink-3">{t('stacks.envHint')}</p>
        </div>
      </div>
      <CheckSummary
        check={current ? check : null}
        pending={pending}
        broken={problems.some(({ severity }) => severity === 'error')}
        failure={error ? toFailure(error).message : null}
      />
    </div>
  );
}
