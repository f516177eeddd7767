import { boolean, doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment, timestamps } from '../columns.ts';
import { deliveryStates } from '../words.ts';

/** Addresses that are sent events. */
export const webhooks = pgTable('webhooks', {
  id: text().primaryKey(),
  name: text().notNull(),
  url: text().notNull(),
  /** Kinds of events; `server.*` for a family, `*` for all. */
  events: jsonb().$type<string[]>().notNull(),
  enabled: boolean().notNull().default(true),
  /** Sealed: what signs. */
  secret: text().notNull(),
  /** True where the person who made it may reach private addresses. */
  allowPrivate: boolean().notNull().default(false),
  ...timestamps(),
});

/** The deliveries of a webhook, made or waiting. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: text().primaryKey(),
    webhookId: text()
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    /** Equal in each delivery of the event. */
    eventId: text().notNull(),
    type: text().notNull(),
    /** The body that is posted, as it is signed. */
    payload: text().notNull(),
    state: text({ enum: deliveryStates }).notNull().default('waiting'),
    attempts: integer().notNull().default(0),
    /** Of the last answer. */
    status: integer(),
    answer: text(),
    error: text(),
    durationMs: doublePrecision(),
    attemptedAt: moment(),
    createdAt: moment().notNull(),
  },
  (table) => [
    index('webhook_deliveries_webhook_index').on(table.webhookId, table.createdAt),
    index('webhook_deliveries_created_index').on(table.createdAt),
  ],
);
