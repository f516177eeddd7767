import type { Ctx } from '../context.ts';
import { tellChanged } from '../conversations/changed.ts';
import { newTally } from '../conversations/converse.ts';
import { endInConversation, type End } from '../conversations/finish.ts';
import type { AgentRunRow } from '../journal/rows.ts';

/** Ends a run that waits for people, which no hub carries out. */
export async function endSuspended(ctx: Ctx, run: AgentRunRow, end: End): Promise<void> {
  const hold = { runId: run.id, epoch: run.epoch };
  await endInConversation(ctx, { run, hold }, newTally(''), end);
  if (run.conversationId !== null) await tellChanged(ctx, run.conversationId);
}
