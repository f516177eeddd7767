import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment, money } from '../columns.ts';
import { conversationKinds, conversationStatuses, titledBy, visibilities } from '../words.ts';
import { users } from './access.ts';
import { groups } from './groups.ts';

/** Conversations with models. The messages are in the journal: a round is a run. */
export const conversations = pgTable(
  'conversations',
  {
    id: text().primaryKey(),
    /** Null: the hub's own admin. */
    ownerId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** Where nobody signs in, names that callers give keep their conversations apart; else empty. */
    space: text().notNull().default(''),
    /** The id that callers gave; else its own id. */
    externalId: text().notNull(),
    kind: text({ enum: conversationKinds }).notNull().default('chat'),
    title: text().notNull().default(''),
    titledBy: text({ enum: titledBy }).notNull().default('nobody'),
    status: text({ enum: conversationStatuses }).notNull().default('active'),
    archived: boolean().notNull().default(false),
    tags: text()
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** The model, tools and parameters that the next round begins with. */
    settings: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** The other people who may read it. */
    visibility: text({ enum: visibilities }).notNull().default('private'),
    /** The round that was said last on the branch that is shown. */
    headId: text(),
    rounds: integer().notNull().default(0),
    tokensIn: bigint({ mode: 'number' }).notNull().default(0),
    tokensOut: bigint({ mode: 'number' }).notNull().default(0),
    cost: money().notNull().default(0),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex('conversations_external_index').on(sql`coalesce(${table.ownerId}, '')`, table.space, table.externalId),
    index('conversations_owner_index').on(table.ownerId, table.updatedAt),
  ],
);

/** Groups whose members may read a conversation. */
export const conversationGroups = pgTable(
  'conversation_groups',
  {
    conversationId: text()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.groupId] }),
    index('conversation_groups_group_index').on(table.groupId),
  ],
);
