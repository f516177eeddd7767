import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { useRollBack } from '../../ui/versions/use-roll-back.ts';
import { VersionChanges } from '../../ui/versions/version-changes.tsx';
import { VersionTab } from '../../ui/versions/version-tab.tsx';
import { useStackPage } from './stack-context.ts';

function Changes({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { stack } = useStackPage();
  // Versions do not change.
  const query = useQuery(trpc.stacks.diff.queryOptions({ id: stack.id, from, to }, { staleTime: Infinity }));
  const { data } = query;
  const texts = data && [
    { name: t('stacks.file'), diff: data.content },
    { name: t('stacks.env'), diff: data.env },
  ];
  return <VersionChanges query={query} texts={texts ?? null} changedValues={data?.changedValues ?? []} />;
}

/** What the stack was after each of its changes, and the way back. */
export function StackHistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { stack, busy } = useStackPage();
  const shown = useSearch({ from: '/engine/stacks/$id/history' });
  const navigate = useNavigate({ from: '/stacks/$id/history' });
  const query = useQuery(trpc.stacks.versions.queryOptions({ id: stack.id }));
  function show(next: VersionSearch) {
    void navigate({ search: next, replace: true });
  }
  const restore = useMutation(
    trpc.stacks.restore.mutationOptions({
      onSuccess: (next, { number }) => {
        queryClient.setQueryData(trpc.stacks.get.queryKey({ id: stack.id }), next);
        void queryClient.invalidateQueries(trpc.stacks.versions.pathFilter());
        toast.ok(t('versions.restored', { number }));
        show({});
      },
    }),
  );
  const rollBack = useRollBack(restore, (number) => ({
    title: t('stacks.rollBackTitle', { name: stack.project, number }),
    body: t('stacks.rollBackBody', { number }),
    input: { id: stack.id, number },
  }));
  return (
    <VersionTab
      query={query}
      shown={shown}
      onShow={show}
      Changes={Changes}
      rollBack={{ ...rollBack, disabled: busy }}
    />
  );
}
