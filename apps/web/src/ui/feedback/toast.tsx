import { CircleCheck, OctagonAlert, X } from 'lucide-react';
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../form/button.tsx';

interface Message {
  id: number;
  tone: 'ok' | 'bad';
  text: string;
  detail?: string | undefined;
}

interface Toasts {
  ok: (text: string) => void;
  bad: (text: string, detail?: string) => void;
}

const ToastContext = createContext<Toasts | null>(null);
let counter = 0;

export function useToast(): Toasts {
  const toasts = use(ToastContext);
  if (!toasts) throw new Error('useToast needs a ToastProvider above it');
  return toasts;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [messages, setMessages] = useState<Message[]>([]);
  const dismiss = useCallback((id: number) => setMessages((all) => all.filter((each) => each.id !== id)), []);
  const add = useCallback(
    (message: Omit<Message, 'id'>) => {
      counter += 1;
      const id = counter;
      setMessages((all) => [...all.slice(-3), { ...message, id }]);
      setTimeout(() => dismiss(id), message.tone === 'ok' ? 4000 : 9000);
    },
    [dismiss],
  );
  const value = useMemo<Toasts>(
    () => ({ ok: (text) => add({ tone: 'ok', text }), bad: (text, detail) => add({ tone: 'bad', text, detail }) }),
    [add],
  );
  return (
    <ToastContext value={value}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed right-4 bottom-4 left-4 z-50 flex flex-col items-end gap-2"
      >
        {messages.map((message) => (
          <div
            key={message.id}
            className="pointer-events-auto flex w-full max-w-sm animate-rise items-start gap-3 rounded-lg border border-line bg-raised py-2.5 pr-1.5 pl-3.5 shadow-float"
          >
            {message.tone === 'ok' ? (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
            ) : (
              <OctagonAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
            )}
            <div className="min-w-0 flex-1">
              <p className="font-medium break-words">{message.text}</p>
              {message.detail !== undefined && <p className="text-sm break-words text-ink-2">{message.detail}</p>}
            </div>
            <IconButton size="sm" label={t('common.dismiss')} onClick={() => dismiss(message.id)}>
              <X aria-hidden className="size-3.5" />
            </IconButton>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
