import type { tables } from '@switchboard/db';
import type { generationTypes } from '@switchboard/db/words';

/** A stored conversation, with the groups whose members may read it, and what a model makes in it; null: nothing. */
export type ConversationRow = typeof tables.conversations.$inferSelect & {
  groups: string[];
  makes: (typeof generationTypes)[number] | null;
};
