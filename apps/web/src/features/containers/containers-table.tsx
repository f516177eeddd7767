import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { containerWords, wordOf } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { DataTable, type Sort } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import { MenuCell, NameCell, PortsCell, SelectAll, SelectCell, StackCell, StateCell } from './container-cells.tsx';
import { CpuCell, MemoryCell } from './usage-cells.tsx';

const column = columnsFor<Container>();

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: 'select',
          header: () => <SelectAll />,
          meta: { className: 'w-8 pr-0' },
          cell: ({ row }) => <SelectCell container={row.original} />,
        }),
        column.accessor('name', {
          header: t('common.name'),
          sortFn: 'text',
          cell: ({ row }) => <NameCell container={row.original} />,
        }),
        column.accessor((container) => containerWords.indexOf(wordOf(container)), {
          id: 'state',
          header: t('common.state'),
          sortFn: 'basic',
          cell: ({ row }) => <StateCell container={row.original} />,
        }),
        column.display({
          id: 'cpu',
          header: t('container.cpu'),
          meta: { align: 'end', className: 'hidden @lg:table-cell' },
          cell: ({ row }) => <CpuCell container={row.original} />,
        }),
        column.display({
          id: 'memory',
          header: t('container.memory'),
          meta: { align: 'end', className: 'hidden @xl:table-cell' },
          cell: ({ row }) => <MemoryCell container={row.original} />,
        }),
        column.display({
          id: 'ports',
          header: t('containers.ports'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ row }) => <PortsCell container={row.original} />,
        }),
        column.display({
          id: 'stack',
          header: t('common.stack'),
          meta: { className: 'hidden @min-[66rem]:table-cell' },
          cell: ({ row }) => <StackCell container={row.original} />,
        }),
        column.accessor((container) => Date.parse(container.created), {
          id: 'created',
          header: t('common.created'),
          sortFn: 'basic',
          meta: { className: 'hidden @4xl:table-cell' },
          cell: ({ row }) => <Time value={row.original.created} />,
        }),
        column.display({
          id: 'owner',
          header: t('common.owner'),
          meta: { className: 'hidden @min-[71rem]:table-cell' },
          cell: ({ row: { original } }) => original.ownerName ?? <span className="text-ink-3">–</span>,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <MenuCell container={row.original} />,
        }),
      ]),
    [t],
  );
}

interface ContainersTableProps {
  containers: Container[] | undefined;
  sort: Sort;
  onSort: (sort: Sort) => void;
  empty: ReactNode;
}

export function ContainersTable({ containers, sort, onSort, empty }: ContainersTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const engine = useEngineName();
  return (
    <DataTable
      label={t('common.containers')}
      columns={useColumns()}
      data={containers}
      rowId={({ id }) => id}
      sort={sort}
      onSort={onSort}
      onRow={({ id }) => void navigate({ to: '/containers/$id', params: { id }, search: { engine } })}
      empty={empty}
    />
  );
}
