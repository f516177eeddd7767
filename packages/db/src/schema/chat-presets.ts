import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { users } from './access.ts';

/** System prompts with parameters, kept by people under names. */
export const chatPresets = pgTable(
  'chat_presets',
  {
    id: text().primaryKey(),
    /** The owner; null: the hub's own admin. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    settings: jsonb().$type<Record<string, unknown>>().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex('chat_presets_name_index').on(sql`coalesce(${table.userId}, '')`, table.name),
    index('chat_presets_user_index').on(table.userId),
  ],
);
