import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findRun } from '../journal/read.ts';
import { isSuspended, type AgentRunRow, type WriteRight } from '../journal/rows.ts';
import { forgetEvents } from '../journal/store.ts';
import { say } from '../reasons.ts';
import { requireIdle } from './begin.ts';
import { lockConversation } from './queries.ts';

const { agentRuns } = tables;

/** Takes a run that ended, or waits for people, as one that goes; gives it as it was, and how it is held now. */
export async function reopen(ctx: Ctx, runId: string, conversationId: string) {
  return ctx.db.transaction(async (tx) => {
    // First the conversation, as everything does that begins a round or changes what was said.
    await lockConversation(tx, conversationId);
    const run = await findRun(tx, runId);
    if (!run || !isSuspended(run)) await requireIdle(tx, conversationId);
    if (!run || run.state === 'done') throw new DomainError('conflict', say('roundNotCut'));
    const open = {
      state: 'running',
      hubId: ctx.journal.hubId,
      endedAt: null,
      failure: null,
      cancelAt: null,
      // The compacted form does not contain the messages that follow now.
      compacted: null,
      keyId: keyIdOf(ctx.actor),
    } as const;
    const epoch = run.epoch + 1;
    await tx
      .update(agentRuns)
      .set({ ...open, epoch })
      .where(eq(agentRuns.id, runId));
    await forgetEvents(tx, runId);
    return { run, hold: { runId, epoch } };
  });
}

/** Returns a run that could not be resumed to its former state. */
export async function closeAgain(ctx: Ctx, was: AgentRunRow, { runId, epoch }: WriteRight): Promise<void> {
  const { state, hubId, endedAt, failure, cancelAt, compacted, keyId } = was;
  await ctx.db
    .update(agentRuns)
    .set({ state, hubId, endedAt, failure, cancelAt, compacted, keyId })
    .where(and(eq(agentRuns.id, runId), eq(agentRuns.epoch, epoch)));
}
