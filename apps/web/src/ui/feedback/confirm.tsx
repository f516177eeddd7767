import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../form/button.tsx';
import { Dialog } from '../layout/dialog.tsx';

interface Question {
  title: string;
  body: ReactNode;
  action: string;
  danger?: boolean;
}

const ConfirmContext = createContext<((question: Question) => Promise<boolean>) | null>(null);

/** Asks once before something goes away; resolves with the answer. */
export function useConfirm() {
  const confirm = use(ConfirmContext);
  if (!confirm) throw new Error('useConfirm needs a ConfirmProvider above it');
  return confirm;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question | null>(null);
  const resolver = useRef<((answer: boolean) => void) | null>(null);
  const ask = useCallback((next: Question) => {
    resolver.current?.(false);
    setQuestion(next);
    return new Promise<boolean>((resolve) => {
      resolver.current = resolve;
    });
  }, []);
  const answer = useCallback((value: boolean) => {
    resolver.current?.(value);
    resolver.current = null;
    setQuestion(null);
  }, []);
  const value = useMemo(() => ask, [ask]);
  return (
    <ConfirmContext value={value}>
      {children}
      <Dialog
        role="alertdialog"
        open={question !== null}
        onClose={() => answer(false)}
        title={question?.title ?? ''}
        footer={
          <>
            <Button onClick={() => answer(false)} data-autofocus>
              {t('common.cancel')}
            </Button>
            <Button look={question?.danger === false ? 'primary' : 'danger'} onClick={() => answer(true)}>
              {question?.action}
            </Button>
          </>
        }
      >
        <div className="text-base text-ink-2">{question?.body}</div>
      </Dialog>
    </ConfirmContext>
  );
}
