import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { appLogKinds, appVisibilities, faultProfiles } from '../words.ts';
import { users } from './access.ts';

/** Products that are simulated. */
export const apps = pgTable(
  'apps',
  {
    id: text().primaryKey(),
    /** The id of the documented API. */
    num: integer().notNull().generatedAlwaysAsIdentity().unique('apps_num_unique'),
    category: text().notNull(),
    name: text().notNull(),
    displayName: text().notNull(),
    description: text().notNull().default(''),
    /** Further instructions for a model that answers. */
    aiNotes: text().notNull().default(''),
    enabled: boolean().notNull().default(true),
    // As text, so that keys stay in the order in which they were written: models read schemas in it.
    actions: json().$type<unknown[]>().notNull().default([]),
    initialState: json().$type<Record<string, unknown>>().notNull().default({}),
    seed: text(),
    profile: text({ enum: faultProfiles }),
    faults: json().$type<unknown[]>().notNull().default([]),
    visibility: text({ enum: appVisibilities }).notNull().default('private'),
    /** Null: the admins'. */
    createdBy: text().references(() => users.id, { onDelete: 'set null' }),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('apps_category_name_unique').on(table.category, table.name),
    index('apps_created_by_index').on(table.createdBy),
  ],
);

/** The credentials with which programs call simulated products. */
export const appTokens = pgTable(
  'app_tokens',
  {
    id: text().primaryKey(),
    num: integer().notNull().generatedAlwaysAsIdentity().unique('app_tokens_num_unique'),
    /** SHA-256 of the token. */
    hash: text().notNull().unique('app_tokens_hash_unique'),
    /** How it begins; the whole of the public demo token. */
    shown: text().notNull(),
    description: text().notNull().default(''),
    enabled: boolean().notNull().default(true),
    seed: text(),
    profile: text({ enum: faultProfiles }),
    faults: json().$type<unknown[]>().notNull().default([]),
    /** The state that calls with it have changed; null = none yet. */
    state: json().$type<Record<string, unknown>>(),
    /** Goes up with each change of the state. */
    stateVersion: integer().notNull().default(0),
    /** Calls of before belong to no check. */
    callsSince: bigint({ mode: 'number' }).notNull().default(0),
    /** Null: the admins'. */
    createdBy: text().references(() => users.id, { onDelete: 'cascade' }),
    lastUsedAt: moment(),
    ...timestamps(),
  },
  (table) => [index('app_tokens_created_by_index').on(table.createdBy)],
);

/** Which products a token may call. */
export const appGrants = pgTable(
  'app_grants',
  {
    tokenId: text()
      .notNull()
      .references(() => appTokens.id, { onDelete: 'cascade' }),
    appId: text()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.tokenId, table.appId] }), index('app_grants_app_index').on(table.appId)],
);

/** States of tokens that were put aside. */
export const appSnapshots = pgTable(
  'app_snapshots',
  {
    id: text().primaryKey(),
    tokenId: text()
      .notNull()
      .references(() => appTokens.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    state: json().$type<Record<string, unknown>>().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [uniqueIndex('app_snapshots_name_unique').on(table.tokenId, table.name)],
);

/** The templates for models that answer for products. */
export const appPrompts = pgTable('app_prompts', {
  num: integer().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull().unique('app_prompts_name_unique'),
  displayName: text().notNull(),
  description: text().notNull().default(''),
  template: text().notNull(),
  variables: jsonb().$type<{ name: string; description: string }[]>().notNull().default([]),
  enabled: boolean().notNull().default(true),
  updatedAt: moment().notNull().defaultNow(),
});

/** Recorded calls of products, to be answered in the same way. */
export const appPairs = pgTable(
  'app_pairs',
  {
    id: text().primaryKey(),
    appId: text()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    action: text().notNull(),
    arguments: json().$type<Record<string, unknown>>().notNull(),
    result: json().$type<Record<string, unknown>>().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [index('app_pairs_app_index').on(table.appId)],
);

/** The changes of simulated products, and their calls. No foreign keys: history outlives both. */
export const appLogs = pgTable(
  'app_logs',
  {
    num: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text({ enum: appLogKinds }).notNull(),
    userId: text(),
    username: text().notNull().default(''),
    action: text().notNull(),
    targetType: text().notNull(),
    /** Number of the app or token. */
    targetId: integer(),
    details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    address: text(),
    tokenId: text(),
    appId: text(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index('app_logs_token_index')
      .on(table.tokenId, table.num)
      .where(sql`${table.tokenId} is not null`),
    index('app_logs_created_index').on(table.createdAt),
  ],
);
