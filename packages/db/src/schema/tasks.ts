import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { servers } from './servers.ts';

/** The person who was given a task by a server, so that it still belongs to that person after a restart of the hub. */
export const taskRoutes = pgTable(
  'task_routes',
  {
    /** Hash of the task's id, which servers may take for a password. */
    task: text().notNull(),
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** The person behind the credential. */
    person: text().notNull(),
    credential: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
    expiresAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.task, table.serverId, table.person] }),
    index('task_routes_expires_index').on(table.expiresAt),
    index('task_routes_server_index').on(table.serverId),
  ],
);
