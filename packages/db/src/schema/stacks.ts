import { boolean, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { users } from './access.ts';

/** The result of the last change of a stack. */
export interface StackResult {
  action: string;
  outcome: 'ok' | 'failed' | 'cancelled';
  message: string | null;
  /** ISO. */
  at: string;
  durationMs: number;
}

/** Compose stacks; their files are in the stacks folder too, and are written again from here. */
export const stacks = pgTable(
  'stacks',
  {
    id: text().primaryKey(),
    engine: text().notNull(),
    /** Compose's name for it, which all of its containers carry. */
    project: text().notNull(),
    /** As it was given; null where the project alone says where it is. */
    path: text(),
    /** Relative to the stacks folder of its engine. */
    folder: text().notNull(),
    file: text().notNull(),
    content: text().notNull(),
    /** Sealed text of the environment file; null = none. */
    env: text(),
    /** Containers by service where they are other than the content says. */
    scale: jsonb().$type<Record<string, number>>().notNull().default({}),
    /** True where it existed before it was stored here. */
    adopted: boolean().notNull().default(false),
    /** Null: the hub's own admin, or a removed account. */
    ownerId: text().references(() => users.id, { onDelete: 'set null' }),
    lastResult: jsonb().$type<StackResult>(),
    deployedAt: moment(),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('stacks_project_unique').on(table.engine, table.project),
    uniqueIndex('stacks_folder_unique').on(table.engine, table.folder),
    index('stacks_owner_index').on(table.ownerId),
  ],
);
