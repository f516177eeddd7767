import { useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Sheet } from '../../ui/layout/dialog.tsx';
import { ChatHead } from './chat-head.tsx';
import { ChatList } from './chat-list.tsx';
import { ChatLog } from './chat-log.tsx';
import { Composer } from './composer.tsx';
import { ConversationAbsent } from './conversation-absent.tsx';
import type { Round } from './types.ts';
import { useChat } from './use-chat.ts';
import { useConversation } from './use-conversation.ts';
import { useSettings } from './use-settings.ts';

/** Escape, where nothing that is open takes it. */
function useEscape(onEscape: () => void) {
  const latest = useRef(onEscape);
  useEffect(() => void (latest.current = onEscape));
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const isTaken = event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]') !== null;
      if (event.key === 'Escape' && !isTaken) latest.current();
    }
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function Talk({ id, onList }: { id: string | undefined; onList: () => void }) {
  const { t } = useTranslation();
  const { query, conversation, rounds, earlier } = useConversation(id);
  const settings = useSettings(conversation, id);
  const chat = useChat(id, conversation, settings.settings);
  const [editing, setEditing] = useState<Round | null>(null);
  const [draft, setDraft] = useState<{ text: string; count: number }>({ text: '', count: 0 });
  const title = conversation ? conversation.title || t('conversations.untitled') : t('conversations.new');
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  useEscape(() => (edited ? setEditing(null) : chat.stop()));
  const edited = editing !== null && rounds.includes(editing) ? editing : null;
  if (id !== undefined && query.isError && conversation === undefined) {
    return <ConversationAbsent error={query.error} onRetry={() => void query.refetch()} onList={onList} />;
  }
  const canWrite = id === undefined || conversation?.can.write === true;
  return (
    <section aria-label={title} className="flex min-w-0 flex-1 flex-col">
      <ChatHead title={title} conversation={conversation} settings={settings} onList={onList} />
      <ChatLog
        key={id ?? ''}
        conversation={conversation}
        isLoading={id !== undefined && conversation === undefined}
        rounds={rounds}
        earlier={earlier}
        chat={chat}
        settings={settings}
        canWrite={canWrite}
        onEdit={setEditing}
        onSuggest={(text) => setDraft(({ count }) => ({ text, count: count + 1 }))}
      />
      {canWrite ? (
        <Composer
          id={id}
          conversation={conversation}
          chat={chat}
          settings={settings}
          editing={edited}
          draft={draft}
          onEditing={setEditing}
        />
      ) : (
        conversation && (
          <p className="border-t border-line px-4 py-3 text-center text-sm text-ink-3">
            {t('conversations.readOnly', { name: conversation.ownerName ?? t('conversations.somebody') })}
          </p>
        )
      )}
    </section>
  );
}

/** Conversations, and the one that is open. */
export function ChatPage() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false });
  const [isListOpen, setListOpen] = useState(false);
  return (
    <div className="flex h-[calc(100dvh-3.5rem)] min-h-80">
      <aside
        aria-label={t('conversations.title')}
        className="hidden w-72 shrink-0 border-r border-line bg-surface lg:block"
      >
        <ChatList id={id} />
      </aside>
      <Sheet open={isListOpen} onClose={() => setListOpen(false)} shape="left" label={t('conversations.title')}>
        <ChatList id={id} onChosen={() => setListOpen(false)} />
      </Sheet>
      <Talk id={id} onList={() => setListOpen(true)} />
    </div>
  );
}
