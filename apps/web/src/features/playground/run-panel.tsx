import { Ban } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { outcomeOf, type Reply, type Run } from '../../lib/calls/run-state.ts';
import { AskCard } from '../../ui/calls/ask-card.tsx';
import { ToolApp, type CalledTool } from '../../ui/calls/tool-app.tsx';
import { Status, type StatusShape, type StatusTone } from '../../ui/feedback/status.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Tabs } from '../../ui/layout/tabs.tsx';
import { Duration, Elapsed } from '../../ui/text/time.tsx';
import { CurlView, Outcome, ProgressBar, RawView, RunLogs } from './run-views.tsx';

export const outcomeLooks: Record<ReturnType<typeof outcomeOf>, { shape: StatusShape; tone: StatusTone }> = {
  running: { shape: 'half', tone: 'accent' },
  ok: { shape: 'disc', tone: 'ok' },
  tool_error: { shape: 'triangle', tone: 'warn' },
  error: { shape: 'triangle', tone: 'bad' },
  cancelled: { shape: 'dash', tone: 'idle' },
};

function Heading({ run, onCancel }: { run: Run; onCancel: () => void }) {
  const { t } = useTranslation();
  const { outcome } = run;
  const word = outcomeOf(run);
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Status {...outcomeLooks[word]} label={t(`outcome.${word}`)} className="font-medium" />
      <span className="text-ink-3">
        {outcome.kind === 'running' ? <Elapsed since={run.startedAt} /> : <Duration ms={outcome.durationMs} />}
      </span>
      <code className="min-w-0 truncate font-mono text-sm text-ink-3">{run.request.name}</code>
      {outcome.kind === 'running' && (
        <Button size="sm" className="ml-auto" icon={<Ban aria-hidden className="size-3.5" />} onClick={onCancel}>
          {t('playground.cancel')}
        </Button>
      )}
    </div>
  );
}

function calledBy({ request, outcome }: Run): CalledTool {
  const { serverId, name, arguments: input } = request;
  const isGivenUp = outcome.kind === 'cancelled' || outcome.kind === 'error';
  return {
    serverId,
    name,
    input,
    result: outcome.kind === 'result' ? outcome.result : undefined,
    cancelled: isGivenUp ? 'The call ended without a result.' : undefined,
  };
}

interface RunPanelProps {
  run: Run;
  withKey: boolean;
  onCancel: () => void;
  onAnswer: (askId: string, reply: Reply) => Promise<void>;
}

/** One call: how it goes, what it asks, what it gave. */
export function RunPanel({ run, withKey, onCancel, onAnswer }: RunPanelProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState('result');
  const logs = run.logs.length > 0 ? `${t('playground.logs')} (${run.logs.length})` : t('playground.logs');
  return (
    <div className="flex flex-col gap-4">
      <Heading run={run} onCancel={onCancel} />
      <ProgressBar run={run} />
      {run.asks.map((ask) => (
        <AskCard
          key={ask.askId}
          ask={ask}
          serverId={run.request.serverId}
          onAnswer={(reply) => onAnswer(ask.askId, reply)}
        />
      ))}
      <Tabs
        label={t('playground.views')}
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'result', label: t('playground.result'), content: <Outcome run={run} /> },
          { value: 'logs', label: logs, content: <RunLogs run={run} /> },
          { value: 'raw', label: t('playground.raw'), content: <RawView run={run} /> },
          { value: 'curl', label: 'curl', content: <CurlView run={run} withKey={withKey} /> },
        ]}
      />
      {run.request.method === 'tools/call' && <ToolApp called={calledBy(run)} />}
    </div>
  );
}
