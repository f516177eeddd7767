import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { upstreamClientKinds } from '../words.ts';
import { users } from './access.ts';
import { servers } from './servers.ts';

/** How the hub is known to the authorization servers of others, for each server and issuer. */
export const upstreamClients = pgTable(
  'upstream_clients',
  {
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    issuer: text().notNull(),
    kind: text({ enum: upstreamClientKinds }).notNull(),
    /** Sealed: its id, and its secret where it has one. */
    client: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.issuer] })],
);

/** What the hub may use servers with, of one person or of everybody. */
export const upstreamGrants = pgTable(
  'upstream_grants',
  {
    id: text().primaryKey(),
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    /** Null = everybody's. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    issuer: text().notNull(),
    scope: text(),
    /** Sealed: tokens, and what is needed to refresh them. */
    grant: text().notNull(),
    /** Grows with each refresh. */
    version: integer().notNull().default(1),
    createdAt: moment().notNull().defaultNow(),
    refreshedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    unique('upstream_grants_server_user_unique').on(table.serverId, table.userId).nullsNotDistinct(),
    index('upstream_grants_user_index').on(table.userId),
  ],
);

/** Attempts of people to sign in to a server, with what was found on the way. */
export const signInAttempts = pgTable(
  'sign_in_attempts',
  {
    id: text().primaryKey(),
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** Whether what comes of it is everybody's. */
    shared: boolean().notNull(),
    /** Hash of the sign-in at the hub that began it, which alone may finish it. */
    session: text().notNull(),
    /** Hash of what the answer has to bring; null once it came. */
    state: text().unique('sign_in_attempts_state_unique'),
    /** Sealed: what the answer is redeemed with; null once it came. */
    pending: text(),
    steps: jsonb().$type<unknown[]>().notNull().default([]),
    /** Why it failed; null where it has not. */
    failure: jsonb().$type<unknown>(),
    createdAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [index('sign_in_attempts_server_index').on(table.serverId, table.userId, table.createdAt)],
);
