import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { toGraph } from './drawing.ts';
import type { GraphDetail } from './types.ts';
import type { GraphDrawing } from './use-drawing.ts';

/** Stores what is drawn. */
export function useSave(graph: GraphDetail, drawn: GraphDrawing) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const save = useMutation(trpc.graphs.save.mutationOptions());
  return {
    isPending: save.isPending,
    failure: save.error && toFailure(save.error),
    /** Says whether it is stored. */
    async save(): Promise<boolean> {
      const { drawing } = drawn;
      if (!drawn.isChanged) return true;
      try {
        const stored = await save.mutateAsync({ config: { ...toGraph(drawing), name: graph.name } });
        drawn.saved(drawing, stored);
        queryClient.setQueryData(trpc.graphs.get.queryKey({ id: graph.id }), stored);
        toast.ok(t('common.saved'));
        await queryClient.invalidateQueries(trpc.graphs.list.pathFilter());
        await queryClient.invalidateQueries(trpc.graphs.readme.pathFilter());
        return true;
      } catch {
        return false;
      }
    },
  };
}
