import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import type { VersionSearch } from '../../lib/version-search.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { useRollBack } from '../../ui/versions/use-roll-back.ts';
import { VersionChanges } from '../../ui/versions/version-changes.tsx';
import { VersionTab } from '../../ui/versions/version-tab.tsx';

function Changes({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useGroup();
  const query = useQuery(trpc.groups.diff.queryOptions({ id, from, to }));
  const texts = query.data ? [{ name: t('common.group'), diff: query.data.settings }] : null;
  return <VersionChanges query={query} texts={texts} />;
}

/** What the group was after each of its changes, and the way back. */
export function GroupHistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const { id, displayName, can } = useGroup();
  const shown = useSearch({ from: '/groups/$id/history' });
  const navigate = useNavigate({ from: '/groups/$id/history' });
  const query = useQuery(trpc.groups.versions.queryOptions({ id }));
  function show(next: VersionSearch) {
    void navigate({ search: next, replace: true });
  }
  const restore = useMutation(
    trpc.groups.restore.mutationOptions({
      onSuccess: async (_next, { number }) => {
        toast.ok(t('versions.restored', { number }));
        show({});
        await queryClient.invalidateQueries(trpc.groups.pathFilter());
        await queryClient.invalidateQueries(trpc.access.pathFilter());
      },
    }),
  );
  const rollBack = useRollBack(restore, (number) => ({
    title: t('groups.history.title', { name: displayName, number }),
    body: t('groups.history.body'),
    input: { id, number },
  }));
  return (
    <VersionTab query={query} shown={shown} onShow={show} Changes={Changes} rollBack={can.update ? rollBack : null} />
  );
}
