import { Archive, ArchiveRestore, Ellipsis, Star, StarOff, Trash2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import type { ConversationItem } from './types.ts';
import { useConversationActions } from './use-conversation-actions.ts';

/** What is done with a conversation of one's own; `children` are further entries. */
export function ConversationMenu({
  item,
  isOpen,
  children,
}: {
  item: ConversationItem;
  isOpen: boolean;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const { change, remove } = useConversationActions(item, isOpen);
  const { status, archived } = item;
  const label = t('common.actionsOf', { name: item.title || t('conversations.untitled') });
  return (
    <Menu
      label={label}
      trigger={
        <IconButton size="sm" label={label}>
          <Ellipsis aria-hidden className="size-4" />
        </IconButton>
      }
    >
      {children}
      {status === 'deleted' ? (
        <>
          <MenuItem icon={<Undo2 />} onSelect={() => change({ status: 'active' })}>
            {t('conversations.do.restore')}
          </MenuItem>
          <MenuItem danger icon={<Trash2 />} onSelect={() => void remove()}>
            {t('conversations.do.remove')}
          </MenuItem>
        </>
      ) : (
        <>
          <MenuItem
            icon={status === 'favorite' ? <StarOff /> : <Star />}
            onSelect={() => change({ status: status === 'favorite' ? 'active' : 'favorite' })}
          >
            {t(status === 'favorite' ? 'conversations.do.unfavorite' : 'conversations.do.favorite')}
          </MenuItem>
          <MenuItem icon={archived ? <ArchiveRestore /> : <Archive />} onSelect={() => change({ archived: !archived })}>
            {t(archived ? 'conversations.do.unarchive' : 'conversations.do.archive')}
          </MenuItem>
          <MenuLine />
          <MenuItem danger icon={<Trash2 />} onSelect={() => change({ status: 'deleted' })}>
            {t('conversations.do.bin')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
