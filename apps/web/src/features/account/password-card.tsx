import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { PasswordForm } from '../../ui/form/password-form.tsx';
import { Card } from '../../ui/layout/card.tsx';

export function PasswordCard({ username }: { username: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [round, setRound] = useState(0);
  const change = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: async ({ endedSessions }) => {
        toast.ok(t('account.password.changed', { count: endedSessions }));
        setRound(round + 1);
        await queryClient.invalidateQueries(trpc.account.sessions.pathFilter());
      },
    }),
  );
  return (
    <Card title={t('account.password.change')}>
      <PasswordForm
        key={round}
        username={username}
        action={t('account.password.change')}
        failure={change.error ? toFailure(change.error) : null}
        busy={change.isPending}
        onSubmit={(input) => change.mutate(input)}
      >
        <p className="text-ink-2">{t('account.password.hint')}</p>
      </PasswordForm>
    </Card>
  );
}
