import { and, eq, isNull, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { say as because } from '../reasons.ts';
import { verb } from '../verb.ts';
import { beginRound, placeOf, requireIdle, type BegunRound } from './begin.ts';
import { tellChanged } from './changed.ts';
import { followStored, type RoundNews } from './follow.ts';
import { loadRounds, messagesOf, settingsOf } from './messages.ts';
import { absentConversation, requireConversation } from './queries.ts';
import { startRound } from './round.ts';
import { AnswerRound, ByRun, FollowRound, Say } from './schema.ts';
import { loadTree } from './tree.ts';

const { agentRuns } = tables;
const kinds = ['chat.round'] as const;

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
): Promise<AgentRunRow> {
  const run = await findRun(ctx.db, runId);
  if (run?.conversationId == null) throw absentConversation(runId);
  await requireConversation(ctx, run.conversationId, action);
  return run;
}

/** What a round told after the place that the caller knows, and tells to its end. */
export const followRound = verb(
  { name: 'conversation.read', access: 'read', input: FollowRound },
  async (ctx, { runId, after }): Promise<AsyncGenerator<RoundNews>> => {
    await requireRun(ctx, runId, 'conversation.read');
    return followStored(ctx, runId, after);
  },
);

/** Gives a round up, wherever it is carried out; what was said so far is kept. */
export const stopRound = verb(
  { name: 'conversation.write', access: 'read', input: ByRun },
  async (ctx, { runId }): Promise<{ runId: string }> => {
    const run = await requireRun(ctx, runId, 'conversation.write');
    if (run.endedAt !== null) return { runId };
    if (ctx.runs.find(runId, kinds)) {
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

/** Goes on with an answer that ended in the middle, or with a round that failed between two turns. */
export const continueRound = verb(
  { name: 'conversation.write', access: 'read', input: ByRun },
  async (ctx, { runId }): Promise<BegunRound> => {
    const found = await requireRun(ctx, runId, 'conversation.write');
    const conversation = await requireConversation(ctx, found.conversationId ?? '', 'conversation.write');
    const hold = await ctx.db.transaction(async (tx) => {
      const [run] = await tx.select().from(agentRuns).where(eq(agentRuns.id, runId)).for('update');
      await requireIdle(tx, conversation.id);
      if (!run || run.state === 'done') throw new DomainError('conflict', because('roundNotCut'));
      const keyId = ctx.actor.type === 'key' ? ctx.actor.id : null;
      const open = {
        state: 'running',
        hubId: ctx.journal.hubId,
        endedAt: null,
        failure: null,
        cancelAt: null,
        keyId,
      } as const;
      const [next] = await tx
        .update(agentRuns)
        .set({ ...open, epoch: sql`${agentRuns.epoch} + 1` })
        .where(eq(agentRuns.id, runId))
        .returning({ epoch: agentRuns.epoch });
      return { runId, epoch: next?.epoch ?? 0 };
    });
    const steps = (await stepsOf(ctx.db, [runId])).get(runId) ?? [];
    const path = (await loadTree(ctx.db, conversation.id)).pathTo(found.parentId);
    const before = (await loadRounds(ctx.db, path)).flatMap((each) => messagesOf(each.run, each.steps));
    startRound(ctx, { run: found, hold, steps, before, isWatched: settingsOf(found).isWatched, stream: true });
    await tellChanged(ctx, conversation.id);
    return { conversationId: conversation.id, externalId: conversation.externalId, runId };
  },
);

/** Answers what a round asks. For people: no key decides about what tools do. */
export const answerRound = verb(
  { name: 'conversation.write', access: 'read', input: AnswerRound },
  async (ctx, { runId, askId, answer }): Promise<{ askId: string }> => {
    await requireRun(ctx, runId, 'conversation.write');
    if (ctx.actor.type === 'key') throw new DomainError('forbidden', because('keyNever'));
    const kept = ctx.runs.find(runId, kinds);
    if (!kept) throw new DomainError('not_found', because('questionClosed'));
    // Its owner may be back with another sign-in.
    ctx.runs.answer({ runId, askId, kind: 'chat.round', by: kept.owner }, answer);
    return { askId };
  },
);
