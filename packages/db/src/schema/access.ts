import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';

export const users = pgTable(
  'users',
  {
    id: text().primaryKey(),
    username: text().notNull(),
    passwordHash: text().notNull(),
    role: text({ enum: ['admin', 'manager', 'user', 'viewer'] }).notNull(),
    disabled: boolean().notNull().default(false),
    mustChangePassword: boolean().notNull().default(false),
    ...timestamps(),
  },
  (table) => [uniqueIndex('users_username_unique').on(sql`lower(${table.username})`)],
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
  (table) => [index('refresh_tokens_sid_index').on(table.sid)],
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
    expiresAt: moment(),
    lastUsedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index('api_keys_lookup_index').on(table.lookup), index('api_keys_user_index').on(table.userId)],
);
