import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Network } from '../../lib/api-types.ts';
import { shortId } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { DataTable, type Sort } from '../../ui/table/data-table.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';

const column = columnsFor<Network>();
const none = <span className="text-ink-3">–</span>;

function RemoveCell({ network: { id, name, builtIn } }: { network: Network }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const remove = useMutation(
    trpc.networks.remove.mutationOptions({
      onSuccess: () => toast.ok(t('networks.removed', { name })),
      onError: (error) => toast.bad(t('networks.removeFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.networks.pathFilter()),
    }),
  );
  if (builtIn) return null;
  return (
    <RemoveButton
      label={t('networks.removeOf', { name })}
      busy={remove.isPending}
      question={{
        title: t('networks.removeTitle', { name }),
        body: t('networks.removeBody'),
        action: t('networks.removeAction'),
      }}
      onRemove={() => remove.mutate({ engine, network: id })}
    />
  );
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('common.name'),
          sortFn: 'text',
          cell: ({ row: { original } }) => (
            <div className="min-w-0">
              <span className="flex flex-wrap items-center gap-x-2">
                <span className="max-w-md truncate font-medium max-sm:max-w-44">{original.name}</span>
                {original.builtIn && <Badge>{t('networks.builtIn')}</Badge>}
                {original.internal && <Badge tone="accent">{t('networks.internal')}</Badge>}
              </span>
              <span className="block font-mono text-xs text-ink-3">{shortId(original.id)}</span>
            </div>
          ),
        }),
        column.accessor('driver', {
          header: t('common.driver'),
          sortFn: 'text',
          cell: ({ getValue }) => <Badge mono>{getValue()}</Badge>,
        }),
        column.display({
          id: 'subnets',
          header: t('networks.subnet'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ row: { original } }) =>
            original.subnets.length === 0 ? (
              none
            ) : (
              <span className="font-mono text-sm">{original.subnets.join(', ')}</span>
            ),
        }),
        column.display({
          id: 'stack',
          header: t('common.stack'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row: { original } }) => original.project ?? none,
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
          cell: ({ row }) => <RemoveCell network={row.original} />,
        }),
      ]),
    [t],
  );
}

interface NetworksTableProps {
  networks: Network[] | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
  empty: ReactNode;
}

export function NetworksTable({ networks, sort, onSort, empty }: NetworksTableProps) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('common.networks')}
      columns={useColumns()}
      data={networks}
      rowId={({ id }) => id}
      sort={sort}
      onSort={onSort}
      empty={empty}
    />
  );
}
