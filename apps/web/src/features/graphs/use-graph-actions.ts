import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import type { GraphItem } from './types.ts';

/** Makes a server of a graph, and opens its page. */
export function useShowGraph(): (graph: Pick<GraphItem, 'id' | 'name'>) => void {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const show = useMutation(
    trpc.graphs.show.mutationOptions({
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      async onSuccess({ id }) {
        toast.ok(t('graphs.server.made'));
        await queryClient.invalidateQueries(trpc.graphs.pathFilter());
        await navigate({ to: '/servers/$id', params: { id } });
      },
    }),
  );
  return ({ id }) => show.mutate({ id });
}

/** Removes a graph, once the question is answered; says whether it is gone. */
export function useRemoveGraph(): (graph: Pick<GraphItem, 'id' | 'name'>) => Promise<boolean> {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const remove = useMutation(trpc.graphs.remove.mutationOptions());
  return async ({ id, name }) => {
    const title = t('common.deleteOf', { name });
    if (!(await confirm({ title, body: t('graphs.removeBody'), action: t('common.deleteIt') }))) return false;
    try {
      await remove.mutateAsync({ id });
      toast.ok(t('common.deleted', { name }));
      queryClient.removeQueries(trpc.graphs.get.queryFilter({ id }));
      await queryClient.invalidateQueries(trpc.graphs.list.pathFilter());
      return true;
    } catch (error) {
      toast.bad(t('common.actionFailed'), toFailure(error).message);
      return false;
    }
  };
}
