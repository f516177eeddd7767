import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { isOn } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';

export type BulkTargets = 'start' | 'stop' | 'restart' | 'remove';

/** What may be done with containers from any list or page: each tells how it went, and the page follows. */
export function useContainerActions() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const engine = useEngineName();

  function refresh() {
    return Promise.all(
      [trpc.containers.list, trpc.containers.get, trpc.containers.inspect].map((each) =>
        queryClient.invalidateQueries(each.pathFilter()),
      ),
    );
  }
  const settled = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: refresh,
  };
  const start = useMutation(trpc.containers.start.mutationOptions(settled));
  const stop = useMutation(trpc.containers.stop.mutationOptions(settled));
  const restart = useMutation(trpc.containers.restart.mutationOptions(settled));
  const pause = useMutation(trpc.containers.pause.mutationOptions(settled));
  const unpause = useMutation(trpc.containers.unpause.mutationOptions(settled));
  const kill = useMutation(trpc.containers.kill.mutationOptions(settled));
  const remove = useMutation(trpc.containers.remove.mutationOptions(settled));
  const bulk = useMutation(trpc.containers.bulk.mutationOptions(settled));
  const all = [start, stop, restart, pause, unpause, kill, remove, bulk];

  return {
    busy: all.some(({ isPending }) => isPending),
    start: ({ id }: Container) => start.mutate({ engine, id }),
    stop: ({ id }: Container) => stop.mutate({ engine, id }),
    restart: ({ id }: Container) => restart.mutate({ engine, id }),
    pause: ({ id }: Container) => pause.mutate({ engine, id }),
    unpause: ({ id }: Container) => unpause.mutate({ engine, id }),
    kill: ({ id }: Container) => kill.mutate({ engine, id }),
    /** Asks, removes, and says whether the container is gone. */
    async remove(container: Container): Promise<boolean> {
      const yes = await confirm({
        title: t('containers.removeTitle', { name: container.name }),
        body: t(isOn(container) ? 'containers.removeRunning' : 'containers.removeBody'),
        action: t('containers.removeAction'),
      });
      if (!yes) return false;
      try {
        await remove.mutateAsync({ engine, id: container.id, force: true });
        toast.ok(t('containers.removed', { name: container.name }));
        return true;
      } catch {
        return false;
      }
    },
    /** Asks once for all of them, and says what could not be done. */
    async many(action: BulkTargets, containers: readonly Container[]): Promise<boolean> {
      const names = containers.map(({ name }) => name).join(', ');
      const yes = await confirm({
        title: t(`containers.many.${action}`, { count: containers.length }),
        body: `${names}. ${action === 'remove' ? t('containers.removeRunning') : ''}`,
        action: t(`container.do.${action}`),
        danger: action === 'remove' || action === 'stop',
      });
      if (!yes) return false;
      const ids = containers.map(({ id }) => id);
      try {
        const results = await bulk.mutateAsync({ engine, ids, action, force: action === 'remove' });
        const failed = results.filter(({ ok }) => !ok);
        if (failed.length === 0) toast.ok(t(`containers.manyDone.${action}`, { count: results.length }));
        else
          toast.bad(
            t('containers.someFailed', { failed: failed.length, count: results.length }),
            failed.map(({ message }) => message).join(' '),
          );
        return true;
      } catch {
        return false;
      }
    },
  };
}

export type ContainerActions = ReturnType<typeof useContainerActions>;
