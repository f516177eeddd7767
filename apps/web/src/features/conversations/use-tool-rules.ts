import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import type { RulesOf, Verdict } from './tool-rules.ts';

/** What is said of tools, and how something is said of one; null takes it back. */
export function useToolRules(of: RulesOf) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const rules = useQuery(trpc.conversations.rules.queryOptions(of));
  const set = useMutation(
    trpc.conversations.setRule.mutationOptions({
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.conversations.rules.pathFilter()),
    }),
  );
  function say(server: string, tool: string, verdict: Verdict | null) {
    set.mutate({ server, tool, verdict, ...of });
  }
  return { rules, say, isBusy: set.isPending };
}
