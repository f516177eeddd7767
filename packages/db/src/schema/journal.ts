import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { moment, money } from '../columns.ts';
import { agentRunKinds, agentRunStates, agentStepKinds, agentStepStates } from '../words.ts';
import { users } from './access.ts';
import { conversations } from './conversations.ts';

/** Hubs that work on this database. One whose lock is free, or that was not seen for long, is dead. */
export const hubs = pgTable('hubs', {
  id: text().primaryKey(),
  seen: moment().notNull(),
});

/** Runs of agents. A round of a conversation is one: the message, and the turns and calls that answer it. */
export const agentRuns = pgTable(
  'agent_runs',
  {
    id: text().primaryKey(),
    kind: text({ enum: agentRunKinds }).notNull(),
    conversationId: text().references(() => conversations.id, { onDelete: 'cascade' }),
    /** The round before it; null for the first. */
    parentId: text(),
    /** Null: the hub's own admin. */
    ownerId: text().references(() => users.id, { onDelete: 'cascade' }),
    /** The API key it was started with; it continues with that key's rights. */
    keyId: text(),
    state: text({ enum: agentRunStates }).notNull(),
    /** The hub that carries it out; null while none does. */
    hubId: text(),
    /** Increased whenever a hub takes it over: a hub with an older number writes no more. */
    epoch: integer().notNull().default(1),
    cancelAt: moment(),
    /** The model, the system prompt and the tools, as they were at the start. */
    snapshot: jsonb().$type<Record<string, unknown>>().notNull(),
    input: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The shorter messages after a compaction; null for none. */
    compacted: jsonb().$type<Record<string, unknown>[]>(),
    /** Why it failed, as a reason; null where it did not. */
    failure: jsonb().$type<Record<string, unknown>>(),
    /** How it ended: `stop`, `length`, … */
    finish: text(),
    model: text().notNull(),
    tokensIn: bigint({ mode: 'number' }).notNull().default(0),
    tokensOut: bigint({ mode: 'number' }).notNull().default(0),
    cost: money().notNull().default(0),
    createdAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [
    index('agent_runs_conversation_index').on(table.conversationId, table.createdAt),
    index('agent_runs_owner_index').on(table.ownerId),
    index('agent_runs_open_index')
      .on(table.hubId)
      .where(sql`${table.endedAt} is null`),
  ],
);

/** Turns of models and calls of tools, each once: what ended is never carried out again. */
export const agentSteps = pgTable(
  'agent_steps',
  {
    runId: text()
      .notNull()
      .references(() => agentRuns.id, { onDelete: 'cascade' }),
    /** `node/visit/turn`, and for a call its id behind that. */
    key: text().notNull(),
    seq: integer().notNull(),
    kind: text({ enum: agentStepKinds }).notNull(),
    state: text({ enum: agentStepStates }).notNull(),
    /** May be carried out a second time where nobody knows whether it was. */
    repeatable: boolean().notNull().default(true),
    /** Of what it was asked. */
    requestHash: text().notNull(),
    /** The result: a message as models have it, and the facts that pages show beside it. */
    output: jsonb().$type<Record<string, unknown>>(),
    usage: jsonb().$type<Record<string, unknown>>(),
    startedAt: moment().notNull(),
    endedAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.key] }),
    index('agent_steps_order_index').on(table.runId, table.seq),
  ],
);

/** The events of a running turn, joined; removed when the run has ended. */
export const agentEvents = pgTable(
  'agent_events',
  {
    runId: text()
      .notNull()
      .references(() => agentRuns.id, { onDelete: 'cascade' }),
    seq: integer().notNull(),
    event: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.seq] })],
);
