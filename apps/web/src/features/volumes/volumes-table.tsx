import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Volume } from '../../lib/api-types.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { count } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { DataTable, type Sort } from '../../ui/table/data-table.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';

const column = columnsFor<Volume>();
const none = <span className="text-ink-3">–</span>;

function RemoveCell({ volume: { name, usedBy } }: { volume: Volume }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const remove = useMutation(
    trpc.volumes.remove.mutationOptions({
      onSuccess: () => toast.ok(t('volumes.removed', { name })),
      onError: (error) => toast.bad(t('volumes.removeFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.volumes.pathFilter()),
    }),
  );
  return (
    <RemoveButton
      label={usedBy.length > 0 ? t('volumes.inUse', { name }) : t('volumes.removeOf', { name })}
      busy={remove.isPending}
      disabled={usedBy.length > 0}
      question={{
        title: t('volumes.removeTitle', { name }),
        body: t('volumes.removeBody'),
        action: t('volumes.removeAction'),
      }}
      onRemove={() => remove.mutate({ engine, name })}
    />
  );
}

function useColumns() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('common.name'),
          sortFn: 'text',
          cell: ({ row: { original } }) => (
            <div className="min-w-0">
              <span className="block max-w-md truncate font-medium max-sm:max-w-44">{original.name}</span>
              <span className="block max-w-md truncate font-mono text-xs text-ink-3 max-sm:max-w-44">
                {original.mountpoint}
              </span>
            </div>
          ),
        }),
        column.accessor('driver', {
          header: t('common.driver'),
          sortFn: 'text',
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ getValue }) => <Badge mono>{getValue()}</Badge>,
        }),
        column.accessor((volume) => volume.usedBy.length, {
          id: 'used',
          header: t('volumes.usedBy'),
          sortFn: 'basic',
          meta: { align: 'end', className: 'tabular' },
          cell: ({ getValue }) => {
            const used = getValue();
            return used === 0 ? <span className="text-ink-3">{t('volumes.unused')}</span> : count(used, language);
          },
        }),
        column.display({
          id: 'stack',
          header: t('common.stack'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row: { original } }) => original.project ?? none,
        }),
        column.accessor((volume) => (volume.created === null ? 0 : Date.parse(volume.created)), {
          id: 'created',
          header: t('common.created'),
          sortFn: 'basic',
          meta: { className: 'hidden @xl:table-cell' },
          cell: ({ row }) => <Time value={row.original.created} />,
        }),
        column.display({
          id: 'owner',
          header: t('common.owner'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ row: { original } }) => original.ownerName ?? none,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <RemoveCell volume={row.original} />,
        }),
      ]),
    [t, language],
  );
}

interface VolumesTableProps {
  volumes: Volume[] | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
  empty: ReactNode;
}

export function VolumesTable({ volumes, sort, onSort, empty }: VolumesTableProps) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('common.volumes')}
      columns={useColumns()}
      data={volumes}
      rowId={({ name }) => name}
      sort={sort}
      onSort={onSort}
      empty={empty}
    />
  );
}
