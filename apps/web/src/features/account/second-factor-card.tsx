import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Status } from '../../ui/feedback/status.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { RecoveryCodesDialog } from './recovery-codes-dialog.tsx';
import { TotpDialog, type Enrolment } from './totp-dialog.tsx';

/** The second factor: switched on with an app, off with the password. */
export function SecondFactorCard({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState<'enrol' | 'remove' | 'renew' | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  function refresh() {
    return queryClient.invalidateQueries(trpc.account.get.pathFilter());
  }
  const enrol = useMutation(
    trpc.account.enrolTotp.mutationOptions({
      onSuccess: (result) => {
        setAsking(null);
        setEnrolment(result);
      },
    }),
  );
  const remove = useMutation(
    trpc.account.removeTotp.mutationOptions({
      onSuccess: () => {
        setAsking(null);
        toast.ok(t('account.mfa.removed'));
        return refresh();
      },
    }),
  );
  const renew = useMutation(
    trpc.account.renewRecoveryCodes.mutationOptions({
      onSuccess: (result) => {
        setAsking(null);
        setCodes(result.codes);
      },
    }),
  );
  const doing = { enrol, remove, renew }[asking ?? 'enrol'];
  function close() {
    doing.reset();
    setAsking(null);
  }
  return (
    <Card
      title={t('mfa.title')}
      actions={<Status {...(enabled ? on : off)} label={t(enabled ? 'mfa.on' : 'mfa.off')} className="text-sm" />}
    >
      <p className="text-ink-2">{t(enabled ? 'account.mfa.onHint' : 'account.mfa.offHint')}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        {!enabled && (
          <Button
            look="primary"
            icon={<ShieldCheck aria-hidden className="size-4" />}
            onClick={() => setAsking('enrol')}
          >
            {t('account.mfa.do.enrol')}
          </Button>
        )}
        {enabled && <Button onClick={() => setAsking('renew')}>{t('account.mfa.do.renew')}</Button>}
        {enabled && (
          <Button icon={<ShieldOff aria-hidden className="size-4" />} onClick={() => setAsking('remove')}>
            {t('account.mfa.do.remove')}
          </Button>
        )}
      </div>
      <PasswordDialog
        open={asking !== null}
        onClose={close}
        title={t(`account.mfa.do.${asking ?? 'enrol'}`)}
        hint={t(`account.mfa.do.${asking ?? 'enrol'}Hint`)}
        danger={asking === 'remove'}
        busy={doing.isPending}
        error={doing.error}
        onSubmit={(password) => doing.mutate({ password })}
      />
      <TotpDialog
        enrolment={enrolment}
        onClose={() => setEnrolment(null)}
        onDone={(next) => {
          setEnrolment(null);
          setCodes(next);
          void refresh();
        }}
      />
      <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />
    </Card>
  );
}

const on = { shape: 'disc', tone: 'ok' } as const;
const off = { shape: 'ring', tone: 'idle' } as const;
