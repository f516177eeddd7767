import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import type { App } from './types.ts';

/** What may be done with an app from its page or the list: each tells how it went. */
export function useAppActions() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const settled = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.apps.pathFilter()),
  };
  const update = useMutation(trpc.apps.update.mutationOptions(settled));
  const show = useMutation(
    trpc.apps.show.mutationOptions({
      ...settled,
      onSuccess: async ({ name }) => {
        toast.ok(t('apps.shownInHub', { name }));
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
      },
    }),
  );
  const remove = useMutation(
    trpc.apps.remove.mutationOptions({
      onError: settled.onError,
      onSuccess: async (_gone, { id }) => {
        queryClient.removeQueries(trpc.apps.get.queryFilter({ id: String(id) }));
        await queryClient.invalidateQueries(trpc.apps.list.pathFilter());
      },
    }),
  );
  return {
    update,
    show,
    busy: update.isPending || show.isPending || remove.isPending,
    /** Asks, removes, and says whether the app is gone. */
    async remove({ id, displayName }: Pick<App, 'id' | 'displayName'>): Promise<boolean> {
      const yes = await confirm({
        title: t('common.deleteOf', { name: displayName }),
        body: t('apps.removeBody'),
        action: t('common.deleteIt'),
      });
      if (!yes) return false;
      try {
        await remove.mutateAsync({ id });
        toast.ok(t('common.deleted', { name: displayName }));
        return true;
      } catch {
        return false;
      }
    },
  };
}
