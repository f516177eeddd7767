import { asc, eq, inArray } from 'drizzle-orm';
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

/** What was told of the turn that went on, in order. */
export async function eventsOf(db: Db, runId: string, after = 0): Promise<{ seq: number; event: unknown }[]> {
  const rows = await db
    .select({ seq: agentEvents.seq, event: agentEvents.event })
    .from(agentEvents)
    .where(eq(agentEvents.runId, runId))
    .orderBy(asc(agentEvents.seq));
  return rows.filter(({ seq }) => seq > after);
}
