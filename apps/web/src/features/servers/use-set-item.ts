import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';

/** How the playground calls each sort of item. */
export const methods = {
  tool: 'tools/call',
  prompt: 'prompts/get',
  resource: 'resources/read',
  template: 'resources/read',
} as const;

/** Changes one item of a server: whether it is offered, and how it is described. */
export function useSetItem() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const server = useServer();
  return useMutation(
    trpc.servers.setItem.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.servers.items.queryFilter({ id: server.id })),
      onError: (error) => toast.bad(t('servers.items.setFailed'), toFailure(error).message),
    }),
  );
}
