import { X } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../class-names.ts';
import { IconButton } from '../form/button.tsx';
import { DialogElement } from './portal.ts';

type Shape = 'center' | 'right' | 'left' | 'top';

const shapes: Record<Shape, string> = {
  center: 'm-auto max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] rounded-xl animate-appear',
  top: 'mx-auto mt-[12vh] max-h-[70dvh] w-[min(38rem,calc(100vw-2rem))] rounded-xl animate-appear',
  right: 'my-0 mr-0 ml-auto h-dvh max-h-dvh w-[min(40rem,100vw)] border-y-0 border-r-0 animate-appear',
  left: 'my-0 mr-auto ml-0 h-dvh max-h-dvh w-[min(17rem,84vw)] border-y-0 border-l-0 animate-slide',
};

interface SheetProps {
  open: boolean;
  onClose: () => void;
  label?: string;
  labelledBy?: string;
  shape?: Shape;
  role?: 'dialog' | 'alertdialog';
  className?: string;
  children: ReactNode;
}

/**
 * A modal surface on the browser's own <dialog>: focus is kept inside and given back, Escape closes,
 * and no style element is written, which the page's policy would refuse. What carries `data-autofocus`
 * gets the focus first.
 */
export function Sheet({ open, onClose, label, labelledBy, shape = 'center', role, className, children }: SheetProps) {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  useEffect(() => {
    if (!dialog) return;
    if (open && !dialog.open) {
      dialog.showModal();
      (dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog).focus();
    }
    if (!open && dialog.open) dialog.close();
  }, [dialog, open]);
  useEffect(() => {
    if (!dialog) return;
    // A press on the backdrop is told to the dialog itself.
    function onPress(event: MouseEvent) {
      return event.target === dialog && onClose();
    }
    dialog.addEventListener('mousedown', onPress);
    return () => dialog.removeEventListener('mousedown', onPress);
  }, [dialog, onClose]);
  return (
    <dialog
      tabIndex={-1}
      ref={setDialog}
      role={role}
      aria-label={label}
      aria-labelledby={labelledBy}
      onClose={onClose}
      onCancel={(event) => {
        if (event.target !== dialog) return;
        event.preventDefault();
        onClose();
      }}
      className={cx('border border-line bg-surface text-ink shadow-float outline-none', shapes[shape], className)}
    >
      {open && (
        <DialogElement value={dialog}>
          <div className="flex h-full max-h-[inherit] flex-col">{children}</div>
        </DialogElement>
      )}
    </dialog>
  );
}

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  subtitle?: ReactNode;
  shape?: Shape;
  role?: 'dialog' | 'alertdialog';
  footer?: ReactNode;
  children: ReactNode;
}

export function Dialog({ open, onClose, title, subtitle, shape = 'center', role, footer, children }: DialogProps) {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <Sheet open={open} onClose={onClose} labelledBy={titleId} shape={shape} {...(role ? { role } : {})}>
      <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
        <div className="min-w-0">
          <h2 id={titleId} className="text-lg font-semibold break-words">
            {title}
          </h2>
          {subtitle !== undefined && <div className="mt-0.5 text-sm text-ink-3">{subtitle}</div>}
        </div>
        <IconButton label={t('common.close')} onClick={onClose} className="-mt-1 -mr-2">
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5 scroll-thin">{children}</div>
      {footer !== undefined && (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-line bg-sunken px-5 py-3">{footer}</footer>
      )}
    </Sheet>
  );
}
