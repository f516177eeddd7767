import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { useRollBack } from '../../ui/versions/use-roll-back.ts';
import { VersionChanges } from '../../ui/versions/version-changes.tsx';
import { VersionTab } from '../../ui/versions/version-tab.tsx';
import { useGraph } from './graph-context.ts';

function Changes({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useGraph();
  // Versions do not change.
  const query = useQuery(trpc.graphs.diff.queryOptions({ id, from, to }, { staleTime: Infinity }));
  return (
    <VersionChanges query={query} texts={query.data ? [{ name: t('graphs.one'), diff: query.data.config }] : null} />
  );
}

/** What the graph was after each of its changes, and the way back. */
export function HistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { id, name, can } = useGraph();
  const shown = useSearch({ from: '/graphs/$id/history' });
  const navigate = useNavigate({ from: '/graphs/$id/history' });
  const query = useQuery(trpc.graphs.versions.queryOptions({ id }));
  function show(next: VersionSearch) {
    void navigate({ search: next, replace: true });
  }
  const restore = useMutation(
    trpc.graphs.restore.mutationOptions({
      onSuccess: async (next, { number }) => {
        queryClient.setQueryData(trpc.graphs.get.queryKey({ id }), next);
        toast.ok(t('versions.restored', { number }));
        show({});
        await queryClient.invalidateQueries(trpc.graphs.pathFilter());
      },
    }),
  );
  const rollBack = useRollBack(restore, (number) => ({
    title: t('graphs.history.title', { name, number }),
    body: t('graphs.history.body'),
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
