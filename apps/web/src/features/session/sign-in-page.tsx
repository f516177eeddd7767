import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isUnreachable, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Field } from '../../ui/field.tsx';
import { Input, SecretInput } from '../../ui/input.tsx';
import { Logo } from '../../ui/logo.tsx';

export function SignInPage({ instance }: { instance: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation(
    trpc.auth.login.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
    }),
  );
  useEffect(() => {
    document.title = `${t('signIn.title')} · Switchboard`;
  }, [t]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate({ username, password });
  };
  const failure = login.error ? toFailure(login.error) : null;
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm animate-rise">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Logo className="size-12" />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{t('signIn.title')}</h1>
            <p className="text-ink-3">{t('signIn.lead', { instance })}</p>
          </div>
        </div>
        <form
          onSubmit={submit}
          className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-6 shadow-lift"
        >
          {failure && (
            <Callout alert tone="bad" title={isUnreachable(login.error) ? t('error.unreachable') : failure.message}>
              {isUnreachable(login.error) ? t('error.unreachableHint') : t('signIn.failedHint')}
            </Callout>
          )}
          <Field label={t('signIn.username')}>
            <Input
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              required
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          </Field>
          <Field label={t('signIn.password')}>
            <SecretInput
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <Button type="submit" look="primary" busy={login.isPending} className="w-full">
            {t('signIn.action')}
          </Button>
        </form>
        <p className="mt-4 text-center text-xs text-ink-3">{t('signIn.firstTime')}</p>
      </div>
    </main>
  );
}
