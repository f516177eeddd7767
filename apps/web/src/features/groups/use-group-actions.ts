import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';

/** Changes of a group and what is in it: each says when it failed, and the page follows. */
export function useGroupActions() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const ask = useConfirm();
  const settled = {
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () =>
      Promise.all(
        [trpc.groups, trpc.access, trpc.users, trpc.servers.list].map((each) =>
          queryClient.invalidateQueries(each.pathFilter()),
        ),
      ),
  };
  return {
    ask,
    addMember: useMutation(trpc.groups.addMember.mutationOptions(settled)),
    updateMember: useMutation(trpc.groups.updateMember.mutationOptions(settled)),
    approveMember: useMutation(trpc.groups.approveMember.mutationOptions(settled)),
    removeMember: useMutation(trpc.groups.removeMember.mutationOptions(settled)),
    leave: useMutation(trpc.groups.leave.mutationOptions(settled)),
    addServer: useMutation(trpc.groups.addServer.mutationOptions(settled)),
    updateServer: useMutation(trpc.groups.updateServer.mutationOptions(settled)),
    removeServer: useMutation(trpc.groups.removeServer.mutationOptions(settled)),
    setItem: useMutation(trpc.groups.setItem.mutationOptions(settled)),
    chooseItems: useMutation(trpc.groups.chooseItems.mutationOptions(settled)),
  };
}
