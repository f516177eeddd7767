import { Ban } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Code, Json } from '../../ui/code.tsx';
import { Status, type StatusShape, type StatusTone } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Duration, Elapsed } from '../../ui/time.tsx';
import { AskCard } from './ask-card.tsx';
import { toCurl } from './curl.ts';
import { ResultView } from './result-view.tsx';
import { outcomeOf, type Params, type Run } from './run-state.ts';

export const outcomeLooks: Record<ReturnType<typeof outcomeOf>, { shape: StatusShape; tone: StatusTone }> = {
  running: { shape: 'half', tone: 'accent' },
  ok: { shape: 'disc', tone: 'ok' },
  tool_error: { shape: 'triangle', tone: 'warn' },
  error: { shape: 'triangle', tone: 'bad' },
  cancelled: { shape: 'dash', tone: 'idle' },
};

function ProgressBar({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { progress } = run;
  if (progress === null || run.outcome.kind !== 'running') return null;
  const share = progress.total !== null && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
  return (
    <div className="flex flex-col gap-1">
      <progress
        aria-label={t('playground.progress')}
        {...(share === null ? {} : { value: share, max: 1 })}
        className="h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[width]"
      />
      <p className="text-sm text-ink-3 tabular">
        {progress.done}
        {progress.total !== null && ` / ${progress.total}`}
        {progress.message !== null && ` · ${progress.message}`}
      </p>
    </div>
  );
}

function Failed({ run }: { run: Run }) {
  const { t } = useTranslation();
  if (run.outcome.kind !== 'error') return null;
  const { code, message, data } = run.outcome;
  return (
    <Callout alert tone="bad" title={t('result.callFailed')}>
      <p className="break-words whitespace-pre-wrap">{message}</p>
      {code !== null && <p className="mt-1 font-mono text-xs">{t('result.code', { code })}</p>}
      {data !== undefined && data !== null && (
        <div className="mt-2">
          <Json value={data} />
        </div>
      )}
    </Callout>
  );
}

function Logs({ run }: { run: Run }) {
  const { t } = useTranslation();
  if (run.logs.length === 0) return <p className="text-ink-3">{t('playground.noLogs')}</p>;
  return (
    <ol
      tabIndex={0}
      aria-label={t('playground.logs')}
      className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs/5 scroll-thin"
    >
      {run.logs.map((line, index) => (
        <li key={index} className="break-words whitespace-pre-wrap">
          <span className="text-accent-text">{line.level}</span>
          {line.logger !== null && <span className="text-ink-3"> {line.logger}</span>}{' '}
          {typeof line.data === 'string' ? line.data : JSON.stringify(line.data)}
        </li>
      ))}
    </ol>
  );
}

interface RunPanelProps {
  run: Run;
  withKey: boolean;
  onCancel: () => void;
  onAnswer: (askId: string, result: Params) => Promise<void>;
}

/** One call: how it goes, what it asks, what it gave. */
export function RunPanel({ run, withKey, onCancel, onAnswer }: RunPanelProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState('result');
  const { outcome, request } = run;
  const word = outcomeOf(run);
  const raw =
    outcome.kind === 'result'
      ? outcome.result
      : outcome.kind === 'error'
        ? { error: { code: outcome.code, message: outcome.message, data: outcome.data } }
        : null;
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Status {...outcomeLooks[word]} label={t(`outcome.${word}`)} className="font-medium" />
        <span className="text-ink-3">
          {outcome.kind === 'running' ? <Elapsed since={run.startedAt} /> : <Duration ms={outcome.durationMs} />}
        </span>
        <code className="min-w-0 truncate font-mono text-sm text-ink-3">{request.name}</code>
        {outcome.kind === 'running' && (
          <Button size="sm" className="ml-auto" icon={<Ban aria-hidden className="size-3.5" />} onClick={onCancel}>
            {t('playground.cancel')}
          </Button>
        )}
      </div>
      <ProgressBar run={run} />
      {run.asks.map((ask) => (
        <AskCard
          key={ask.askId}
          ask={ask}
          serverId={request.serverId}
          onAnswer={(result) => onAnswer(ask.askId, result)}
        />
      ))}
      <Tabs
        label={t('playground.views')}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'result',
            label: t('playground.result'),
            content: (
              <>
                <Failed run={run} />
                {outcome.kind === 'running' && run.asks.length === 0 && (
                  <p className="text-ink-3">{t('playground.waiting')}</p>
                )}
                {outcome.kind === 'cancelled' && <p className="text-ink-3">{t('playground.wasCancelled')}</p>}
                {outcome.kind === 'result' && (
                  <ResultView method={request.method} result={outcome.result} serverId={request.serverId} />
                )}
              </>
            ),
          },
          {
            value: 'logs',
            label: run.logs.length > 0 ? `${t('playground.logs')} (${run.logs.length})` : t('playground.logs'),
            content: <Logs run={run} />,
          },
          {
            value: 'raw',
            label: t('playground.raw'),
            content: (
              <div className="flex flex-col gap-4">
                <Json
                  label={t('playground.request')}
                  value={{ method: request.method, name: request.name, arguments: request.arguments }}
                />
                {raw !== null && <Json label={t('playground.response')} value={raw} />}
              </div>
            ),
          },
          {
            value: 'curl',
            label: 'curl',
            content: (
              <div className="flex flex-col gap-2">
                <Code label="curl" text={toCurl(request, location.origin, withKey)} />
                {withKey && <p className="text-sm text-ink-3">{t('playground.curlHint')}</p>}
              </div>
            ),
          },
        ]}
      />
    </div>
  );
}
