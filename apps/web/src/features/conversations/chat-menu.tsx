import { useQueryClient } from '@tanstack/react-query';
import { Braces, FileText, Share2, Tag } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '../../lib/files.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { MenuItem, MenuLine } from '../../ui/menu.tsx';
import { useToast } from '../../ui/toast.tsx';
import { ConversationMenu } from './conversation-menu.tsx';
import { ExportMenu } from './export-menu.tsx';
import { fileName, toJson, toMarkdown } from './export.ts';
import type { Conversation, Round } from './types.ts';

const atOnce = 200;

/** Saves the branch that is shown, from its first round. */
function useExport(conversation: Conversation) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  async function all(): Promise<Round[]> {
    const rounds: Round[] = [];
    let before: string | undefined;
    for (;;) {
      const input = { id: conversation.id, rounds: atOnce, ...(before !== undefined && { before }) };
      const page = await queryClient.fetchQuery(trpc.conversations.get.queryOptions(input, { staleTime: 0 }));
      rounds.unshift(...page.shown);
      before = page.shown[0]?.id;
      if (!page.hasEarlier || before === undefined) return rounds;
    }
  }
  async function save(as: 'md' | 'json') {
    try {
      const rounds = await all();
      const words = { you: t('conversations.you'), untitled: t('conversations.untitled') };
      const text = as === 'md' ? toMarkdown(conversation, rounds, words) : toJson(conversation, rounds);
      saveAs(fileName(conversation, as), text);
    } catch (error) {
      toast.bad(t('common.actionFailed'), toFailure(error).message);
    }
  }
  return (as: 'md' | 'json') => void save(as);
}

interface ChatMenuProps {
  conversation: Conversation;
  onDetails: () => void;
  onShare: () => void;
}

/** All that is done with the conversation that is open; who may only read it takes it along. */
export function ChatMenu({ conversation, onDetails, onShare }: ChatMenuProps) {
  const { t } = useTranslation();
  const save = useExport(conversation);
  if (!conversation.can.write) return <ExportMenu onSave={save} />;
  return (
    <ConversationMenu item={conversation} isOpen>
      <MenuItem icon={<Tag />} onSelect={onDetails}>
        {t('conversations.do.details')}
      </MenuItem>
      {conversation.can.share && (
        <MenuItem icon={<Share2 />} onSelect={onShare}>
          {t('conversations.do.share')}
        </MenuItem>
      )}
      <MenuItem icon={<FileText />} onSelect={() => save('md')}>
        {t('conversations.do.markdown')}
      </MenuItem>
      <MenuItem icon={<Braces />} onSelect={() => save('json')}>
        {t('conversations.do.json')}
      </MenuItem>
      <MenuLine />
    </ConversationMenu>
  );
}
