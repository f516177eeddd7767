import { boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { claudeStates } from '../words.ts';
import { users } from './access.ts';

/** Questions that are answered later, and their answers until these expire. */
export const claudeRequests = pgTable(
  'claude_requests',
  {
    id: text().primaryKey(),
    /** Null: the hub's own admin. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** The key it was asked with; no foreign key: without its key it is not answered. */
    keyId: text(),
    question: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text({ enum: claudeStates }).notNull().default('processing'),
    completion: text(),
    stopReason: text(),
    model: text(),
    /** Why there is no answer. */
    error: text(),
    /** Sealed: where the answer is posted, and the secret that signs it. Null: nowhere. */
    callback: text(),
    /** True where the asker may reach private addresses. */
    allowPrivate: boolean().notNull().default(false),
    createdAt: moment().notNull(),
    completedAt: moment(),
    expiresAt: moment().notNull(),
  },
  (table) => [
    index('claude_requests_user_index').on(table.userId),
    index('claude_requests_expires_index').on(table.expiresAt),
  ],
);
