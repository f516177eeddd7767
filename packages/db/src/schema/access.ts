import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { roles } from '../words.ts';

export const users = pgTable(
  'users',
  {
    id: text().primaryKey(),
    /** The id of documented APIs that number people. */
    num: integer().notNull().generatedAlwaysAsIdentity().unique('users_num_unique'),
    username: text().notNull(),
    /** In one spelling and without case: by it names are looked up and unique, whatever the locale of the database. */
    usernameKey: text().notNull(),
    passwordHash: text().notNull(),
    role: text({ enum: roles }).notNull(),
    disabled: boolean().notNull().default(false),
    mustChangePassword: boolean().notNull().default(false),
    email: text(),
    fullName: text(),
    profile: jsonb().$type<Record<string, string>>().notNull().default({}),
    /** Powers beyond the role, for example `server.run-process`. */
    grants: text().array().notNull().default([]),
    /** Sealed; null while there is no second factor. */
    totpSecret: text(),
    /** Sealed; waits for its first code. */
    totpPending: text(),
    /** Time step of the last code taken: none is taken twice. */
    totpStep: bigint({ mode: 'number' }),
    /** SHA-256 of the codes not used yet. */
    recoveryCodes: text().array().notNull().default([]),
    /** When an admin made or approved the account; null for one that registered itself. */
    approvedAt: moment(),
    lastLoginAt: moment(),
    ...timestamps(),
  },
  (table) => [uniqueIndex('users_username_unique').on(table.usernameKey)],
);

/** `id` is SHA-256 of the cookie's value; `sid` is the handle that access tokens carry. */
export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: moment().notNull(),
    sid: text().notNull().unique(),
    /** `login` lasts and can be refreshed, `token` belongs to a short access token. */
    kind: text({ enum: ['login', 'token'] })
      .notNull()
      .default('login'),
    userAgent: text(),
    address: text(),
    lastSeenAt: moment().notNull().defaultNow(),
    /** The account was disabled: the session stays for the answer that says so, and is never valid again. */
    disabledAt: moment(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index('sessions_user_index').on(table.userId), index('sessions_expires_index').on(table.expiresAt)],
);

/** One family per login: a spent token that comes back revokes its family. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    family: text().notNull(),
    sid: text()
      .notNull()
      .references(() => sessions.sid, { onDelete: 'cascade' }),
    expiresAt: moment().notNull(),
    spentAt: moment(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index('refresh_tokens_sid_index').on(table.sid),
    index('refresh_tokens_family_index').on(table.family),
    index('refresh_tokens_expires_index').on(table.expiresAt),
  ],
);

export const apiKeys = pgTable(
  'api_keys',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    lookup: text().notNull(),
    hash: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    scopes: text().array().notNull(),
    /** The bounds of the key; null = those of its owner. Servers and groups add up. */
    endpoints: text().array(),
    groups: text().array(),
    servers: text().array(),
    /** `server/tool` each. */
    tools: text().array(),
    /** References such as `stack:local/web` each, which add to servers and groups. */
    resources: text().array(),
    callsPerMinute: integer(),
    expiresAt: moment(),
    lastUsedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index('api_keys_lookup_index').on(table.lookup), index('api_keys_user_index').on(table.userId)],
);
