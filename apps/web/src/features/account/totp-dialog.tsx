import { useMutation } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { CopyText } from '../../ui/text/copy.tsx';

export type Enrolment = Outputs['account']['enrolTotp'];

/** As a picture, never as markup of the page. */
function asImage(svg: string) {
  return `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
}

function Body({
  id,
  enrolment,
  onDone,
  onBusy,
}: {
  id: string;
  enrolment: Enrolment;
  onDone: (codes: string[]) => void;
  onBusy: (busy: boolean) => void;
}) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [code, setCode] = useState('');
  const confirm = useMutation(
    trpc.account.confirmTotp.mutationOptions({
      onMutate: () => onBusy(true),
      onSettled: () => onBusy(false),
      onSuccess: ({ codes }) => onDone(codes),
    }),
  );
  const failure = confirm.error ? toFailure(confirm.error) : null;
  const atField = fieldMessage(failure, 'code');
  function submit(event: FormEvent) {
    event.preventDefault();
    confirm.mutate({ code });
  }
  return (
    <form id={id} onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-ink-2">{t('account.mfa.scan')}</p>
      <img
        src={asImage(enrolment.qrSvg)}
        alt={t('account.mfa.qr')}
        className="size-48 self-center rounded-md bg-white p-2"
        data-testid="totp-qr"
      />
      <div>
        <p className="mb-1 text-sm text-ink-3">{t('account.mfa.typeIn')}</p>
        <CopyText text={enrolment.secret} />
      </div>
      {failure && atField === null && <Callout alert tone="bad" title={failure.message} />}
      <Field label={t('account.mfa.code')} hint={t('account.mfa.codeHint')} error={atField}>
        <Input
          data-autofocus
          mono
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </Field>
    </form>
  );
}

/** Shows the secret of a second factor until its first code proves that the app has it. */
export function TotpDialog({
  enrolment,
  onClose,
  onDone,
}: {
  enrolment: Enrolment | null;
  onClose: () => void;
  onDone: (codes: string[]) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={enrolment !== null}
      onClose={onClose}
      title={t('account.mfa.do.enrol')}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={busy}>
            {t('account.mfa.confirm')}
          </Button>
        </>
      }
    >
      {enrolment && <Body id={id} enrolment={enrolment} onDone={onDone} onBusy={setBusy} />}
    </Dialog>
  );
}
