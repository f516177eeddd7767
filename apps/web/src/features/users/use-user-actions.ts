import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';

type Target = Pick<User, 'id' | 'username'>;

/** What an admin may do with an account from any list or page: each tells how it went. */
export function useUserActions() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  function refresh() {
    return Promise.all([
      queryClient.invalidateQueries(trpc.users.pathFilter()),
      queryClient.invalidateQueries(trpc.groups.pathFilter()),
    ]);
  }
  function settled(done: string) {
    return {
      onSuccess: () => toast.ok(done),
      onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: refresh,
    };
  }
  const approve = useMutation(trpc.users.approve.mutationOptions(settled(t('users.approved'))));
  const resetMfa = useMutation(trpc.users.resetMfa.mutationOptions(settled(t('users.mfaReset'))));
  const endSessions = useMutation(trpc.users.endSessions.mutationOptions(settled(t('users.sessionsEnded'))));
  const update = useMutation(trpc.users.update.mutationOptions(settled(t('common.saved'))));
  const remove = useMutation(
    trpc.users.remove.mutationOptions({
      ...settled(t('users.removed')),
      onSuccess: (_result, { id }) => {
        queryClient.removeQueries(trpc.users.get.queryFilter({ id }));
        toast.ok(t('users.removed'));
      },
    }),
  );
  async function asked(question: Parameters<typeof confirm>[0], run: () => Promise<unknown>): Promise<boolean> {
    if (!(await confirm(question))) return false;
    return run().then(
      () => true,
      () => false,
    );
  }
  return {
    busy: [approve, resetMfa, endSessions, update, remove].some((each) => each.isPending),
    approve: ({ id }: Target) => approve.mutate({ id }),
    setDisabled: ({ id }: Target, disabled: boolean) => update.mutate({ id, patch: { disabled } }),
    resetMfa: ({ id, username }: Target) =>
      asked(
        {
          title: t('users.resetMfaTitle', { name: username }),
          body: t('users.resetMfaBody'),
          action: t('users.resetMfa'),
        },
        () => resetMfa.mutateAsync({ id }),
      ),
    endSessions: ({ id, username }: Target) =>
      asked(
        {
          title: t('users.endSessionsTitle', { name: username }),
          body: t('users.endSessionsBody'),
          action: t('users.endSessions'),
        },
        () => endSessions.mutateAsync({ id }),
      ),
    /** Asks, removes, and says whether the account is gone. */
    remove: ({ id, username }: Target) =>
      asked(
        {
          title: t('common.deleteOf', { name: username }),
          body: t('users.removeBody', { name: username }),
          action: t('common.deleteIt'),
        },
        () => remove.mutateAsync({ id }),
      ),
  };
}
