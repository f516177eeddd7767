import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { toolRuleScopes, toolVerdicts } from '../words.ts';
import { users } from './access.ts';
import { conversations } from './conversations.ts';
import { groups } from './groups.ts';
import { servers } from './servers.ts';

/** Which tools models may call in conversations, and for whom. */
export const toolRules = pgTable(
  'tool_rules',
  {
    id: text().primaryKey(),
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** As the server calls it. */
    tool: text().notNull(),
    scope: text({ enum: toolRuleScopes }).notNull(),
    /** The owner of the rule; null also for the hub's own admin. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    conversationId: text().references(() => conversations.id, { onDelete: 'cascade' }),
    groupId: text().references(() => groups.id, { onDelete: 'cascade' }),
    verdict: text({ enum: toolVerdicts }).notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [
    uniqueIndex('tool_rules_place_index').on(
      table.serverId,
      table.tool,
      table.scope,
      sql`coalesce(${table.userId}, '')`,
      sql`coalesce(${table.conversationId}, '')`,
      sql`coalesce(${table.groupId}, '')`,
    ),
    index('tool_rules_user_index').on(table.userId),
    index('tool_rules_conversation_index').on(table.conversationId),
    index('tool_rules_group_index').on(table.groupId),
    check(
      'tool_rules_scope_check',
      sql`(${table.scope} = 'conversation') = (${table.conversationId} is not null) and (${table.scope} = 'group') = (${table.groupId} is not null)`,
    ),
  ],
);
