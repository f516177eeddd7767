import { resultOf } from '@switchboard/agents/graphs';
import type { Db } from '@switchboard/db';
import { stepsOf } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { runInputOf, snapshotOf } from './held-run.ts';
import { toPast, visitsOf } from './visits.ts';

/** The result of a run, as far as there is one. */
export async function resultOfRun(db: Db, run: AgentRunRow) {
  const steps = (await stepsOf(db, [run.id])).get(run.id) ?? [];
  const { content, earlier, globals } = runInputOf(run);
  const past = visitsOf(steps).map(toPast);
  return resultOf({ graph: snapshotOf(run).graph, input: content, inputs: earlier, globals, past });
}
