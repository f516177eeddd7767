import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { moment, money, timestamps } from '../columns.ts';
import {
  budgetMeasures,
  budgetPeriods,
  modelProtocols,
  modelTurnOutcomes,
  modelWays,
  toolProtocols,
  visibilities,
} from '../words.ts';
import { apiKeys, users } from './access.ts';
import { groups } from './groups.ts';

/** Language models that people and agents use through the hub. */
export const models = pgTable(
  'models',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    /** In one spelling and without case: by it names are unique, whatever the locale of the database. */
    nameKey: text().notNull(),
    /** Null: what its base URL says. */
    protocol: text({ enum: modelProtocols }),
    baseUrl: text().notNull(),
    /** The name of the model at the provider. */
    model: text().notNull(),
    /** Sealed; null where the provider wants none. */
    apiKey: text(),
    /** Sealed JSON object; null = empty. */
    headers: text(),
    /** Sent where a request says nothing else; called as OpenAI calls them. */
    options: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    extraBody: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Fields of a documented API that mean nothing here, kept for who gave them. */
    kept: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** Milliseconds of a whole turn; null = the usual. */
    timeoutMs: integer(),
    /** Of a million tokens; null = unknown. */
    priceIn: doublePrecision(),
    priceOut: doublePrecision(),
    /** Tokens; null = unknown. */
    contextWindow: integer(),
    tools: boolean().notNull().default(true),
    images: boolean().notNull().default(false),
    reasoning: boolean().notNull().default(false),
    toolProtocol: text({ enum: toolProtocols }).notNull().default('native'),
    visibility: text({ enum: visibilities }).notNull().default('private'),
    /** True where the person who set the URL may reach private addresses. */
    allowPrivate: boolean().notNull().default(false),
    /** Null: the admins'. */
    createdBy: text().references(() => users.id, { onDelete: 'set null' }),
    ...timestamps(),
  },
  (table) => [
    uniqueIndex('models_name_unique').on(table.nameKey),
    index('models_created_by_index').on(table.createdBy),
  ],
);

/** Groups whose members may use a model. */
export const groupModels = pgTable(
  'group_models',
  {
    modelId: text()
      .notNull()
      .references(() => models.id, { onDelete: 'cascade' }),
    groupId: text()
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.modelId, table.groupId] }),
    index('group_models_group_index').on(table.groupId),
  ],
);

/** The use of models that a person, or one API key, may have in a day or a month (UTC). */
export const modelBudgets = pgTable(
  'model_budgets',
  {
    id: text().primaryKey(),
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    keyId: text().references(() => apiKeys.id, { onDelete: 'cascade' }),
    period: text({ enum: budgetPeriods }).notNull(),
    measure: text({ enum: budgetMeasures }).notNull(),
    most: money().notNull(),
    ...timestamps(),
  },
  (table) => [
    check('model_budgets_of_one', sql`(${table.userId} is null) <> (${table.keyId} is null)`),
    unique('model_budgets_unique').on(table.userId, table.keyId, table.period, table.measure).nullsNotDistinct(),
    index('model_budgets_key_index').on(table.keyId),
  ],
);

/** Turns of models, under way and ended. No foreign keys: history outlives the model and the credential. */
export const modelTurns = pgTable(
  'model_turns',
  {
    id: text().primaryKey(),
    startedAt: moment().notNull(),
    /** Null while it is under way, and for what a killed hub left. */
    endedAt: moment(),
    /** Until then what it has set aside of budgets counts as used, unless it ends before. */
    reservedUntil: moment().notNull(),
    modelId: text().notNull(),
    /** The model's name at that time. */
    model: text().notNull(),
    userId: text(),
    keyId: text(),
    way: text({ enum: modelWays }).notNull(),
    outcome: text({ enum: modelTurnOutcomes }),
    /** Set aside while it is under way, used when it has ended. */
    tokensIn: bigint({ mode: 'number' }).notNull(),
    tokensOut: bigint({ mode: 'number' }).notNull(),
    cost: money().notNull(),
    /** The provider did not say what was used. */
    estimated: boolean().notNull().default(false),
    firstTokenMs: integer(),
  },
  (table) => [
    index('model_turns_started_index').on(table.startedAt),
    index('model_turns_open_index')
      .on(table.reservedUntil)
      .where(sql`${table.endedAt} is null`),
  ],
);

/** The use of models, by day (UTC), model, person and key. */
export const modelDays = pgTable(
  'model_days',
  {
    day: date({ mode: 'string' }).notNull(),
    modelId: text().notNull(),
    /** Empty: no user. */
    userId: text().notNull(),
    /** Empty: without a key. */
    keyId: text().notNull(),
    model: text().notNull(),
    turns: integer().notNull(),
    failures: integer().notNull(),
    tokensIn: bigint({ mode: 'number' }).notNull(),
    tokensOut: bigint({ mode: 'number' }).notNull(),
    cost: money().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.modelId, table.userId, table.keyId] }),
    index('model_days_user_index').on(table.userId, table.day),
    index('model_days_key_index').on(table.keyId, table.day),
  ],
);
