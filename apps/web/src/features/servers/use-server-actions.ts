import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';

type Target = Pick<Server, 'id' | 'name'>;

/** What may be done with a server from any list or page: each tells how it went. */
export function useServerActions() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();

  function refresh(id: string) {
    return Promise.all([
      queryClient.invalidateQueries(trpc.servers.list.pathFilter()),
      queryClient.invalidateQueries(trpc.servers.get.queryFilter({ id })),
      queryClient.invalidateQueries(trpc.system.overview.pathFilter()),
    ]);
  }
  const settled = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: (_result: unknown, _error: unknown, input: { id: string }) => refresh(input.id),
  };
  const start = useMutation(trpc.servers.start.mutationOptions(settled));
  const stop = useMutation(trpc.servers.stop.mutationOptions(settled));
  const restart = useMutation(trpc.servers.restart.mutationOptions(settled));
  const update = useMutation(trpc.servers.update.mutationOptions(settled));
  const remove = useMutation(
    trpc.servers.remove.mutationOptions({
      onError: settled.onError,
      onSuccess: async (_result, { id }) => {
        queryClient.removeQueries(trpc.servers.get.queryFilter({ id }));
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        await queryClient.invalidateQueries(trpc.system.overview.pathFilter());
      },
    }),
  );

  return {
    busy: start.isPending || stop.isPending || restart.isPending || update.isPending || remove.isPending,
    start: (server: Target) => start.mutate({ id: server.id }),
    stop: (server: Target) => stop.mutate({ id: server.id }),
    restart: (server: Target) => restart.mutate({ id: server.id }),
    disable: (server: Target) => update.mutate({ id: server.id, patch: { desired: 'disabled' } }),
    /** Asks, removes, and says whether the server is gone. */
    async remove(server: Target): Promise<boolean> {
      const yes = await confirm({
        title: t('common.deleteOf', { name: server.name }),
        body: t('servers.removeBody', { id: server.id }),
        action: t('common.deleteIt'),
      });
      if (!yes) return false;
      try {
        await remove.mutateAsync({ id: server.id });
        toast.ok(t('common.deleted', { name: server.name }));
        return true;
      } catch {
        return false;
      }
    },
  };
}

export type ServerActions = ReturnType<typeof useServerActions>;
