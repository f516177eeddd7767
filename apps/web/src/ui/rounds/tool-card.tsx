import { Link } from '@tanstack/react-router';
import { Wrench } from 'lucide-react';
import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count, duration } from '../../lib/format.ts';
import { ToolApp } from '../calls/tool-app.tsx';
import { Status, type StatusShape, type StatusTone } from '../feedback/status.tsx';
import { buttonClass } from '../form/button.tsx';
import { Disclosure } from '../layout/disclosure.tsx';
import { Code } from '../text/code.tsx';
import type { CallPart } from './round-parts.ts';
import { ToolResult } from './tool-result-view.tsx';
import { givenOf, inputOf, toResult } from './tool-result.ts';

const looks: Record<CallPart['state'], { shape: StatusShape; tone: StatusTone }> = {
  going: { shape: 'half', tone: 'accent' },
  asked: { shape: 'diamond', tone: 'warn' },
  done: { shape: 'disc', tone: 'ok' },
  failed: { shape: 'triangle', tone: 'bad' },
  lost: { shape: 'dash', tone: 'idle' },
};

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function ProgressLine({ part: { progress, state } }: { part: CallPart }) {
  const { t } = useTranslation();
  if (progress === null || state !== 'going') return null;
  const { done, total, message } = progress;
  const share = total !== null && total > 0 ? Math.min(1, done / total) : null;
  return (
    <div className="mt-2 flex flex-col gap-1">
      <progress
        aria-label={t('round.tool.progress')}
        {...(share === null ? {} : { value: share, max: 1 })}
        className="h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
      />
      <p className="text-xs text-ink-3 tabular">
        {done}
        {total !== null && ` / ${total}`}
        {message !== null && ` · ${message}`}
      </p>
    </div>
  );
}

function Inside({ part }: { part: CallPart }) {
  const { t, i18n } = useTranslation();
  const { call, result, server, tool } = part;
  const cutFrom = result?.detail?.cutFrom;
  const requestId = result?.detail?.requestId ?? undefined;
  return (
    <div className="flex flex-col gap-3">
      <section>
        <h4 className="mb-1 text-xs font-medium text-ink-3">{t('round.tool.arguments')}</h4>
        <Code wrap label={t('round.tool.arguments')} text={pretty(call.function.arguments)} />
      </section>
      {result && (
        <section>
          <h4 className="mb-1 text-xs font-medium text-ink-3">{t('round.tool.result')}</h4>
          <ToolResult result={result} />
          {cutFrom !== undefined && (
            <p className="mt-1 text-xs text-ink-3">{t('round.tool.cut', { size: count(cutFrom, i18n.language) })}</p>
          )}
        </section>
      )}
      {server !== null && (
        <p className="flex flex-wrap gap-2">
          <Link
            to="/calls"
            search={requestId === undefined ? { server, tool } : { server, request: requestId }}
            className={buttonClass('ghost', 'sm')}
          >
            {t('round.tool.records')}
          </Link>
          <Link
            to="/playground"
            search={{ server, method: 'tools/call', name: tool }}
            state={{ given: givenOf(call.function.arguments) }}
            className={buttonClass('ghost', 'sm')}
          >
            {t('round.tool.again')}
          </Link>
        </p>
      )}
    </div>
  );
}

/** The user interface that shows a call, where its tool has one. */
function CallApp({ part: { call, server, tool, result } }: { part: CallPart }) {
  const called = useMemo(() => {
    if (server === null || result?.detail?.app === undefined) return null;
    return { serverId: server, name: tool, input: inputOf(call.function.arguments), result: toResult(result) };
  }, [call, server, tool, result]);
  if (called === null) return null;
  return (
    <div className="mt-3">
      <ToolApp called={called} />
    </div>
  );
}

interface ToolCardProps {
  part: CallPart;
  /** What it wants to know. */
  children?: ReactNode;
}

/** A tool that was called: what it was given, how far it is, what it answered and what it wants to know. */
export const ToolCard = memo(function ToolCard({ part, children }: ToolCardProps) {
  const { t, i18n } = useTranslation();
  const { server, tool, title, state, result } = part;
  const ms = result?.detail?.ms;
  return (
    <section
      // Many of one tool would be as many landmarks of one name.
      role="group"
      aria-label={t('round.tool.label', { name: tool })}
      className="min-w-0 rounded-lg border border-line bg-surface px-3 py-2.5 shadow-rest"
    >
      <h3 className="sr-only">{t('round.tool.label', { name: tool })}</h3>
      <Disclosure
        title={
          <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-0.5">
            <span className="flex min-w-0 items-center gap-2">
              <Wrench aria-hidden className="size-3.5 shrink-0 text-ink-3" />
              <span className="break-all">{title ?? tool}</span>
              {server !== null && <span className="font-normal break-all text-ink-3">{server}</span>}
            </span>
            <span className="ml-auto flex items-center gap-2 text-xs font-normal text-ink-3">
              {ms !== undefined && <span className="tabular">{duration(ms, i18n.language)}</span>}
              <Status {...looks[state]} label={t(`round.tool.state.${state}`)} />
            </span>
          </span>
        }
      >
        <Inside part={part} />
      </Disclosure>
      <ProgressLine part={part} />
      <CallApp part={part} />
      {children}
    </section>
  );
});
