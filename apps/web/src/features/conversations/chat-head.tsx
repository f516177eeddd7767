import { PanelLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/feedback/badge.tsx';
import { IconButton } from '../../ui/form/button.tsx';
import { UsageLine } from '../../ui/rounds/usage-line.tsx';
import { ChatMenu } from './chat-menu.tsx';
import { DetailsDialog } from './details-dialog.tsx';
import { ModelPick } from './model-pick.tsx';
import { ShareDialog } from './share-dialog.tsx';
import type { Conversation } from './types.ts';
import type { ChatSettings } from './use-settings.ts';

interface ChatHeadProps {
  title: string;
  conversation: Conversation | undefined;
  settings: ChatSettings;
  onList: () => void;
}

/** What the conversation is called, who answers, and what can be done with it. */
export function ChatHead({ title, conversation, settings, onList }: ChatHeadProps) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'details' | 'share' | null>(null);
  const canWrite = conversation === undefined || conversation.can.write;
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-page px-3 py-2 sm:px-4">
      <IconButton label={t('conversations.showList')} onClick={onList} className="lg:hidden">
        <PanelLeft aria-hidden className="size-4" />
      </IconButton>
      <div className="min-w-0 flex-1 basis-40">
        <h1 className="truncate text-lg font-semibold">{title}</h1>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
          {conversation && <UsageLine of={conversation} />}
          {conversation?.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
          {conversation && conversation.visibility !== 'private' && (
            <Badge tone="accent">{t('conversations.share.badge')}</Badge>
          )}
        </p>
      </div>
      <span className="ml-auto flex min-w-0 flex-wrap items-center justify-end gap-1">
        {canWrite && <ModelPick settings={settings} />}
        {conversation && (
          <ChatMenu
            conversation={conversation}
            model={settings.settings?.model ?? null}
            onDetails={() => setDialog('details')}
            onShare={() => setDialog('share')}
          />
        )}
      </span>
      {dialog === 'details' && conversation && (
        <DetailsDialog conversation={conversation} onClose={() => setDialog(null)} />
      )}
      {dialog === 'share' && conversation && (
        <ShareDialog conversation={conversation} onClose={() => setDialog(null)} />
      )}
    </header>
  );
}
