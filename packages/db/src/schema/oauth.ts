import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { oauthClientKinds } from '../words.ts';
import { users } from './access.ts';

/** Registered clients and machine clients. Clients with a metadata document have no row. */
export const oauthClients = pgTable(
  'oauth_clients',
  {
    id: text().primaryKey(),
    kind: text({ enum: oauthClientKinds }).notNull(),
    name: text().notNull(),
    /** The person whose grant a machine has; null for registered clients. */
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** Metadata of the client, without its secret. */
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Sealed. */
    secret: text(),
    createdAt: moment().notNull().defaultNow(),
    /** When the client last got a token. */
    lastUsedAt: moment(),
    /** When an unused client is removed; null: never. */
    expiresAt: moment(),
  },
  (table) => [
    index('oauth_clients_user_index').on(table.userId),
    index('oauth_clients_expires_index').on(table.expiresAt),
  ],
);

/** Grants: a person's permission for one client at one endpoint. */
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
    /** The endpoint that the tokens open: id of a server or group, or `all`. */
    endpoint: text().notNull(),
    scopes: text().array().notNull(),
    /** Bounds; null: none. */
    servers: text().array(),
    /** `server/tool` each. */
    tools: text().array(),
    /** The endpoint's address as the client gave it. */
    resource: text().notNull(),
    /** Handle of the sign-in that made the grant; null for a machine. */
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

/** Codes, tokens and requests of the engine. `id` is SHA-256 of the raw id. */
export const oauthObjects = pgTable(
  'oauth_objects',
  {
    model: text().notNull(),
    id: text().notNull(),
    /** Without the raw id. */
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
