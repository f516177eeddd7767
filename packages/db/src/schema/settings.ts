import { sql } from 'drizzle-orm';
import { bigint, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';

/** The facts of the hub about itself: instance id, fingerprint of its key. */
export const settings = pgTable('settings', {
  key: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  updatedAt: moment().notNull().defaultNow(),
});

/** Changes, appended in the transaction that makes them. A trigger refuses to change or remove any. */
export const audit = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment().notNull(),
    action: text().notNull(),
    actorType: text().notNull(),
    actorId: text(),
    userId: text(),
    /** The name at that time: it outlives the account. */
    actorName: text(),
    /** The program that sent the request: a browser, a client. */
    client: text(),
    /** The way in: rest, trpc. */
    way: text(),
    subject: text(),
    outcome: text({ enum: ['ok', 'refused', 'begun', 'error', 'cancelled'] })
      .notNull()
      .default('ok'),
    durationMs: doublePrecision(),
    address: text(),
    /** Never holds a secret. */
    details: jsonb().$type<unknown>(),
    requestId: text(),
    traceId: text(),
  },
  (table) => [
    index('audit_at_index').on(table.at, table.id),
    index('audit_subject_index').on(table.subject, table.at, table.id),
    index('audit_user_index').on(table.userId, table.at, table.id),
    // The names of removed accounts are in the entries of their removal.
    index('audit_removed_users_index')
      .on(table.at, table.id)
      .where(sql`${table.action} = 'user.remove'`),
    // And those of keys in the entries of their end.
    index('audit_removed_keys_index')
      .on(table.at, table.id)
      .where(sql`${table.action} = 'key.revoke'`),
  ],
);

/** The counts of replicas in a one-minute window; unlogged, because none of it matters after a crash. */
export const rateCounters = pgTable(
  'rate_counters',
  {
    bucket: text().notNull(),
    /** Epoch minutes. */
    minute: integer().notNull(),
    count: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.bucket, table.minute] }),
    index('rate_counters_minute_index').on(table.minute),
  ],
);
