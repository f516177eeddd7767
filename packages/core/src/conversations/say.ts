import { keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { say as because } from '../reasons.ts';
import { verb } from '../verb.ts';
import { beginRound, placeOf, type BegunRound } from './begin.ts';
import { tellChanged } from './changed.ts';
import { followStored, whileReadable, type RoundNews } from './follow.ts';
import { heldHere, stopHeld } from './held.ts';
import { settingsOf } from './messages.ts';
import { absentConversation, requireConversation } from './queries.ts';
import { closeAgain, reopen } from './reopen.ts';
import { isRound, startRound } from './round.ts';
import type { ConversationRow } from './rows.ts';
import { saidBefore } from './said-before.ts';
import { AnswerRound, ByRun, FollowRound, Say } from './schema.ts';

// Messages are stored in the conversation itself and not in the audit log, so these verbs do not count as writes of the
// hub's state.

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
  if (run?.conversationId == null || !isRound(run)) throw absentConversation(runId);
  return { run, conversation: await requireConversation(ctx, run.conversationId, action) };
}

/** Follows a round after a position that the caller knows, until its end, as long as the caller may read it. */
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
    await stopHeld(ctx, run, 'chat.round');
    return { runId };
  },
);

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
    const { id, externalId } = conversation;
    return { conversationId: id, externalId, isNew: false, runId, besideId: null };
  },
);

/** Answers what a round asks. For people: no key decides about what tools do. */
export const answerRound = verb(
  { name: 'conversation.write', access: 'read', input: AnswerRound },
  async (ctx, { runId, askId, answer }): Promise<{ askId: string }> => {
    const { run } = await requireRun(ctx, runId, 'conversation.write');
    if (keyIdOf(ctx.actor) !== null) throw new DomainError('forbidden', because('keyNever'));
    const kept = heldHere(ctx.runs, run, 'chat.round');
    if (!kept) throw new DomainError('not_found', because('questionClosed'));
    // Its owner may be back with another sign-in.
    ctx.runs.answer({ runId, askId, kind: 'chat.round', by: kept.owner }, answer);
    return { askId };
  },
);
