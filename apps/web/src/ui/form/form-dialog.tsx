import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Callout } from '../feedback/callout.tsx';
import { Dialog } from '../layout/dialog.tsx';
import { Button } from './button.tsx';

interface FormDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What the button that sends it says. */
  action: string;
  busy: boolean;
  /** Nothing can be sent yet. */
  incomplete?: boolean;
  /** Why it was refused. */
  problem: string | null;
  onSubmit: () => void;
  children: ReactNode;
}

/** A form in a dialog, with the reason below where it was refused. */
export function FormDialog({ open, onClose, title, action, busy, incomplete, problem, ...form }: FormDialogProps) {
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
          <Button type="submit" form={id} look="primary" busy={busy} disabled={incomplete ?? false}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          form.onSubmit();
        }}
      >
        {form.children}
        {problem !== null && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {problem}
          </Callout>
        )}
      </form>
    </Dialog>
  );
}
