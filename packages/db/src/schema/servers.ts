import { boolean, index, integer, jsonb, pgSequence, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import {
  accounts,
  desiredStates,
  isolations,
  itemTypes,
  recordings,
  serverKinds,
  signInMoments,
  visibilities,
} from '../words.ts';
import { users } from './access.ts';

/** One namespace for everything that has a place in URLs: `slug` is lower case, `ref` the id as written. */
export const slugs = pgTable('slugs', {
  slug: text().primaryKey(),
  kind: text({ enum: ['server', 'group', 'app', 'graph'] }).notNull(),
  ref: text().notNull(),
});

export const servers = pgTable(
  'servers',
  {
    id: text().primaryKey(),
    /** Order of registration. */
    seq: integer().notNull().generatedAlwaysAsIdentity(),
    name: text().notNull(),
    description: text().notNull().default(''),
    /** The address of its documentation. */
    docsUrl: text(),
    tags: text().array().notNull().default([]),
    kind: text({ enum: serverKinds }).notNull(),
    command: text(),
    args: jsonb().$type<string[]>().notNull().default([]),
    /** Sealed JSON object; null = empty. */
    env: text(),
    cwd: text(),
    url: text(),
    /** Sealed JSON object; null = empty. */
    headers: text(),
    /** Id of the simulated product that it is; null where it is none. */
    app: text(),
    /** Hash of what was reviewed of a generated tool, which alone may run; null = nothing. */
    reviewed: text(),
    /** Id of the graph that it runs; null where it runs none. */
    graph: text(),
    /** How it is kept in a container; null where it is in none. */
    container: jsonb().$type<Record<string, unknown>>(),
    /** Sealed JSON object of what a container finds as files, or of what a client of OAuth shows; null = empty. */
    secrets: text(),
    /** How people sign in to it; null = as the specifications say. */
    signIn: jsonb().$type<Record<string, unknown>>(),
    /** When it asked for a sign-in; null = it has not. */
    asksSignIn: text({ enum: signInMoments }),
    /** What each person gives of their own, in the order in which it is asked for. */
    slots: jsonb()
      .$type<{ name: string; label: string; description: string; secret: boolean }[]>()
      .notNull()
      .default([]),
    isolation: text({ enum: isolations }).notNull(),
    limits: jsonb().$type<Record<string, number>>().notNull().default({}),
    desired: text({ enum: desiredStates }).notNull(),
    /** True where the person who set the URL may reach private addresses. */
    allowPrivate: boolean().notNull().default(false),
    /** Changes with everything that needs a restart; never the same twice. */
    revision: text().notNull(),
    /** The people besides its owner: none, the groups it is in, or everyone who is signed in. */
    visibility: text({ enum: visibilities }).notNull().default('group'),
    /** How much of its calls history keeps; new servers say `errors`. */
    recording: text({ enum: recordings }).notNull().default('none'),
    /** Which account its program runs under: the one that servers share, or its own. */
    account: text({ enum: accounts }).notNull().default('shared'),
    /** Uid of its own account, kept from its first use on as long as the row lives; null where it never had one. */
    ownUid: integer().unique('servers_own_uid_unique'),
    createdBy: text().references(() => users.id, { onDelete: 'set null' }),
    lastRestartAt: moment(),
    ...timestamps(),
  },
  (table) => [index('servers_created_index').on(table.createdAt)],
);

/** Where the next search for a free uid begins: a uid that was returned is used again as late as possible. */
export const uidTurns = pgSequence('uid_turns', { startWith: 0, minValue: 0, cache: 1, cycle: true });

/** The changes to a server's tools, prompts, resources and templates. */
export const serverItems = pgTable(
  'server_items',
  {
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    type: text({ enum: itemTypes }).notNull(),
    name: text().notNull(),
    enabled: boolean().notNull().default(true),
    description: text(),
    /** Most calls a minute, of everybody together; null = any number. */
    callsPerMinute: integer(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.type, table.name] })],
);

/** The catalog of a server when it last ran. `scope` is empty while its lists are the same for everybody. */
export const catalogs = pgTable(
  'catalogs',
  {
    serverId: text()
      .notNull()
      .references(() => servers.id, { onDelete: 'cascade' }),
    scope: text().notNull().default(''),
    catalog: jsonb().$type<unknown>().notNull(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.serverId, table.scope] })],
);
