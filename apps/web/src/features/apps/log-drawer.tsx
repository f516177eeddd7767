import { useTranslation } from 'react-i18next';
import { exactTime } from '../../lib/format.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Fact, Facts } from '../../ui/layout/card.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { Code, Json } from '../../ui/text/code.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { readJson } from './json-text.ts';
import { CallEnd } from './log-rows.tsx';
import { callOf, subjectOf, type CallDetails } from './log-words.ts';
import type { LogEntry } from './types.ts';

function Part({ title, value }: { title: string; value: unknown }) {
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      {typeof value === 'string' ? <Code wrap text={value} label={title} /> : <Json value={value} label={title} />}
    </section>
  );
}

function CallFacts({ call }: { call: CallDetails }) {
  const { t } = useTranslation();
  return (
    <>
      <Fact name={t('call.outcome')}>
        <CallEnd outcome={call.outcome} />
      </Fact>
      {call.mode !== null && (
        <Fact name={t('apps.log.mode')}>
          {call.mode} {call.model !== null && <Badge mono>{call.model}</Badge>}
        </Fact>
      )}
      {call.faults.length > 0 && <Fact name={t('apps.tab.faults')}>{call.faults.join(', ')}</Fact>}
    </>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const { t, i18n } = useTranslation();
  const call = callOf(entry);
  const response = call && readJson(call.response, 'value');
  return (
    <div className="flex flex-col gap-5">
      <Facts>
        {call && <CallFacts call={call} />}
        <Fact name={t('call.when')}>{exactTime(new Date(entry.createdAt).getTime(), i18n.language)}</Fact>
        <Fact name={t('apps.log.target')}>{subjectOf(entry)}</Fact>
        <Fact name={t('apps.log.who')}>{entry.username}</Fact>
        {entry.address !== null && (
          <Fact name={t('call.address')}>
            <CopyText text={entry.address} />
          </Fact>
        )}
      </Facts>
      {call && response ? (
        <>
          <Part title={t('schema.argumentsJson')} value={call.parameters ?? {}} />
          <Part title={t('apps.log.answer')} value={response.ok ? response.value : call.response} />
        </>
      ) : (
        <Part title={t('apps.log.details')} value={entry.details} />
      )}
    </div>
  );
}

/** One line of the log in full. */
export function LogDrawer({ entry, onClose }: { entry: LogEntry | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      shape="right"
      open={entry !== undefined}
      onClose={onClose}
      title={entry ? (callOf(entry)?.tool ?? entry.action) : t('apps.section.log')}
    >
      {entry && <Entry entry={entry} />}
    </Dialog>
  );
}
