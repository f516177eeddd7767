import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Workflow } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { ListCard } from '../../ui/layout/list-card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { GraphsTable } from './graphs-table.tsx';
import { NewGraphDialog } from './new-graph-dialog.tsx';
import type { GraphItem, RunItem } from './types.ts';

/** Runs among which the last one of each graph is found. */
const recentRuns = 200;

function fits({ name, description }: GraphItem, query: string): boolean {
  return `${name}\n${description}`.toLowerCase().includes(query.trim().toLowerCase());
}

function newestOf(runs: readonly RunItem[]): Map<string, RunItem> {
  const newest = new Map<string, RunItem>();
  for (const run of runs) if (!newest.has(run.graphId)) newest.set(run.graphId, run);
  return newest;
}

function NoGraphs({ onAdd }: { onAdd: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <Card>
      <Empty
        icon={<Workflow />}
        title={t('graphs.none')}
        actions={
          onAdd && (
            <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={onAdd}>
              {t('graphs.add.title')}
            </Button>
          )
        }
      >
        <p>{t('graphs.noneHint')}</p>
        {!onAdd && <p>{t('graphs.noneWait')}</p>}
      </Empty>
    </Card>
  );
}

/** The graphs that somebody sees. */
export function GraphsPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const { q = '' } = useSearch({ from: '/graphs' });
  const navigate = useNavigate({ from: '/graphs' });
  const [isAdding, setAdding] = useState(false);
  const graphs = useQuery(trpc.graphs.list.queryOptions());
  const runs = useQuery(trpc.graphs.runs.list.queryOptions({ most: recentRuns }));
  const lastRuns = useMemo(() => newestOf(runs.data ?? []), [runs.data]);
  const onAdd = me?.can.createGraph === true ? () => setAdding(true) : null;
  const isEmpty = graphs.data?.length === 0;
  return (
    <Page
      title={t('graphs.title')}
      lead={t('graphs.lead')}
      actions={
        onAdd &&
        !isEmpty && (
          <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={onAdd}>
            {t('graphs.add.title')}
          </Button>
        )
      }
    >
      {graphs.isError && !graphs.data ? (
        <LoadFailed title={t('graphs.loadFailed')} error={graphs.error} onRetry={() => void graphs.refetch()} />
      ) : isEmpty ? (
        <NoGraphs onAdd={onAdd} />
      ) : (
        <ListCard
          search={{
            label: t('graphs.search'),
            value: q,
            onChange: (next) => void navigate({ search: { q: next }, replace: true }),
          }}
        >
          <GraphsTable
            graphs={graphs.data?.filter((graph) => fits(graph, q))}
            lastRuns={lastRuns}
            empty={<Empty title={t('graphs.noMatch')} />}
          />
        </ListCard>
      )}
      {isAdding && <NewGraphDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}
