import { ScrollText } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge, type Tone } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { useLatest } from '../../ui/table/use-latest.ts';
import { Time } from '../../ui/text/time.tsx';
import { callOf, subjectOf } from './log-words.ts';
import type { LogEntry } from './types.ts';

const column = columnsFor<LogEntry>();
const ends = ['success', 'tool-error', 'rpc-error', 'wire', 'abandoned'] as const;
const tones: Readonly<Record<(typeof ends)[number], Tone>> = {
  success: 'ok',
  'tool-error': 'warn',
  'rpc-error': 'bad',
  wire: 'bad',
  abandoned: 'neutral',
};

/** How a call ended. */
export function CallEnd({ outcome }: { outcome: string }) {
  const { t } = useTranslation();
  const end = ends.find((each) => each === outcome);
  return <Badge tone={end ? tones[end] : 'neutral'}>{end ? t(`apps.log.end.${end}`) : outcome}</Badge>;
}

function useColumns(onShow: (entry: LogEntry) => void, narrow: boolean) {
  const { t } = useTranslation();
  return useMemo(() => {
    const what = column.accessor('action', {
      header: t('apps.log.what'),
      cell: ({ row: { original: entry } }) => (
        <button type="button" onClick={() => onShow(entry)} className="block min-w-0 text-left hover:underline">
          <span className="block font-mono text-sm font-medium break-all">{callOf(entry)?.tool ?? entry.action}</span>
          <span className="block text-xs wrap-anywhere text-ink-3">{subjectOf(entry)}</span>
        </button>
      ),
    });
    const end = column.display({
      id: 'outcome',
      header: t('call.outcome'),
      meta: { className: 'hidden @xs:table-cell' },
      cell: ({ row }) => {
        const call = callOf(row.original);
        return call ? <CallEnd outcome={call.outcome} /> : <Badge>{t('apps.log.operation')}</Badge>;
      },
    });
    const who = column.accessor('username', {
      header: t('apps.log.who'),
      meta: { className: 'hidden @xl:table-cell' },
      cell: ({ getValue }) => <span className="wrap-anywhere">{getValue()}</span>,
    });
    const when = column.accessor('createdAt', {
      header: t('call.when'),
      meta: { align: 'end' },
      cell: ({ getValue }) => <Time value={getValue()} />,
    });
    return column.columns([what, end, ...(narrow ? [] : [who]), when]);
  }, [t, onShow, narrow]);
}

interface LogRowsProps {
  entries: LogEntry[] | undefined;
  label: string;
  /** Whose they are needs no saying. */
  narrow?: boolean;
  none: string;
  onShow: (entry: LogEntry) => void;
}

export function LogRows({ entries, label, narrow = false, none, onShow }: LogRowsProps) {
  const show = useLatest(onShow);
  const columns = useColumns(show, narrow);
  return (
    <DataTable
      label={label}
      columns={columns}
      data={entries}
      rowId={({ num }) => String(num)}
      onRow={show}
      empty={<Empty icon={<ScrollText />} title={none} />}
    />
  );
}
