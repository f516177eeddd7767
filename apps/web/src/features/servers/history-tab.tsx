import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { useRollBack } from '../../ui/versions/use-roll-back.ts';
import { VersionChanges } from '../../ui/versions/version-changes.tsx';
import { VersionTab } from '../../ui/versions/version-tab.tsx';

function Changes({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useServer();
  // Versions do not change.
  const query = useQuery(trpc.servers.diff.queryOptions({ id, from, to }, { staleTime: Infinity }));
  const texts = query.data ? [{ name: t('common.server'), diff: query.data.settings }] : null;
  return <VersionChanges query={query} texts={texts} changedValues={query.data?.changedValues ?? []} />;
}

/** What the server was after each of its changes, and the way back. */
export function ServerHistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { id, name, can } = useServer();
  const shown = useSearch({ from: '/servers/$id/history' });
  const navigate = useNavigate({ from: '/servers/$id/history' });
  const query = useQuery(trpc.servers.versions.queryOptions({ id }));
  function show(next: VersionSearch) {
    void navigate({ search: next, replace: true });
  }
  const restore = useMutation(
    trpc.servers.restore.mutationOptions({
      onSuccess: async (next, { number }) => {
        queryClient.setQueryData(trpc.servers.get.queryKey({ id }), next);
        toast.ok(t('versions.restored', { number }));
        show({});
        await queryClient.invalidateQueries(trpc.servers.pathFilter());
      },
    }),
  );
  const rollBack = useRollBack(restore, (number) => ({
    title: t('servers.history.title', { name, number }),
    body: t('servers.history.body'),
    input: { id, number },
  }));
  return (
    <VersionTab
      query={query}
      shown={shown}
      onShow={show}
      Changes={Changes}
      rollBack={can.configure ? rollBack : null}
    />
  );
}
