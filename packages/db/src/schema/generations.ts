import { pgTable, text } from 'drizzle-orm/pg-core';
import { generationTypes } from '../words.ts';
import { conversations } from './conversations.ts';

/** Conversations in which models make something. The draft is read from the messages. */
export const generations = pgTable('generations', {
  conversationId: text()
    .primaryKey()
    .references(() => conversations.id, { onDelete: 'cascade' }),
  type: text({ enum: generationTypes }).notNull(),
  /** The object that it changes, or made: id of a graph, or of a server. No reference, because that may be removed. */
  subjectId: text(),
  /** The round up to which everything that was said is in it. */
  doneId: text(),
});
