import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Braces, FileText, Share2, Shrink, Tag, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { saveAs } from '../../lib/files.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import { ConversationMenu } from './conversation-menu.tsx';
import { ExportMenu } from './export-menu.tsx';
import { fileName, toMarkdown } from './export.ts';
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
  async function asMarkdown(): Promise<string> {
    const words = { you: t('conversations.you'), untitled: t('conversations.untitled') };
    return toMarkdown(conversation, await all(), words);
  }
  async function asJson(): Promise<string> {
    const input = { id: conversation.id };
    const whole = await queryClient.fetchQuery(trpc.conversations.export.queryOptions(input, { staleTime: 0 }));
    return `${JSON.stringify(whole, null, 2)}\n`;
  }
  async function save(as: 'md' | 'json') {
    try {
      saveAs(fileName(conversation, as), await (as === 'md' ? asMarkdown() : asJson()));
    } catch (error) {
      toast.bad(t('common.actionFailed'), toFailure(error).message);
    }
  }
  return (as: 'md' | 'json') => void save(as);
}

/** Puts a summary in the place of what was said, before models; what was said stays, and the summary can be undone. */
function CompactItem({ conversation: { id, shown }, model }: { conversation: Conversation; model: string | null }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const told = {
    onSuccess: () => toast.ok(t('common.done')),
    onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
    onSettled: () => queryClient.invalidateQueries(trpc.conversations.pathFilter()),
  };
  const compact = useMutation(trpc.conversations.compact.mutationOptions(told));
  const undo = useMutation(trpc.conversations.undoCompaction.mutationOptions(told));
  if (shown.some(({ compacted }) => compacted)) {
    return (
      <MenuItem icon={<Undo2 />} onSelect={() => undo.mutate({ id })}>
        {t('conversations.do.uncompact')}
      </MenuItem>
    );
  }
  return (
    <MenuItem
      icon={<Shrink />}
      disabled={model === null || shown.length === 0}
      onSelect={() => model !== null && compact.mutate({ id, model })}
    >
      {t('conversations.do.compact')}
    </MenuItem>
  );
}

interface ChatMenuProps {
  conversation: Conversation;
  /** Who writes summaries. */
  model: string | null;
  onDetails: () => void;
  onShare: () => void;
}

/** All that is done with the conversation that is open; who may only read it takes it along. */
export function ChatMenu({ conversation, model, onDetails, onShare }: ChatMenuProps) {
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
      <CompactItem conversation={conversation} model={model} />
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
