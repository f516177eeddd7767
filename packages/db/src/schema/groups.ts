import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { itemTypes, memberRoles, memberStatuses } from '../words.ts';
import { users } from './access.ts';
import { servers } from './servers.ts';

/** Users + servers + tool selection + permissions; also an MCP endpoint. The slug is the id. */
export const groups = pgTable(
  'groups',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    displayName: text().notNull(),
    description: text().notNull().default(''),
    parentId: text(),
    permissions: jsonb().$type<{ servers: string[]; tools: string[] }>().notNull(),
    autoAssign: boolean().notNull().default(false),
    /** null = any number. */
    maxMembers: integer(),
    requireApproval: boolean().notNull().default(false),
    createdBy: text().references(() => users.id, { onDelete: 'set null' }),
    ...timestamps(),
  },
  (table) => [
    foreignKey({ columns: [table.parentId], foreignColumns: [table.id], name: 'groups_parent_fk' }),
    index('groups_parent_index').on(table.parentId),
  ],
);

/** A pending member has no rights yet. */
export const groupMembers = pgTable(
  'group_members',
  {
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: memberRoles }).notNull(),
    /** Another word for the role, as it was given; null: the role itself. */
    roleWord: text({ enum: ['maintainer', 'admin'] }),
    status: text({ enum: memberStatuses }).notNull(),
    addedBy: text(),
    approvedBy: text(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.userId] }),
    index('group_members_user_index').on(table.userId),
  ],
);

/** A server in a group. `permissions` narrow the group's own. */
export const groupServers = pgTable(
  'group_servers',
  {
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    permissions: text().array().notNull(),
    /** Stands in exposed names instead of the server's slug. */
    alias: text(),
    /** Types of which only the items switched on here are exposed; of the others all but those switched off. */
    chosen: text().array().notNull().default([]),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.serverId] }),
    uniqueIndex('group_servers_alias_unique').on(table.groupId, sql`lower(${table.alias})`),
    index('group_servers_server_index').on(table.serverId),
  ],
);

/** The changes of a group to one item of one of its servers. */
export const groupItems = pgTable(
  'group_items',
  {
    groupId: text().notNull(),
    serverId: text().notNull(),
    type: text({ enum: itemTypes }).notNull(),
    name: text().notNull(),
    enabled: boolean().notNull(),
    rename: text(),
    description: text(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.serverId, table.type, table.name] }),
    foreignKey({
      columns: [table.groupId, table.serverId],
      foreignColumns: [groupServers.groupId, groupServers.serverId],
      name: 'group_items_server_fk',
    }).onDelete('cascade'),
  ],
);
