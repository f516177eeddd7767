import { doublePrecision, index, integer, json, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { callOutcomes } from '../words.ts';

/** A code with what it speaks of, and English. */
interface Reason {
  code: string;
  params: Readonly<Record<string, string | number | Reason>>;
  text: string;
}

/** Finished calls. No foreign keys: history outlives the server and the credential. */
export const callRecords = pgTable(
  'call_records',
  {
    id: text().primaryKey(),
    startedAt: moment().notNull(),
    durationMs: doublePrecision().notNull(),
    serverId: text(),
    endpoint: text().notNull(),
    method: text().notNull(),
    name: text(),
    outcome: text({ enum: callOutcomes }).notNull(),
    errorCode: integer(),
    errorMessage: text(),
    /** Why, as code and parameters, where the hub says it. */
    errorReason: jsonb().$type<Reason>(),
    credential: text().notNull(),
    /** The user behind the credential. */
    userId: text(),
    clientName: text(),
    via: text().notNull(),
    requestId: text(),
    /** The trace that it belongs to, where somebody keeps or named one. */
    traceId: text(),
    address: text(),
    /** The reason why the caller does not find the tool that it called. */
    hidden: text({ enum: ['key', 'group', 'server', 'person'] }),
    /** Stored only where the server's `recording` says so; without secrets, and cut short. */
    // As text, so that keys stay in their order: recordings of calls are answered as they were.
    arguments: json().$type<unknown>(),
    result: json().$type<unknown>(),
  },
  // Read backwards, newest first. The id that settles a tie is sorted in afterwards: in each index it would be the
  // largest part of the entry.
  (table) => [
    index('call_records_started_index').on(table.startedAt),
    index('call_records_server_index').on(table.serverId, table.startedAt),
    index('call_records_user_index').on(table.userId, table.startedAt),
  ],
);
