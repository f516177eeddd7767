import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';

/** What the hub knows about itself: instance id, fingerprint of its key. */
export const settings = pgTable('settings', {
  key: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  updatedAt: moment().notNull().defaultNow(),
});

/** Changes, appended in the transaction that makes them. */
export const audit = pgTable(
  'audit',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment().notNull(),
    action: text().notNull(),
    actorType: text().notNull(),
    actorId: text(),
    userId: text(),
    subject: text(),
    /** Never holds a secret. */
    details: jsonb().$type<unknown>(),
    requestId: text(),
  },
  (table) => [index('audit_at_index').on(table.at.desc()), index('audit_subject_index').on(table.subject)],
);
