import { and, eq, isNull } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import type { AgentRunRow, Hold } from '../journal/rows.ts';
import { forgetEvents } from '../journal/store.ts';
import { say as because } from '../reasons.ts';
import { verb } from '../verb.ts';
import { beginRound, placeOf, requireIdle, type BegunRound } from './begin.ts';
import { tellChanged } from './changed.ts';
import { followStored, whileReadable, type RoundNews } from './follow.ts';
import { heldHere } from './held.ts';
import { settingsOf } from './messages.ts';
import { absentConversation, lockConversation, requireConversation } from './queries.ts';
import { startRound } from './round.ts';
import type { ConversationRow } from './rows.ts';
import { saidBefore } from './said-before.ts';
import { AnswerRound, ByRun, FollowRound, Say } from './schema.ts';

const { agentRuns } = tables;

// What is said stands in the conversation itself, and the trail has none of it: these are no writes of the hub's own state.

/** Says something, in a conversation or to begin one; it is answered apart from this request. */
export const sayIn = verb(
  { name: 'conversation.write', access: 'read', input: Say },
  (ctx, { conversationId, settings, ...said }): Promise<BegunRound> =>
    beginRound(ctx, placeOf(ctx, conversationId), { ...said, settings, isWatched: true, stream: true }),
);

async function requireRun(
  ctx: Ctx,
  runId: string,
  action: 'conversation.read' | 'conversation.write',
): Promise<{ run: AgentRunRow; conversation: ConversationRow }> {
  const run = await findRun(ctx.db, runId);
  if (run?.conversationId == null || run.kind !== 'chat') throw absentConversation(runId);
  return { run, conversation: await requireConversation(ctx, run.conversationId, action) };
}

/** What a round told after the place that the caller knows, and tells to its end, as long as the caller may read it. */
export const followRound = verb(
  { name: 'conversation.read', access: 'read', input: FollowRound },
  async (ctx, { runId, after }): Promise<AsyncGenerator<RoundNews>> => {
    const { run, conversation } = await requireRun(ctx, runId, 'conversation.read');
    return whileReadable(ctx, conversation, (signal) => followStored({ ...ctx, signal }, run, after));
  },
);

/** Gives a round up, wherever it is carried out; what was said so far is kept. */
export const stopRound = verb(
  { name: 'conversation.write', access: 'read', input: ByRun },
  async (ctx, { runId }): Promise<{ runId: string }> => {
    const { run } = await requireRun(ctx, runId, 'conversation.write');
    if (run.endedAt !== null) return { runId };
    if (heldHere(ctx.runs, run, 'chat.round')) {
      ctx.runs.cancel(runId);
      await ctx.runs.wait(runId);
    } else {
      await ctx.db
        .update(agentRuns)
        .set({ cancelAt: new Date(ctx.clock.now()) })
        .where(and(eq(agentRuns.id, runId), isNull(agentRuns.endedAt)));
    }
    return { runId };
  },
);

/** Takes a round that ended as one that goes; gives it as it was, and how it is held now. */
async function reopen(ctx: Ctx, runId: string, conversationId: string) {
  return ctx.db.transaction(async (tx) => {
    // First the conversation, as everything does that begins a round or changes what was said.
    await lockConversation(tx, conversationId);
    await requireIdle(tx, conversationId);
    const run = await findRun(tx, runId);
    if (!run || run.state === 'done') throw new DomainError('conflict', because('roundNotCut'));
    const open = {
      state: 'running',
      hubId: ctx.journal.hubId,
      endedAt: null,
      failure: null,
      cancelAt: null,
      // What stood for it knows nothing of what comes now.
      compacted: null,
      keyId: ctx.actor.type === 'key' ? ctx.actor.id : null,
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

/** Leaves a round as it was that could not go on. */
async function closeAgain(ctx: Ctx, was: AgentRunRow, { runId, epoch }: Hold): Promise<void> {
  const { state, hubId, endedAt, failure, cancelAt, compacted, keyId } = was;
  await ctx.db
    .update(agentRuns)
    .set({ state, hubId, endedAt, failure, cancelAt, compacted, keyId })
    .where(and(eq(agentRuns.id, runId), eq(agentRuns.epoch, epoch)));
}

/** Goes on with an answer that ended in the middle, or with a round that failed between two turns. */
export const continueRound = verb(
  { name: 'conversation.write', access: 'read', input: ByRun },
  async (ctx, { runId }): Promise<BegunRound> => {
    const { conversation } = await requireRun(ctx, runId, 'conversation.write');
    const { run, hold } = await reopen(ctx, runId, conversation.id);
    try {
      const steps = (await stepsOf(ctx.db, [runId])).get(runId) ?? [];
      const before = await saidBefore(ctx.db, conversation.id, run.parentId);
      const { isWatched } = settingsOf(run);
      startRound(ctx, { run: { ...run, compacted: null }, hold, steps, before, isWatched, stream: true });
    } catch (error) {
      await closeAgain(ctx, run, hold);
      throw error;
    }
    await tellChanged(ctx, conversation.id);
    return { conversationId: conversation.id, externalId: conversation.externalId, runId, besideId: null };
  },
);

/** Answers what a round asks. For people: no key decides about what tools do. */
export const answerRound = verb(
  { name: 'conversation.write', access: 'read', input: AnswerRound },
  async (ctx, { runId, askId, answer }): Promise<{ askId: string }> => {
    const { run } = await requireRun(ctx, runId, 'conversation.write');
    if (ctx.actor.type === 'key') throw new DomainError('forbidden', because('keyNever'));
    const kept = heldHere(ctx.runs, run, 'chat.round');
    if (!kept) throw new DomainError('not_found', because('questionClosed'));
    // Its owner may be back with another sign-in.
    ctx.runs.answer({ runId, askId, kind: 'chat.round', by: kept.owner }, answer);
    return { askId };
  },
);
