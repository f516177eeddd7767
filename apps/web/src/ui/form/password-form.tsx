import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, type Failure } from '../../lib/trpc.ts';
import { Callout } from '../feedback/callout.tsx';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { SecretInput } from './input.tsx';

interface PasswordFormProps {
  failure: Failure | null;
  busy: boolean;
  action: string;
  onSubmit: (input: { currentPassword: string; newPassword: string }) => void;
  username?: string | undefined;
  wide?: boolean;
  children?: ReactNode;
}

/** The password now, the one to come, and that one again. */
export function PasswordForm({ failure, busy, action, onSubmit, username, wide = false, children }: PasswordFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const [again, setAgain] = useState('');
  const [differs, setDiffers] = useState(false);
  const currentError = fieldMessage(failure, 'currentPassword');
  const newError = fieldMessage(failure, 'newPassword');
  function submit(event: FormEvent) {
    event.preventDefault();
    setDiffers(newPassword !== again);
    if (newPassword === again) onSubmit({ currentPassword, newPassword });
  }
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4">
      {children}
      {failure && currentError === null && newError === null && <Callout alert tone="bad" title={failure.message} />}
      <input type="text" name="username" autoComplete="username" value={username ?? ''} readOnly hidden />
      <Field label={t('password.current')} error={currentError}>
        <SecretInput
          name="current-password"
          autoComplete="current-password"
          required
          value={currentPassword}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label={t('password.next')} hint={t('password.rule')} error={newError}>
        <SecretInput
          name="new-password"
          autoComplete="new-password"
          required
          minLength={8}
          value={newPassword}
          onChange={(event) => setNew(event.target.value)}
        />
      </Field>
      <Field label={t('password.again')} error={differs ? t('password.differs') : null}>
        <SecretInput
          name="new-password-again"
          autoComplete="new-password"
          required
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </Field>
      <Button type="submit" look="primary" busy={busy} className={wide ? 'w-full' : 'self-start'}>
        {action}
      </Button>
    </form>
  );
}
