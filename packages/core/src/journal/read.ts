import { and, asc, eq, gt, inArray, isNull, ne } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { AgentRunRow, AgentStepRow } from './rows.ts';

const { agentEvents, agentRuns, agentSteps } = tables;

export async function findRun(db: Db, id: string): Promise<AgentRunRow | null> {
  const [row] = await db.select().from(agentRuns).where(eq(agentRuns.id, id));
  return row ?? null;
}

/** The steps of runs, each in order. */
export async function stepsOf(db: Db, runIds: readonly string[]): Promise<Map<string, AgentStepRow[]>> {
  const steps = new Map<string, AgentStepRow[]>(runIds.map((id) => [id, []]));
  if (runIds.length === 0) return steps;
  const rows = await db
    .select()
    .from(agentSteps)
    .where(inArray(agentSteps.runId, [...runIds]))
    .orderBy(asc(agentSteps.runId), asc(agentSteps.seq));
  for (const row of rows) steps.get(row.runId)?.push(row);
  return steps;
}

/** How many steps of a run have ended. */
export function countEnded(db: Db, runId: string): Promise<number> {
  return db.$count(agentSteps, and(eq(agentSteps.runId, runId), ne(agentSteps.state, 'started')));
}

/** How many runs of a kind a hub carries out. */
export function countRunning(db: Db, { hubId, kind }: { hubId: string; kind: AgentRunRow['kind'] }): Promise<number> {
  return db.$count(agentRuns, and(eq(agentRuns.hubId, hubId), eq(agentRuns.kind, kind), isNull(agentRuns.endedAt)));
}

/** The stored events of the running turn, in order. */
export async function eventsOf(db: Db, runId: string, after = 0): Promise<{ seq: number; event: unknown }[]> {
  return db
    .select({ seq: agentEvents.seq, event: agentEvents.event })
    .from(agentEvents)
    .where(and(eq(agentEvents.runId, runId), gt(agentEvents.seq, after)))
    .orderBy(asc(agentEvents.seq));
}
