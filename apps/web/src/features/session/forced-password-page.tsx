import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/form/button.tsx';
import { PasswordForm } from '../../ui/form/password-form.tsx';
import { FrontFrame } from '../../ui/layout/front-frame.tsx';

/** Nothing else works until a password that somebody else knows is changed. */
export function ForcedPasswordPage({ username }: { username: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  function refresh() {
    return queryClient.invalidateQueries();
  }
  const change = useMutation(trpc.account.changePassword.mutationOptions({ onSuccess: refresh }));
  const signOut = useMutation(trpc.auth.logout.mutationOptions({ onSettled: refresh }));
  return (
    <FrontFrame
      title={t('session.password.forcedTitle')}
      lead={t('session.password.forcedLead')}
      below={
        <Button look="ghost" size="sm" busy={signOut.isPending} onClick={() => signOut.mutate()}>
          {t('shell.signOut')}
        </Button>
      }
    >
      <PasswordForm
        wide
        username={username}
        action={t('session.password.forcedAction')}
        failure={change.error ? toFailure(change.error) : null}
        busy={change.isPending}
        onSubmit={(input) => change.mutate(input)}
      />
    </FrontFrame>
  );
}
