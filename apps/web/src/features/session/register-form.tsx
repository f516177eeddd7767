import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, SecretInput } from '../../ui/form/input.tsx';

const empty = { username: '', fullName: '', email: '', password: '' };

/** Makes an account and signs it in. */
export function RegisterForm({ onDone }: { onDone: (username: string) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(empty);
  const login = useMutation(
    trpc.auth.login.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
      onError: () => onDone(draft.username),
    }),
  );
  const register = useMutation(
    trpc.auth.register.mutationOptions({
      onSuccess: () => login.mutate({ username: draft.username, password: draft.password }),
    }),
  );
  const failure = register.error ? toFailure(register.error) : null;
  function errorOf(field: keyof typeof empty) {
    return fieldMessage(failure, field);
  }
  const atFields = (Object.keys(empty) as (keyof typeof empty)[]).some((field) => errorOf(field) !== null);
  function set(field: keyof typeof empty) {
    return (event: { target: { value: string } }) => setDraft({ ...draft, [field]: event.target.value });
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    const { username, password, email, fullName } = draft;
    register.mutate({ username, password, email: email.trim() || null, fullName: fullName.trim() || null });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure && !atFields && <Callout alert tone="bad" title={failure.message} />}
      <Field label={t('common.username')} error={errorOf('username')}>
        <Input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          required
          autoFocus
          value={draft.username}
          onChange={set('username')}
        />
      </Field>
      <Field label={t('common.fullName')} error={errorOf('fullName')} note={t('common.optional')}>
        <Input name="name" autoComplete="name" value={draft.fullName} onChange={set('fullName')} />
      </Field>
      <Field label={t('common.email')} error={errorOf('email')} note={t('common.optional')}>
        <Input name="email" type="email" autoComplete="email" value={draft.email} onChange={set('email')} />
      </Field>
      <Field label={t('common.password')} hint={t('password.rule')} error={errorOf('password')}>
        <SecretInput
          name="new-password"
          autoComplete="new-password"
          required
          minLength={8}
          value={draft.password}
          onChange={set('password')}
        />
      </Field>
      <Button type="submit" look="primary" busy={register.isPending || login.isPending} className="w-full">
        {t('session.register.action')}
      </Button>
    </form>
  );
}
