import type { TFunction } from 'i18next';
import { ScrollText } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../lib/api-types.ts';
import { reasonOf as reasonOfCall } from '../../lib/call-words.ts';
import { deviceName } from '../../lib/device-name.ts';
import { tellReason } from '../../lib/reasons.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { useLatest } from '../../ui/table/use-latest.ts';
import { Duration, Time } from '../../ui/text/time.tsx';
import { AuditOutcome } from './outcome.tsx';

const column = columnsFor<AuditEntry>();

const actors = ['user', 'key', 'grant', 'local', 'anonymous', 'system'] as const;

/** What kind of actor it was, in words. */
export function actorOf({ actorType }: AuditEntry, t: TFunction): string {
  return t(`audit.actor.${actors.find((each) => each === actorType) ?? 'system'}`);
}

/** Who it was, in words: a name, else what kind of actor. */
export function whoOf(entry: AuditEntry, t: TFunction): string {
  return entry.userName ?? entry.userId ?? actorOf(entry, t);
}

/** Why it failed or was refused, in words; null where it did not and was not. */
export function reasonOf({ kind, outcome, error, errorReason }: AuditEntry, t: TFunction): string | null {
  if (kind === 'call' && outcome === 'tool_error') {
    return reasonOfCall({ outcome, errorMessage: error, errorReason }, t);
  }
  return error && tellReason(errorReason, error, t);
}

const doings = [
  'down',
  'kill',
  'pause',
  'remove',
  'rename',
  'restart',
  'scale',
  'start',
  'stop',
  'unpause',
  'up',
  'update',
] as const;

/** What was done to a server, container or stack, in words; null where the action itself says it. */
export function doneOf({ kind, details }: AuditEntry, t: TFunction): string | null {
  if (kind !== 'change' || typeof details !== 'object' || details === null) return null;
  const does = doings.find((each) => each === Reflect.get(details, 'does'));
  return does ? t(`audit.does.${does}`) : null;
}

function useColumns(onShow: (entry: AuditEntry) => void) {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('action', {
          header: t('audit.action'),
          cell: ({ row: { original: entry } }) => (
            <button
              type="button"
              onClick={() => onShow(entry)}
              className="block max-w-[18rem] min-w-0 text-left hover:underline"
            >
              <code className="block truncate font-mono text-sm font-medium max-sm:break-all max-sm:whitespace-normal">
                {entry.action}
              </code>
              <span className="block truncate text-xs text-ink-3">
                {[entry.targetName ?? entry.target, entry.name ?? doneOf(entry, t)].filter(Boolean).join(' / ')}
              </span>
              {entry.outcome !== 'ok' && (
                <span className="block text-xs @md:hidden">
                  <AuditOutcome outcome={entry.outcome} />
                </span>
              )}
            </button>
          ),
        }),
        column.accessor((entry) => whoOf(entry, t), {
          id: 'who',
          header: t('audit.who'),
          cell: ({ row: { original: entry } }) => (
            <div className="max-w-[10rem] min-w-0">
              <span className="block truncate">{whoOf(entry, t)}</span>
              {entry.keyId !== null && (
                <span className="block truncate text-xs text-ink-3">{entry.keyName ?? t('audit.byKey')}</span>
              )}
            </div>
          ),
        }),
        column.accessor('outcome', {
          header: t('audit.result'),
          meta: { className: 'hidden @md:table-cell' },
          cell: ({ row: { original: entry } }) => (
            <div>
              <AuditOutcome outcome={entry.outcome} />
              {reasonOf(entry, t) !== null && (
                <p className="line-clamp-2 max-w-[18rem] text-xs break-words text-ink-3">{reasonOf(entry, t)}</p>
              )}
            </div>
          ),
        }),
        column.accessor('client', {
          header: t('call.client'),
          meta: { className: 'hidden @4xl:table-cell' },
          cell: ({ row: { original: entry } }) => (
            <div className="max-w-[11rem]">
              <span className="block truncate text-ink-2">{deviceName(entry.client) ?? '–'}</span>
              <span className="block truncate font-mono text-xs text-ink-3">{entry.address}</span>
            </div>
          ),
        }),
        column.accessor('durationMs', {
          header: t('call.duration'),
          meta: { align: 'end', className: 'hidden @3xl:table-cell' },
          cell: ({ getValue }) => <Duration ms={getValue()} />,
        }),
        column.accessor('at', {
          header: t('call.when'),
          meta: { align: 'end' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
      ]),
    [t, onShow],
  );
}

interface AuditTableProps {
  entries: AuditEntry[] | undefined;
  onShow: (entry: AuditEntry) => void;
  filtered: boolean;
  emptyAction?: ReactNode;
}

export function AuditTable({ entries, onShow, filtered, emptyAction }: AuditTableProps) {
  const { t } = useTranslation();
  const columns = useColumns(useLatest(onShow));
  return (
    <DataTable
      label={t('audit.title')}
      columns={columns}
      data={entries}
      rowId={(entry) => entry.id}
      onRow={onShow}
      empty={
        <Empty icon={<ScrollText />} title={t(filtered ? 'audit.noMatch' : 'audit.none')} actions={emptyAction}>
          {filtered ? undefined : t('audit.noneHint')}
        </Empty>
      }
    />
  );
}
