import { useTranslation } from 'react-i18next';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';

/** The codes for the day the phone is lost, shown once. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[] | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={codes !== null}
      onClose={onClose}
      title={t('account.mfa.codes')}
      footer={
        <>
          <CopyButton text={codes?.join('\n') ?? ''} />
          <Button look="primary" size="sm" onClick={onClose}>
            {t('account.mfa.stored')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Callout tone="warn" title={t('account.mfa.codesOnce')}>
          {t('account.mfa.codesHint')}
        </Callout>
        <ul
          aria-label={t('account.mfa.codes')}
          className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-md border border-line bg-sunken p-4 font-mono text-sm"
        >
          {codes?.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
