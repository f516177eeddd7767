import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../lib/api-types.ts';
import { exactTime } from '../../lib/format.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Fact, Facts } from '../../ui/layout/card.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { Json } from '../../ui/text/code.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Duration } from '../../ui/text/time.tsx';
import { TraceId } from '../../ui/text/trace-id.tsx';
import { actorOf, doneOf, reasonOf, whoOf } from './audit-table.tsx';
import { AuditOutcome } from './outcome.tsx';

function Id({ name, value }: { name: string; value: string | null }) {
  if (value === null) return null;
  return (
    <Fact name={name}>
      <CopyText text={value} />
    </Fact>
  );
}

function EntryFacts({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation();
  const nothing = entry.details === null || entry.details === undefined || JSON.stringify(entry.details) === '{}';
  const way = ways.find((each) => each === entry.way);
  const reason = reasonOf(entry, t);
  const done = doneOf(entry, t);
  return (
    <div className="flex flex-col gap-5">
      {reason !== null && (
        <Callout
          tone={entry.outcome === 'refused' || entry.outcome === 'tool_error' ? 'warn' : 'bad'}
          title={<AuditOutcome outcome={entry.outcome} />}
        >
          <p className="break-words whitespace-pre-wrap">{reason}</p>
        </Callout>
      )}
      <Facts>
        <Fact name={t('audit.result')}>
          <AuditOutcome outcome={entry.outcome} />
        </Fact>
        {done !== null && <Fact name={t('audit.done')}>{done}</Fact>}
        {entry.kind === 'call' && (
          <Fact name={t('call.method')}>
            <code className="font-mono text-sm">{entry.action}</code>
          </Fact>
        )}
        <Fact name={t('call.when')}>{exactTime(new Date(entry.at).getTime(), i18n.language)}</Fact>
        <Fact name={t('audit.who')}>
          <span className="font-medium">{whoOf(entry, t)}</span>
          {whoOf(entry, t) !== actorOf(entry, t) && <span className="text-ink-3"> ({actorOf(entry, t)})</span>}
        </Fact>
        <Id name={t('audit.userId')} value={entry.userId} />
        {entry.keyName !== null && <Fact name={t('audit.keyName')}>{entry.keyName}</Fact>}
        <Id name={t('audit.keyId')} value={entry.keyId} />
        {entry.targetName !== null && <Fact name={t('audit.target')}>{entry.targetName}</Fact>}
        <Id name={t(entry.targetName === null ? 'audit.target' : 'audit.targetId')} value={entry.target} />
        <Id name={t('call.what')} value={entry.name} />
        <Fact name={t('call.client')}>{entry.client ?? '–'}</Fact>
        <Fact name={t('audit.way')}>{way ? t(`call.ways.${way}`) : (entry.way ?? '–')}</Fact>
        <Id name={t('call.address')} value={entry.address} />
        <Fact name={t('call.duration')}>
          <Duration ms={entry.durationMs} />
        </Fact>
        <Id name={t('call.requestId')} value={entry.requestId} />
        {entry.traceId !== null && (
          <Fact name={t('call.traceId')}>
            <TraceId id={entry.traceId} />
          </Fact>
        )}
      </Facts>
      {!nothing && (
        <section>
          <h3 className="mb-1.5 text-sm font-semibold">{t('audit.details')}</h3>
          <Json value={entry.details} label={t('audit.details')} />
        </section>
      )}
    </div>
  );
}

const ways = ['mcp', 'mcp-config', 'playground', 'rest', 'trpc'] as const;

/** One line of the trail in full. */
export function AuditDrawer({ entry, onClose }: { entry: AuditEntry | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      shape="right"
      open={entry !== undefined}
      onClose={onClose}
      title={(entry?.kind === 'call' ? entry.name : null) ?? entry?.action ?? t('audit.one')}
      subtitle={entry && <CopyText text={entry.id} />}
    >
      {entry && <EntryFacts entry={entry} />}
    </Dialog>
  );
}
