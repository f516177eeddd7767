import type { Conversation, Round } from './types.ts';
import type { Chat } from './use-chat.ts';
import type { ChatSettings } from './use-settings.ts';

export interface ComposerProps {
  id: string | undefined;
  conversation: Conversation | undefined;
  chat: Chat;
  settings: ChatSettings;
  /** What is said anew, on a branch of its own. */
  editing: Round | null;
  /** Something to begin with; taken when its count rises. */
  draft: { text: string; count: number };
  onEditing: (round: Round | null) => void;
}
