import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';
import { boundOf, readAmount, type Budget, type BudgetDraft } from './budget-draft.ts';

/** Sets, changes and removes budgets. */
export function useBudgetActions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  function onSettled() {
    return queryClient.invalidateQueries(trpc.models.budgets.pathFilter());
  }
  const set = useMutation(trpc.models.setBudget.mutationOptions({ onSettled }));
  async function saveDraft({ of, username, keyId, period, measure, most }: BudgetDraft) {
    const bound = { period, measure, most: readAmount(most, measure) };
    if (of === 'key') return set.mutateAsync({ ...bound, keyId });
    const { id } = await queryClient.fetchQuery(trpc.users.get.queryOptions({ id: username.trim() }));
    return set.mutateAsync({ ...bound, userId: id });
  }
  return {
    save: useMutation({ mutationFn: saveDraft }),
    change: useMutation({
      mutationFn: ({ budget, most }: { budget: Budget; most: number | null }) => set.mutateAsync(boundOf(budget, most)),
    }),
  };
}
