import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { SecretInput } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';

interface PasswordDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  hint: string;
  danger: boolean;
  busy: boolean;
  error: unknown;
  onSubmit: (password: string) => void;
}

function Body({
  id,
  hint,
  error,
  onSubmit,
}: Pick<PasswordDialogProps, 'hint' | 'error' | 'onSubmit'> & { id: string }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const failure = error === null || error === undefined ? null : toFailure(error);
  const atField = fieldMessage(failure, 'password');
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit(password);
  }
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-ink-2">{hint}</p>
      {failure && atField === null && <Callout alert tone="bad" title={failure.message} />}
      <Field label={t('password.current')} error={atField}>
        <SecretInput
          data-autofocus
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </form>
  );
}

/** Asks for the password again before something that a borrowed session must not do. */
export function PasswordDialog({ open, onClose, title, danger, busy, ...rest }: PasswordDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look={danger ? 'danger' : 'primary'} busy={busy}>
            {t('common.continue')}
          </Button>
        </>
      }
    >
      <Body id={id} {...rest} />
    </Dialog>
  );
}
