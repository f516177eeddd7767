import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import { GraphMenu } from './graph-menu.tsx';
import { RunStateMark } from './run-state.tsx';
import type { GraphItem, RunItem } from './types.ts';

const column = columnsFor<GraphItem>();

function NameCell({ graph, run }: { graph: GraphItem; run: RunItem | undefined }) {
  return (
    <div className="min-w-0">
      <Link to="/graphs/$id" params={{ id: graph.id }} className="font-medium wrap-anywhere hover:underline">
        {graph.name}
      </Link>
      <span className="line-clamp-2 text-xs wrap-anywhere text-ink-3">{graph.description}</span>
      {run && (
        <span className="mt-1 block text-sm @lg:hidden">
          <LastRun run={run} />
        </span>
      )}
    </div>
  );
}

function LastRun({ run }: { run: RunItem | undefined }) {
  const { t } = useTranslation();
  if (!run) return <span className="text-ink-3">{t('graphs.neverRun')}</span>;
  return (
    <Link
      to="/graphs/$id/runs/$run"
      params={{ id: run.graphId, run: run.id }}
      className="flex flex-wrap items-center gap-x-2 hover:underline"
    >
      <RunStateMark state={run.state} />
      <span className="text-sm text-ink-3">
        <Time value={run.createdAt} />
      </span>
    </Link>
  );
}

function useColumns(lastRuns: ReadonlyMap<string, RunItem>) {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('common.name'),
          meta: { className: '@md:w-2/5' },
          cell: ({ row }) => <NameCell graph={row.original} run={lastRuns.get(row.original.id)} />,
        }),
        column.accessor('nodes', {
          header: t('graphs.nodes'),
          meta: { align: 'end', className: 'hidden tabular @md:table-cell' },
        }),
        column.display({
          id: 'lastRun',
          header: t('graphs.lastRun'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ row }) => <LastRun run={lastRuns.get(row.original.id)} />,
        }),
        column.accessor('visibility', {
          header: t('graphs.visibility'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ getValue }) => t(`graphs.seenBy.${getValue()}`),
        }),
        column.accessor('ownerName', {
          header: t('common.owner'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ getValue }) => getValue() ?? '–',
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <GraphMenu graph={row.original} />,
        }),
      ]),
    [t, lastRuns],
  );
}

interface GraphsTableProps {
  graphs: GraphItem[] | undefined;
  /** The newest run of a graph, by its id. */
  lastRuns: ReadonlyMap<string, RunItem>;
  empty: ReactNode;
}

export function GraphsTable({ graphs, lastRuns, empty }: GraphsTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns(lastRuns);
  return (
    <DataTable
      label={t('graphs.title')}
      columns={columns}
      data={graphs}
      rowId={({ id }) => id}
      onRow={({ id }) => void navigate({ to: '/graphs/$id', params: { id } })}
      empty={empty}
    />
  );
}
