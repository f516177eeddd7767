import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';

/** Saves a graph under a name that is not taken yet, and opens it. */
export function useNewGraph() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const save = useMutation(
    trpc.graphs.save.mutationOptions({
      onSuccess: async (graph) => {
        queryClient.setQueryData(trpc.graphs.get.queryKey({ id: graph.id }), graph);
        await queryClient.invalidateQueries(trpc.graphs.list.pathFilter());
        await navigate({ to: '/graphs/$id', params: { id: graph.id } });
      },
    }),
  );
  return {
    isPending: save.isPending,
    problem: save.error && toFailure(save.error).message,
    save: (config: Inputs['graphs']['save']['config']) => save.mutate({ config, replace: false }),
  };
}
