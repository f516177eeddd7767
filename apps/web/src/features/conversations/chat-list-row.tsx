import { Link } from '@tanstack/react-router';
import { Star } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Status } from '../../ui/feedback/status.tsx';
import { Time } from '../../ui/text/time.tsx';
import { ConversationMenu } from './conversation-menu.tsx';
import type { ConversationItem } from './types.ts';
import { useIsOwn } from './use-is-own.ts';

interface ChatListRowProps {
  item: ConversationItem;
  isOpen: boolean;
  onChosen: (() => void) | undefined;
}

/** One conversation of the list. */
export function ChatListRow({ item, isOpen, onChosen }: ChatListRowProps) {
  const { t } = useTranslation();
  const isOwn = useIsOwn()(item);
  return (
    <li
      className={cx(
        'group relative flex items-start gap-1 rounded-md pr-1 transition-colors [contain-intrinsic-size:auto_3rem] [content-visibility:auto]',
        isOpen ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <Link
        to="/chat/$id"
        params={{ id: item.id }}
        onClick={onChosen}
        aria-current={isOpen ? 'page' : undefined}
        className="min-w-0 flex-1 rounded-md px-2.5 py-2"
      >
        <span className="flex items-center gap-1.5">
          {item.status === 'favorite' && (
            <>
              <Star aria-hidden className="size-3.5 shrink-0 fill-current text-warn" />
              <span className="sr-only">{t('conversations.folder.favorite')}</span>
            </>
          )}
          <span className={cx('truncate font-medium', isOpen && 'text-accent-text')}>
            {item.title || t('conversations.untitled')}
          </span>
        </span>
        <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
          {item.isAnswered ? (
            <Status shape="half" tone="accent" label={t('conversations.answering')} />
          ) : (
            <Time value={item.updatedAt} />
          )}
          {item.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      </Link>
      {isOwn && (
        <span className="pt-1.5">
          <ConversationMenu item={item} isOpen={isOpen} />
        </span>
      )}
    </li>
  );
}
