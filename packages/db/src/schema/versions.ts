import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { users } from './access.ts';

/** The form of an object after each of its changes; without secrets. */
export const versions = pgTable(
  'versions',
  {
    kind: text({ enum: ['stack', 'graph', 'configuration', 'server', 'group'] }).notNull(),
    entityId: text().notNull(),
    /** 1, 2, … of each entity. */
    number: integer().notNull(),
    at: moment().notNull(),
    /** Null: the hub's own admin, the hub itself, or a removed account. */
    byId: text().references(() => users.id, { onDelete: 'set null' }),
    byName: text(),
    snapshot: jsonb().$type<Record<string, unknown>>().notNull(),
    /** By name, a mark that shows whether a secret value changed; never the value. */
    fingerprints: jsonb().$type<Record<string, string>>().notNull(),
    /** Of the snapshot and the fingerprints, as JSON. */
    bytes: integer().notNull(),
    /** The version that was restored by this change. */
    restored: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.entityId, table.number] }),
    index('versions_by_index').on(table.byId),
  ],
);
