import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import type { ConversationItem } from './types.ts';

/** What is done with a whole conversation; `isOpen` where the page shows it. */
export function useConversationActions({ id, title }: Pick<ConversationItem, 'id' | 'title'>, isOpen: boolean) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const toast = useToast();
  const told = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.conversations.pathFilter()),
  };
  const name = title || t('conversations.untitled');
  const update = useMutation(trpc.conversations.update.mutationOptions(told));
  const remove = useMutation(
    trpc.conversations.remove.mutationOptions({
      ...told,
      onSuccess: async () => {
        if (isOpen) await navigate({ to: '/chat' });
        toast.ok(t('common.deleted', { name }));
      },
    }),
  );
  return {
    change: (patch: Parameters<typeof update.mutate>[0]['patch']) => update.mutate({ id, patch }),
    async remove() {
      const question = {
        title: t('common.deleteOf', { name }),
        body: t('conversations.removeBody'),
        action: t('common.deleteIt'),
      };
      if (await confirm(question)) remove.mutate({ id });
    },
  };
}
