import { Clock3, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/form/button.tsx';
import type { Chat } from './use-chat.ts';

/** What was said while an answer came, and waits for its turn. */
export function QueueView({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  if (chat.queue.length === 0) return null;
  return (
    <ol aria-label={t('conversations.queue.label')} className="mb-2 flex flex-col gap-1">
      {chat.queue.map((item) => (
        <li
          key={item.key}
          className="flex items-center gap-2 rounded-md border border-line bg-surface py-1 pr-1 pl-3 text-sm"
        >
          <Clock3 aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          <span className="min-w-0 flex-1 truncate">
            {item.content || item.attachments.map(({ name }) => name).join(', ')}
          </span>
          {!chat.isBusy && (
            <Button size="sm" onClick={() => chat.sendNow(item)}>
              {t('conversations.queue.sendNow')}
            </Button>
          )}
          <IconButton size="sm" label={t('conversations.queue.withdraw')} onClick={() => chat.withdraw(item.key)}>
            <X aria-hidden className="size-3.5" />
          </IconButton>
        </li>
      ))}
    </ol>
  );
}
