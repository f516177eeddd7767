import { createHash } from 'node:crypto';
import { and, eq, isNull, sql, type SQL } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { storableJson } from '../storable.ts';
import type { AgentRunRow, WriteRight } from './rows.ts';

const { agentRuns } = tables;

export type NewRun = Pick<AgentRunRow, 'id' | 'kind' | 'ownerId' | 'snapshot' | 'input' | 'model' | 'createdAt'> &
  Partial<Pick<AgentRunRow, 'conversationId' | 'parentId' | 'keyId'>>;

/** Writes a run down that this hub carries out from now on. */
export async function beginRun(db: Db, hubId: string, run: NewRun): Promise<WriteRight> {
  await db.insert(agentRuns).values({ ...run, state: 'running', hubId, epoch: 1 });
  return { runId: run.id, epoch: 1 };
}

/** A step that ended, or a call that begins. */
export interface StepValues {
  key: string;
  seq: number;
  kind: 'turn' | 'tool' | 'node' | 'ask';
  state: 'started' | 'done' | 'cut';
  repeatable?: boolean;
  /** The request to the model: stored as a hash. */
  asked: unknown;
  output: Record<string, unknown> | null;
  usage?: Record<string, unknown> | null;
  startedAt: Date;
  endedAt: Date | null;
}

/** A step is known by what it was asked, too. */
export function requestHash(asked: unknown): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 22);
}

/** Only the hub that took the run last. */
function held({ runId, epoch }: WriteRight): SQL {
  return sql`select 1 from agent_runs where id = ${runId} and epoch = ${epoch}`;
}

function json(value: unknown): SQL {
  return value === null || value === undefined ? sql`null` : sql`${JSON.stringify(storableJson(value))}::text::jsonb`;
}

function requireWritten(rows: { length: number }): void {
  if (rows.length === 0) throw new DomainError('conflict', say('runTakenOver'));
}

/**
 * Writes a step, or updates an existing one. Throws `conflict` where the run belongs to another hub by now, or was
 * cancelled: then only the text so far is still written.
 */
export async function writeStep(db: Db, hold: WriteRight, step: StepValues): Promise<void> {
  const { key, seq, kind, state, repeatable = true, asked, output, usage, startedAt, endedAt } = step;
  const ended = endedAt === null ? sql`null` : sql`${endedAt.toISOString()}::timestamptz`;
  const rows = await db.execute(sql`
    with held as (${held(hold)} ${state === 'cut' ? sql`` : sql`and cancel_at is null`} for update)
    insert into agent_steps (run_id, key, seq, kind, state, repeatable, request_hash, output, usage, started_at, ended_at)
    select ${hold.runId}, ${key}, ${seq}, ${kind}, ${state}, ${repeatable}, ${requestHash(asked)}, ${json(output)},
      ${json(usage)}, ${startedAt.toISOString()}::timestamptz, ${ended} from held
    on conflict (run_id, key) do update set state = excluded.state, output = excluded.output, usage = excluded.usage,
      ended_at = excluded.ended_at where agent_steps.state <> 'done'
    returning key`);
  requireWritten(rows);
}

/** Marks a run as waiting for a person, or as running. */
export async function markRun(db: Db, { runId, epoch }: WriteRight, state: 'running' | 'waiting'): Promise<void> {
  await db
    .update(agentRuns)
    .set({ state })
    .where(and(eq(agentRuns.id, runId), eq(agentRuns.epoch, epoch), isNull(agentRuns.endedAt)));
}

export interface RunEnd {
  /** `waiting`: no hub carries it out until people have answered. */
  state: 'done' | 'failed' | 'cancelled' | 'waiting';
  finish: string | null;
  failure: Reason | null;
  model: string;
  tokensIn: number;
  tokensOut: number;
  cost: number;
  /** When; a run that waits has not ended. */
  endedAt: Date;
}

/** Writes down how a run ended, as cancelled where somebody gave it up; false where it is another hub's now, or had ended. */
export async function endRun(db: Db, { runId, epoch }: WriteRight, end: RunEnd): Promise<boolean> {
  const { tokensIn, tokensOut, cost, failure, state, endedAt, ...rest } = end;
  const isGivenUp = sql`${agentRuns.cancelAt} is not null and ${state}::text in ('failed', 'waiting')`;
  const at = sql`${endedAt.toISOString()}::timestamptz`;
  const ended = await db
    .update(agentRuns)
    .set({
      ...rest,
      state: sql`case when ${isGivenUp} then 'cancelled' else ${state}::text end`,
      endedAt: sql`case when ${isGivenUp} or ${state}::text <> 'waiting' then ${at} end`,
      failure: sql`case when ${isGivenUp} then null else (${json(failure)})::jsonb end`,
      // The use before the run was taken over counts too.
      tokensIn: sql`${agentRuns.tokensIn} + ${tokensIn}`,
      tokensOut: sql`${agentRuns.tokensOut} + ${tokensOut}`,
      cost: sql`${agentRuns.cost} + ${cost}`,
      hubId: null,
    })
    .where(and(eq(agentRuns.id, runId), eq(agentRuns.epoch, epoch), isNull(agentRuns.endedAt)))
    .returning({ id: agentRuns.id });
  return ended.length > 0;
}
