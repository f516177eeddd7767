import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isUnreachable, needsCode, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, SecretInput } from '../../ui/form/input.tsx';
import { FrontFrame } from '../../ui/layout/front-frame.tsx';
import { RegisterForm } from './register-form.tsx';

function useLogin() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.auth.login.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
    }),
  );
}

interface CodeStepProps {
  code: string;
  onCode: (code: string) => void;
  onBack: () => void;
}

function CodeStep({ code, onCode, onBack }: CodeStepProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('session.signIn.code')} hint={t('session.signIn.codeHint')}>
        <Input
          name="one-time-code"
          autoComplete="one-time-code"
          autoCapitalize="none"
          mono
          required
          autoFocus
          value={code}
          onChange={(event) => onCode(event.target.value)}
        />
      </Field>
      <Button look="ghost" size="sm" className="order-last" onClick={onBack}>
        {t('session.signIn.otherAccount')}
      </Button>
    </>
  );
}

function FirstTime() {
  const { t } = useTranslation();
  const [before, after] = t('session.signIn.firstTime', { file: '|' }).split('|');
  return (
    <p>
      {before}
      {/* In one piece: its hyphen is no place to break. */}
      <code className="font-mono whitespace-nowrap">admin-password</code>
      {after}
    </p>
  );
}

function SignInForm({ known }: { known: string }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const login = useLogin();
  const failure = login.error ? toFailure(login.error) : null;
  // Asking for the code is the next step and not a failure; a code that was refused is.
  const asked = needsCode(login.error) && (login.variables?.mfaCode ?? '') === '';
  function submit(event: FormEvent) {
    event.preventDefault();
    login.mutate(
      { username, password, ...(code === null ? {} : { mfaCode: code.trim() }) },
      { onError: (error) => needsCode(error) && setCode('') },
    );
  }
  function back() {
    login.reset();
    setCode(null);
    setPassword('');
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure && !asked && (
        <Callout alert tone="bad" title={isUnreachable(login.error) ? t('error.unreachable') : failure.message}>
          {isUnreachable(login.error)
            ? t('error.unreachableHint')
            : t(code === null ? 'session.signIn.failedHint' : 'session.signIn.codeFailedHint')}
        </Callout>
      )}
      {code === null ? (
        <>
          <Field label={t('common.username')}>
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
          <Field label={t('common.password')}>
            <SecretInput
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        </>
      ) : (
        <CodeStep code={code} onCode={setCode} onBack={back} />
      )}
      <Button type="submit" look="primary" busy={login.isPending} className="w-full">
        {t('session.signIn.action')}
      </Button>
    </form>
  );
}

/** Signing in, in one step or two, and making an account where this hub lets people do that. */
export function SignInPage({ instance, canRegister }: { instance: string; canRegister: boolean }) {
  const { t } = useTranslation();
  const [registering, setRegistering] = useState(false);
  const [known, setKnown] = useState('');
  return (
    <FrontFrame
      title={t(registering ? 'session.register.title' : 'session.signIn.title')}
      lead={t(registering ? 'session.register.lead' : 'session.signIn.lead', { instance })}
      below={
        <>
          {canRegister && (
            <p className="mb-3">
              <Button look="ghost" size="sm" onClick={() => setRegistering(!registering)}>
                {t(registering ? 'session.register.instead' : 'session.register.offer')}
              </Button>
            </p>
          )}
          {!registering && <FirstTime />}
        </>
      }
    >
      {registering ? (
        <RegisterForm
          onDone={(username) => {
            setKnown(username);
            setRegistering(false);
          }}
        />
      ) : (
        <SignInForm known={known} />
      )}
    </FrontFrame>
  );
}
