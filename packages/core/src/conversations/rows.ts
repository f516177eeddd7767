import type { tables } from '@switchboard/db';

/** A stored conversation, with the groups whose members may read it. */
export type ConversationRow = typeof tables.conversations.$inferSelect & { groups: string[] };
