import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { users } from './access.ts';
import { servers } from './servers.ts';

/** What people gave of their own for the slots of servers. */
export const slotValues = pgTable(
  'slot_values',
  {
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** The user's id, or the kind of whoever acts without an account. */
    person: text().notNull(),
    /** Null where there is no account behind it. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** Names of the slots that have a value. */
    names: text().array().notNull(),
    /** Sealed JSON object of values by name. */
    values: text().notNull(),
    /** Changes with every value; never the same twice. */
    stamp: text().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.person] }),
    index('slot_values_user_index').on(table.userId),
  ],
);
