import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Run, StackDetails } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';

/** What may be done with a stack. Each begins a run, whose output the page shows. */
export function useStackActions(follow: (run: Run) => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const begun = {
    onSuccess: (run: Run) => {
      follow(run);
      void queryClient.invalidateQueries(trpc.engines.runs.pathFilter());
    },
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
  };
  const up = useMutation(trpc.stacks.up.mutationOptions(begun));
  const down = useMutation(trpc.stacks.down.mutationOptions(begun));
  const stop = useMutation(trpc.stacks.stop.mutationOptions(begun));
  const restart = useMutation(trpc.stacks.restart.mutationOptions(begun));
  const scale = useMutation(trpc.stacks.scale.mutationOptions(begun));
  const remove = useMutation(trpc.stacks.remove.mutationOptions(begun));
  function servicesOf({ services }: StackDetails) {
    return services.map(({ name }) => name).join(', ');
  }
  return {
    busy: [up, down, stop, restart, scale, remove].some(({ isPending }) => isPending),
    up: ({ id }: StackDetails, choice: { pull?: 'always'; forceRecreate?: boolean } = {}) =>
      up.mutate({ id, ...choice }),
    stop: ({ id }: StackDetails, services?: string[]) => stop.mutate({ id, ...(services ? { services } : {}) }),
    restart: ({ id }: StackDetails, services?: string[]) => restart.mutate({ id, ...(services ? { services } : {}) }),
    start: ({ id }: StackDetails, services: string[]) => up.mutate({ id, services }),
    scale: ({ id }: StackDetails, service: string, replicas: number) => scale.mutate({ id, service, replicas }),
    async down(stack: StackDetails, volumes = false): Promise<void> {
      const yes = await confirm({
        title: t('stacks.downTitle', { name: stack.project }),
        body: t(volumes ? 'stacks.downVolumesBody' : 'stacks.downBody', { services: servicesOf(stack) }),
        action: t('stacks.do.down'),
      });
      if (yes) down.mutate({ id: stack.id, volumes });
    },
    async remove(stack: StackDetails, volumes: boolean): Promise<void> {
      const yes = await confirm({
        title: t('stacks.removeTitle', { name: stack.project }),
        body: t(volumes ? 'stacks.removeVolumesBody' : 'stacks.removeBody', { services: servicesOf(stack) }),
        action: t('stacks.removeAction'),
      });
      if (yes) remove.mutate({ id: stack.id, volumes });
    },
  };
}
