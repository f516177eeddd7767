import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { keyOf, personOf, reasonOf } from '../../lib/call-words.ts';
import { Status, type StatusShape, type StatusTone } from '../feedback/status.tsx';
import { DataTable } from '../table/data-table.tsx';
import { columnsFor } from '../table/table-features.ts';
import { useLatest } from '../table/use-latest.ts';
import { Duration, Time } from '../text/time.tsx';

const looks: Record<CallRecord['outcome'], { shape: StatusShape; tone: StatusTone }> = {
  ok: { shape: 'disc', tone: 'ok' },
  tool_error: { shape: 'triangle', tone: 'warn' },
  error: { shape: 'triangle', tone: 'bad' },
  cancelled: { shape: 'dash', tone: 'idle' },
  timeout: { shape: 'diamond', tone: 'bad' },
};

export function CallOutcome({ outcome }: { outcome: CallRecord['outcome'] }) {
  const { t } = useTranslation();
  return <Status {...looks[outcome]} label={t(`outcome.${outcome}`)} />;
}

function Reason({ call }: { call: CallRecord }) {
  const { t } = useTranslation();
  const reason = reasonOf(call, t);
  if (reason === null) return null;
  return <p className="line-clamp-2 max-w-[22rem] text-xs break-words text-ink-3">{reason}</p>;
}

const column = columnsFor<CallRecord>();

function useColumns(onShow: (call: CallRecord) => void, ofOneServer: boolean) {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('call.what'),
          cell: ({ row: { original: call } }) => (
            <button
              type="button"
              onClick={() => onShow(call)}
              className="block max-w-[20rem] min-w-0 text-left hover:underline"
            >
              <code className="block truncate font-mono text-sm font-medium max-sm:break-all max-sm:whitespace-normal">
                {call.name ?? call.method}
              </code>
              {!ofOneServer && (
                <span className="block truncate text-xs text-ink-3">{call.serverId ?? call.endpoint}</span>
              )}
              <span className="block truncate text-xs text-ink-3 @md:hidden">{personOf(call, t)}</span>
            </button>
          ),
        }),
        column.accessor('outcome', {
          header: t('call.outcome'),
          cell: ({ row: { original: call } }) => (
            <div>
              <CallOutcome outcome={call.outcome} />
              <Reason call={call} />
            </div>
          ),
        }),
        column.accessor((call) => personOf(call, t), {
          id: 'person',
          header: t('call.person'),
          meta: { className: 'hidden @md:table-cell' },
          cell: ({ row: { original: call }, getValue }) => (
            <div className="max-w-[9rem] min-w-0">
              <span className="block truncate">{getValue()}</span>
              <span className="block truncate text-xs text-ink-3 @4xl:hidden">{keyOf(call)}</span>
            </div>
          ),
        }),
        column.accessor((call) => keyOf(call), {
          id: 'key',
          header: t('call.key'),
          meta: { className: 'hidden @4xl:table-cell' },
          cell: ({ getValue }) => (
            <span className="block max-w-[10rem] truncate text-ink-2" title={getValue() ?? undefined}>
              {getValue() ?? '–'}
            </span>
          ),
        }),
        column.accessor('durationMs', {
          header: t('call.duration'),
          meta: { align: 'end', className: 'hidden @lg:table-cell' },
          cell: ({ getValue }) => <Duration ms={getValue()} />,
        }),
        column.accessor('clientName', {
          header: t('call.client'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ row: { original: call } }) => (
            <span className="block max-w-[9rem] truncate text-ink-2">
              {call.via === 'playground' ? t('common.playground') : (call.clientName ?? call.via)}
            </span>
          ),
        }),
        column.accessor('startedAt', {
          header: t('call.when'),
          meta: { align: 'end' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
      ]),
    [t, onShow, ofOneServer],
  );
}

interface CallRowsProps {
  calls: readonly CallRecord[] | undefined;
  label: string;
  onShow: (call: CallRecord) => void;
  /** Leaves out the server's column where all calls are of one server. */
  ofOneServer?: boolean;
  empty: ReactNode;
}

/** Calls, newest first. */
export function CallRows({ calls, label, onShow, ofOneServer = false, empty }: CallRowsProps) {
  const columns = useColumns(useLatest(onShow), ofOneServer);
  return (
    <DataTable label={label} columns={columns} data={calls} rowId={(call) => call.id} onRow={onShow} empty={empty} />
  );
}
