import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { History, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphRunStates } from '@switchboard/core/graphs/schema';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { ListCard } from '../../ui/layout/list-card.tsx';
import { UsageLine } from '../../ui/rounds/usage-line.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { LoadMore } from '../../ui/table/load-more.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Duration, Elapsed, Time } from '../../ui/text/time.tsx';
import { useGraph } from './graph-context.ts';
import { RunDialog } from './run-dialog.tsx';
import { RunStateMark } from './run-state.tsx';
import type { RunItem } from './types.ts';

const pageSize = 50;
const column = columnsFor<RunItem>();

function tookMs({ createdAt, endedAt }: RunItem): number | null {
  return endedAt === null ? null : Date.parse(endedAt) - Date.parse(createdAt);
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('input', {
          header: t('graphs.run.input'),
          meta: { className: '@md:w-1/2' },
          cell: ({ row: { original: run } }) => (
            <Link
              to="/graphs/$id/runs/$run"
              params={{ id: run.graphId, run: run.id }}
              className="line-clamp-2 font-medium wrap-anywhere hover:underline"
            >
              {run.input.trim() === '' ? t('graphs.run.noInput') : run.input}
            </Link>
          ),
        }),
        column.accessor('state', {
          header: t('common.state'),
          cell: ({ getValue }) => <RunStateMark state={getValue()} />,
        }),
        column.accessor('createdAt', {
          header: t('graphs.runs.began'),
          meta: { className: 'hidden @md:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
        column.display({
          id: 'took',
          header: t('graphs.runs.took'),
          meta: { align: 'end', className: 'hidden @xl:table-cell' },
          cell: ({ row: { original: run } }) =>
            run.endedAt === null ? <Elapsed since={run.createdAt} /> : <Duration ms={tookMs(run)} />,
        }),
        column.display({
          id: 'usage',
          header: t('graphs.runs.usage'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row }) => <UsageLine of={row.original} />,
        }),
      ]),
    [t],
  );
}

function useRuns() {
  const trpc = useTRPC();
  const { id } = useGraph();
  const { q, state } = useSearch({ from: '/graphs/$id/runs' });
  const filters = { graph: id, most: pageSize, ...(q !== undefined && { search: q }), ...(state && { state }) };
  return useInfiniteQuery(
    trpc.graphs.runs.list.infiniteQueryOptions(filters, {
      getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)?.id),
      placeholderData: (last) => last,
    }),
  );
}

/** What a graph ran, the newest first. */
export function RunsTab() {
  const { t } = useTranslation();
  const graph = useGraph();
  const { q, state } = useSearch({ from: '/graphs/$id/runs' });
  const navigate = useNavigate({ from: '/graphs/$id/runs' });
  const [isRunning, setRunning] = useState(false);
  const columns = useColumns();
  const query = useRuns();
  const runs = query.data?.pages.flat();
  const isFiltered = q !== undefined || state !== undefined;
  const start = graph.can.use && (
    <Button size="sm" look="primary" icon={<Play aria-hidden className="size-4" />} onClick={() => setRunning(true)}>
      {t('graphs.run.action')}
    </Button>
  );
  return (
    <>
      <ListCard
        search={{
          label: t('graphs.runs.search'),
          value: q ?? '',
          onChange: (next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true }),
        }}
        actions={
          <>
            <FilterSelect
              label={t('common.state')}
              any={t('common.anyState')}
              value={state}
              options={graphRunStates.map((value) => ({ value, text: t(`graphs.runState.${value}`) }))}
              onChange={(next) =>
                void navigate({ search: (old) => ({ ...old, state: next === '' ? undefined : next }), replace: true })
              }
            />
            {start}
          </>
        }
      >
        {query.isError && !query.data ? (
          <div className="p-4">
            <LoadFailed title={t('graphs.runs.failed')} error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : (
          <DataTable
            label={t('graphs.tab.runs')}
            columns={columns}
            data={runs}
            rowId={({ id }) => id}
            onRow={({ id, graphId }) =>
              void navigate({ to: '/graphs/$id/runs/$run', params: { id: graphId, run: id } })
            }
            empty={
              <Empty icon={<History />} title={t(isFiltered ? 'graphs.runs.noMatch' : 'graphs.runs.none')}>
                {!isFiltered && t('graphs.runs.noneHint')}
              </Empty>
            }
          />
        )}
        <LoadMore query={query} searchedTo={null} />
      </ListCard>
      {isRunning && <RunDialog graph={graph} input="" onClose={() => setRunning(false)} />}
    </>
  );
}
