import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TextDiff } from '../../ui/text-diff.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VersionHistory } from '../../ui/version-history.tsx';
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
  const { error, variables } = restore;
  const failure = error && variables ? { number: variables.number, message: toFailure(error).message } : null;
  return { ask, busy: restore.isPending, failure };
}

/** What the graph was after each of its changes, and the way back. */
export function HistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id, can } = useGraph();
  const shown = useSearch({ from: '/graphs/$id/history' });
  const navigate = useNavigate({ from: '/graphs/$id/history' });
  const query = useQuery(trpc.graphs.versions.queryOptions({ id }));
  function show(next: VersionSearch) {
    void navigate({ search: next, replace: true });
  }
  const rollBack = useRollBack(() => show({}));
  if (query.isError && !query.data) {
    return <LoadFailed title={t('versions.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  return (
    <VersionHistory
      {...query.data}
      shown={shown}
      onShow={show}
      Changes={Changes}
      rollBack={can.configure ? rollBack : null}
    />
  );
}
