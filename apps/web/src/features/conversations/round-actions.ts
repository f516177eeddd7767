import { useEffect, useMemo, useRef } from 'react';
import type { Round } from './types.ts';
import type { Chat } from './use-chat.ts';

/** What can be done about a round. */
export interface RoundActions {
  edit: (round: Round) => void;
  /** Says the same once more, on a branch of its own. */
  again: (round: Round) => void;
  select: (runId: string) => void;
  goOn: (runId: string) => void;
}

/** The same functions for as long as the conversation is shown, so that rounds that do not change are not drawn again. */
export function useRoundActions(chat: Chat, onEdit: (round: Round) => void): RoundActions {
  const latest = useRef({ chat, onEdit });
  useEffect(() => void (latest.current = { chat, onEdit }));
  return useMemo(
    () => ({
      edit: (round) => latest.current.onEdit(round),
      again: ({ content, attachments, parentId }) => latest.current.chat.say({ content, attachments, parentId }),
      select: (runId) => latest.current.chat.select(runId),
      goOn: (runId) => latest.current.chat.goOn(runId),
    }),
    [],
  );
}
