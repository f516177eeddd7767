import { json, pgTable, text } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { users } from './access.ts';
import { servers } from './servers.ts';

/** The content of a generated tool. */
interface Content {
  files: { path: string; text: string }[];
  readme: string;
  dependencies: string;
}

/** MCP servers that a model wrote: what each server of the kind `generated` is made of. */
export const generatedTools = pgTable('generated_tools', {
  serverId: text()
    .primaryKey()
    .references(() => servers.id, { onDelete: 'cascade' }),
  files: json().$type<Content['files']>().notNull(),
  readme: text().notNull(),
  /** Separated by blanks. */
  dependencies: text().notNull(),
  /** Of all three. */
  hash: text().notNull(),
  /** The content that was reviewed last, and the hosts that it may reach; null = none yet. */
  reviewed: json().$type<Content & { hash: string; hosts: string[] }>(),
  reviewedBy: text().references(() => users.id, { onDelete: 'set null' }),
  reviewedAt: moment(),
  ...timestamps(),
});
