import { useTranslation } from 'react-i18next';
import type { Run } from '../../lib/calls/run-state.ts';
import { count } from '../../lib/format.ts';
import { tellReason } from '../../lib/reasons.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';
import { Code, Json } from '../../ui/text/code.tsx';
import { toCurl } from './curl.ts';
import { ResultView } from './result-view.tsx';

/** How far the call is, where the server tells. */
export function ProgressBar({ run }: { run: Run }) {
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
  const { code, message, reason, data } = run.outcome;
  return (
    <Callout alert tone="bad" title={t('playground.answer.callFailed')}>
      <p className="break-words whitespace-pre-wrap">{tellReason(reason, message, t)}</p>
      {code !== null && <p className="mt-1 font-mono text-xs">{t('call.code', { code })}</p>}
      {data !== undefined && data !== null && (
        <div className="mt-2">
          <Json value={data} />
        </div>
      )}
    </Callout>
  );
}

/** What the server logged during the call. */
export function RunLogs({ run }: { run: Run }) {
  const { t, i18n } = useTranslation();
  const { missed } = run;
  if (run.logs.length === 0 && missed === 0) return <p className="text-ink-3">{t('playground.noLogs')}</p>;
  return (
    <ScrollRegion label={t('playground.logs')} className="max-h-96 rounded-md border border-line bg-sunken p-3">
      {missed > 0 && (
        <p className="text-sm text-ink-3">{t('run.missed', { count: missed, shown: count(missed, i18n.language) })}</p>
      )}
      <ol className="font-mono text-xs/5">
        {run.logs.map((line, index) => (
          <li key={index} className="break-words whitespace-pre-wrap">
            <span className="text-accent-text">{line.level}</span>
            {line.logger !== null && <span className="text-ink-3"> {line.logger}</span>}{' '}
            {typeof line.data === 'string' ? line.data : JSON.stringify(line.data)}
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}

/** The result, or why there is none. */
export function Outcome({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { outcome, request } = run;
  switch (outcome.kind) {
    case 'running':
      return run.asks.length === 0 ? <p className="text-ink-3">{t('playground.waiting')}</p> : null;
    case 'cancelled':
      return <p className="text-ink-3">{t('playground.wasCancelled')}</p>;
    case 'error':
      return <Failed run={run} />;
    case 'result':
      return <ResultView method={request.method} result={outcome.result} serverId={request.serverId} />;
  }
}

/** What went over the wire, as JSON. */
export function RawView({ run: { request, outcome } }: { run: Run }) {
  const { t } = useTranslation();
  const { method, name } = request;
  return (
    <div className="flex flex-col gap-4">
      <Json label={t('playground.request')} value={{ method, name, arguments: request.arguments }} />
      {outcome.kind === 'result' && <Json label={t('playground.response')} value={outcome.result} />}
      {outcome.kind === 'error' && (
        <Json
          label={t('playground.response')}
          value={{ error: { code: outcome.code, message: outcome.message, data: outcome.data } }}
        />
      )}
    </div>
  );
}

/** The same call from a terminal. */
export function CurlView({ run, withKey }: { run: Run; withKey: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-2">
      <Code label="curl" text={toCurl(run.request, location.origin, withKey)} />
      {withKey && <p className="text-sm text-ink-3">{t('playground.curlHint')}</p>}
    </div>
  );
}
