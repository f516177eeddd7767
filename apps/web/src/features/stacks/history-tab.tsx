import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VersionHistory } from '../../ui/version-history.tsx';
import { useStackPage } from './stack-context.ts';
import { VersionChanges } from './version-changes.tsx';

/** Rolls the stack back after a question. */
function useRollBack(onDone: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const { stack } = useStackPage();
  const restore = useMutation(
    trpc.stacks.restore.mutationOptions({
      onSuccess: (next, { number }) => {
        queryClient.setQueryData(trpc.stacks.get.queryKey({ id: stack.id }), next);
        void queryClient.invalidateQueries(trpc.stacks.versions.pathFilter());
        toast.ok(t('versions.restored', { number }));
        onDone();
      },
    }),
  );
  async function ask(number: number) {
    restore.reset();
    const yes = await confirm({
      title: t('stacks.rollBackTitle', { name: stack.project, number }),
      body: t('stacks.rollBackBody', { number }),
      action: t('versions.rollBack'),
      danger: false,
    });
    if (yes) restore.mutate({ id: stack.id, number });
  }
  const { error, variables } = restore;
  const failure = error && variables ? { number: variables.number, message: toFailure(error).message } : null;
  return { ask, busy: restore.isPending, failure };
}

/** What the stack was after each of its changes, and the way back. */
export function StackHistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { stack, busy } = useStackPage();
  const shown = useSearch({ from: '/engine/stacks/$id/history' });
  const navigate = useNavigate({ from: '/stacks/$id/history' });
  const query = useQuery(trpc.stacks.versions.queryOptions({ id: stack.id }));
  function show(next: VersionSearch) {
    void navigate({ search: next, replace: true });
  }
  const rollBack = useRollBack(() => show({}));
  if (query.isError) {
    return <LoadFailed title={t('versions.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  return (
    <VersionHistory
      {...query.data}
      shown={shown}
      onShow={show}
      Changes={VersionChanges}
      rollBack={{ ...rollBack, disabled: busy }}
    />
  );
}
