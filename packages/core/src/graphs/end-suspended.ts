import type { Ctx } from '../context.ts';
import { tellChanged } from '../conversations/changed.ts';
import { newTally } from '../conversations/converse.ts';
import { endInConversation, type End } from '../conversations/finish.ts';
import { stopHeld } from '../conversations/held.ts';
import { findRun } from '../journal/read.ts';
import { isSuspended, type AgentRunRow } from '../journal/rows.ts';

const stopped: End = { state: 'cancelled', finish: null, failure: null };

/** Ends a run that waits for people, which no hub carries out; false where it is running, or has ended, by now. */
export async function endSuspended(ctx: Ctx, run: AgentRunRow, end: End): Promise<boolean> {
  const hold = { runId: run.id, epoch: run.epoch };
  if (!(await endInConversation(ctx, { run, hold }, newTally(''), end))) return false;
  if (run.conversationId !== null) await tellChanged(ctx, run.conversationId);
  return true;
}

/** Cancels a run, whether a hub carries it out or it waits, and also where this changes meanwhile. */
export async function stopRun(ctx: Ctx, run: AgentRunRow): Promise<void> {
  if (isSuspended(run) && (await endSuspended(ctx, run, stopped))) return;
  const now = await findRun(ctx.db, run.id);
  if (!now || now.endedAt !== null) return;
  await stopHeld(ctx, now, 'graph.run');
  const after = await findRun(ctx.db, run.id);
  if (after && isSuspended(after)) await endSuspended(ctx, after, stopped);
}
