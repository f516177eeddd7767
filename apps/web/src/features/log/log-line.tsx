import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime, exactTime } from '../../lib/format.ts';
import { cx } from '../../ui/class-names.ts';
import { Json } from '../../ui/text/code.tsx';
import { CopyIcon } from '../../ui/text/copy.tsx';
import { TraceId } from '../../ui/text/trace-id.tsx';
import type { LogRecord } from './use-log.ts';

const levelTone = { debug: 'text-ink-3', info: 'text-accent-text', warn: 'text-warn', error: 'text-bad' } as const;
const linkClass = 'text-accent-text underline underline-offset-2';

/** One record as a line of text. */
export function toText({ timestamp, level, source, server, message }: LogRecord): string {
  return `${timestamp} ${level} ${server === null ? source : `${source}:${server}`} ${message}`;
}

function stringIn(record: LogRecord, name: string): string | null {
  const value = record.metadata[name];
  return typeof value === 'string' ? value : null;
}

interface LineProps {
  record: LogRecord;
  onRequest: (id: string) => void;
  onTrace: (id: string) => void;
}

function More({ record, onRequest, onTrace }: LineProps) {
  const { t, i18n } = useTranslation();
  const { requestId, traceId, server } = record;
  const call = stringIn(record, 'call');
  const entry = stringIn(record, 'entry');
  return (
    <div className="mx-4 mb-2 ml-8 rounded-md border border-line bg-sunken p-3 font-sans text-sm">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="text-ink-2 tabular">{exactTime(Date.parse(record.timestamp), i18n.language)}</span>
        {requestId !== null && (
          <button type="button" className={linkClass} onClick={() => onRequest(requestId)}>
            {t('log.thisRequest')}
          </button>
        )}
        {traceId !== null && (
          <>
            <button type="button" className={linkClass} onClick={() => onTrace(traceId)}>
              {t('log.thisTrace')}
            </button>
            <TraceId id={traceId} />
          </>
        )}
        {record.source === 'calls' && call !== null && (
          <Link to="/calls" search={{ call }} className={linkClass}>
            {t('log.toCall')}
          </Link>
        )}
        {record.source === 'audit' && entry !== null && (
          <Link to="/audit" search={{ entry }} className={linkClass}>
            {t('log.toEntry')}
          </Link>
        )}
        {server !== null && (
          <Link to="/servers/$id" params={{ id: server }} className={linkClass}>
            {server}
          </Link>
        )}
        <CopyIcon text={`${toText(record)} ${JSON.stringify(record.metadata)}`} />
      </div>
      <Json value={record.metadata} label={t('log.metadata')} />
    </div>
  );
}

/** One record, with more about it where somebody asks for that. */
export const LogLine = memo(function LogLine({ record, onRequest, onTrace }: LineProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { level, source, server, message, timestamp } = record;
  return (
    <div className="[contain-intrinsic-size:auto_1.5rem] [content-visibility:auto]">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 w-full flex-wrap gap-x-3 px-4 py-0.5 text-left font-mono text-xs/5 hover:bg-hover focus-visible:-outline-offset-2 sm:flex-nowrap"
      >
        <time dateTime={timestamp} className="shrink-0 text-ink-3 tabular">
          {clockTime(Date.parse(timestamp))}
        </time>
        <span className={cx('w-9 shrink-0', levelTone[level])}>{level}</span>
        <span className="max-w-44 shrink-0 truncate text-ink-2 sm:w-32">{server ?? t(`log.sources.${source}`)}</span>
        <span className="min-w-0 basis-full break-words whitespace-pre-wrap sm:basis-auto">{message}</span>
      </button>
      {open && <More record={record} onRequest={onRequest} onTrace={onTrace} />}
    </div>
  );
});
