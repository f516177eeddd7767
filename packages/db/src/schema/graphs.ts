import { index, json, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { timestamps } from '../columns.ts';
import { visibilities } from '../words.ts';
import { users } from './access.ts';
import { groups } from './groups.ts';

/** Graphs of agents. */
export const graphs = pgTable(
  'graphs',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** In one spelling and without case: by it names are unique, whatever the locale of the database. */
    nameKey: text().notNull(),
    // As text, so that keys stay in the order in which they were written: people read and compare graphs.
    config: json().$type<Record<string, unknown>>().notNull(),
    visibility: text({ enum: visibilities }).notNull().default('private'),
    /** Null: the admins'. */
    createdBy: text().references(() => users.id, { onDelete: 'set null' }),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('graphs_name_unique').on(table.nameKey),
    index('graphs_created_by_index').on(table.createdBy),
  ],
);

/** Groups whose members may run a graph. */
export const groupGraphs = pgTable(
  'group_graphs',
  {
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    graphId: text()
      .notNull()
      .references(() => graphs.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.graphId] }),
    index('group_graphs_graph_index').on(table.graphId),
  ],
);
