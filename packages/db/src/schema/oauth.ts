import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { oauthClientKinds } from '../words.ts';
import { users } from './access.ts';

/** Programs that registered themselves, and machines that people made. Those with a metadata document are in no table. */
export const oauthClients = pgTable(
  'oauth_clients',
  {
    id: text().primaryKey(),
    kind: text({ enum: oauthClientKinds }).notNull(),
    name: text().notNull(),
    /** Of a machine: on whose account it acts. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** Metadata of the client, without its secret. */
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Sealed. */
    secret: text(),
    createdAt: moment().notNull().defaultNow(),
    /** When it was last given a token. */
    lastUsedAt: moment(),
    /** When it is removed unless it is used before; null: never. */
    expiresAt: moment(),
  },
  (table) => [
    index('oauth_clients_user_index').on(table.userId),
    index('oauth_clients_expires_index').on(table.expiresAt),
  ],
);

/** What somebody let a client do at one endpoint. */
export const oauthGrants = pgTable(
  'oauth_grants',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    clientId: text().notNull(),
    clientName: text().notNull(),
    clientKind: text({ enum: oauthClientKinds }).notNull(),
    /** The one endpoint that its tokens open: a server, a group, or `all`. */
    endpoint: text().notNull(),
    scopes: text().array().notNull(),
    /** What it is confined to; null = whatever its person may. */
    servers: text().array(),
    /** `server/tool` each. */
    tools: text().array(),
    /** How the client called the endpoint. */
    resource: text().notNull(),
    /** Handle of the sign-in that it was made with; null for a machine. */
    signIn: text(),
    createdAt: moment().notNull().defaultNow(),
    lastUsedAt: moment(),
    expiresAt: moment(),
  },
  (table) => [
    index('oauth_grants_user_index').on(table.userId),
    index('oauth_grants_client_index').on(table.clientId),
    index('oauth_grants_expires_index').on(table.expiresAt),
  ],
);

/** Codes, tokens, sessions and requests of the engine; `id` is SHA-256 of what is handed out. */
export const oauthObjects = pgTable(
  'oauth_objects',
  {
    model: text().notNull(),
    id: text().notNull(),
    /** Without the id that is handed out. */
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    grantId: text().references(() => oauthGrants.id, { onDelete: 'cascade' }),
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of another name of a session. */
    uid: text(),
    consumedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    expiresAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.id] }),
    index('oauth_objects_grant_index').on(table.grantId),
    index('oauth_objects_user_index').on(table.userId),
    index('oauth_objects_uid_index').on(table.uid),
    index('oauth_objects_expires_index').on(table.expiresAt),
  ],
);
