import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { History, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextDiff } from '../../ui/text-diff.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VersionList } from '../../ui/version-list.tsx';
import { useGraph } from './graph-context.ts';

/** What a version changed. */
function Changes({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useGraph();
  // Versions do not change.
  const query = useQuery(trpc.graphs.diff.queryOptions({ id, from, to }, { staleTime: Infinity }));
  if (query.isError) {
    return <LoadFailed title={t('versions.diffFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-40 rounded-md" />;
  return <TextDiff name={t('graphs.one')} diff={query.data.config} />;
}

/** Makes the graph what it was, once the question is answered. */
function useRollBack(onDone: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const { id, name } = useGraph();
  const restore = useMutation(
    trpc.graphs.restore.mutationOptions({
      onSuccess: async (next, { number }) => {
        queryClient.setQueryData(trpc.graphs.get.queryKey({ id }), next);
        toast.ok(t('versions.restored', { number }));
        onDone();
        await queryClient.invalidateQueries(trpc.graphs.pathFilter());
      },
    }),
  );
  async function ask(number: number) {
    restore.reset();
    const title = t('graphs.history.title', { name, number });
    const action = t('versions.rollBack');
    const yes = await confirm({ title, body: t('graphs.history.body'), action, danger: false });
    if (yes) restore.mutate({ id, number });
  }
  return { ask, isPending: restore.isPending, failure: restore.error && toFailure(restore.error) };
}

/** What the graph was after each of its changes, and the way back. */
export function HistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id, can } = useGraph();
  const { version } = useSearch({ from: '/graphs/$id/history' });
  const navigate = useNavigate({ from: '/graphs/$id/history' });
  const query = useQuery(trpc.graphs.versions.queryOptions({ id }));
  const { ask, isPending, failure } = useRollBack(() => void navigate({ search: {}, replace: true }));
  if (query.isError && !query.data) {
    return <LoadFailed title={t('versions.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  const { versions, most } = query.data;
  const [newest] = versions;
  const chosen = versions.find(({ number }) => number === version) ?? newest;
  if (!newest || !chosen) {
    return (
      <Card>
        <Empty icon={<History />} title={t('versions.none')} />
      </Card>
    );
  }
  const { number } = chosen;
  const before = versions.find((one) => one.number < number);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <Card flush title={t('versions.list')}>
        <VersionList
          versions={versions}
          chosen={number}
          onChoose={(next) => void navigate({ search: { version: next }, replace: true })}
        />
        <p className="border-t border-line px-4 py-2 text-xs text-ink-3">{t('versions.most', { count: most })}</p>
      </Card>
      <Card
        title={t('versions.number', { number })}
        actions={
          can.configure &&
          number !== newest.number && (
            <Button
              size="sm"
              busy={isPending}
              icon={<Undo2 aria-hidden className="size-3.5" />}
              onClick={() => void ask(number)}
            >
              {t('versions.rollBack')}
            </Button>
          )
        }
      >
        <div className="flex flex-col gap-5">
          {failure && (
            <Callout alert tone="bad" title={t('versions.refused')}>
              {failure.message}
            </Callout>
          )}
          {before ? (
            <Changes from={before.number} to={number} />
          ) : (
            <p className="text-sm text-ink-3">{t('versions.first')}</p>
          )}
        </div>
      </Card>
    </div>
  );
}
