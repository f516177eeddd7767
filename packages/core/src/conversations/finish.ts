import { eq, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import { isDomainError } from '../errors.ts';
import type { AgentRunRow, WriteRight } from '../journal/rows.ts';
import { forgetEvents } from '../journal/store.ts';
import { endRun, type RunEnd } from '../journal/write.ts';
import { fromProvider } from '../models/provider-refusal.ts';
import { say } from '../reasons.ts';
import { tellChanged } from './changed.ts';
import type { Tally } from './converse.ts';

const { conversations } = tables;

/** How a run ended, as far as what it used is not in it. */
export type End = Pick<RunEnd, 'state' | 'finish' | 'failure'>;

/** Why something failed, in words of the hub; of a fault in it, nothing more than that. */
export function reasonOf(thrown: unknown): Reason {
  const error = fromProvider(thrown);
  return isDomainError(error) ? error.reason : say('runBroke');
}

/**
 * Writes down how a run ended, and adds what it used to its conversation. Gives what is known of that then; null where
 * the run is another hub's now, or had ended.
 */
export async function endInConversation(
  ctx: Ctx,
  { run, hold }: { run: AgentRunRow; hold: WriteRight },
  { model, used }: Tally,
  end: End,
): Promise<{ titledBy: string; headId: string | null } | null> {
  const endedAt = new Date(ctx.clock.now());
  const { tokensIn, tokensOut, cost } = used;
  return ctx.db.transaction(async (tx) => {
    const isEnded = await endRun(tx, hold, { ...end, model, tokensIn, tokensOut, cost, endedAt });
    if (!isEnded || run.conversationId === null) return null;
    const [row] = await tx
      .update(conversations)
      .set({
        tokensIn: sql`${conversations.tokensIn} + ${tokensIn}`,
        tokensOut: sql`${conversations.tokensOut} + ${tokensOut}`,
        cost: sql`${conversations.cost} + ${cost}`,
        updatedAt: endedAt,
      })
      .where(eq(conversations.id, run.conversationId))
      .returning({ titledBy: conversations.titledBy, headId: conversations.headId });
    return row ?? null;
  });
}

/** Ends a run of a dead hub that cannot be resumed. */
export async function giveUp(ctx: Ctx, run: AgentRunRow, failure: Reason): Promise<void> {
  const used = { model: run.model, tokensIn: 0, tokensOut: 0, cost: 0, endedAt: new Date(ctx.clock.now()) };
  await endRun(ctx.db, { runId: run.id, epoch: run.epoch }, { state: 'failed', finish: null, failure, ...used });
  await forgetEvents(ctx.db, run.id);
  if (run.conversationId !== null) await tellChanged(ctx, run.conversationId);
}
