import { actorBehind } from '../access/behind.ts';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { tellFailure } from '../database-away.ts';
import { eventsOf, stepsOf } from '../journal/read.ts';
import type { AgentRunRow, AgentStepRow } from '../journal/rows.ts';
import type { Delta } from '../journal/store.ts';
import { say } from '../reasons.ts';
import { giveUp } from './finish.ts';
import { settingsOf } from './messages.ts';
import { createRoundJournal, lastTurnOf } from './round-journal.ts';
import { isRound, startRound } from './round.ts';
import { saidBefore } from './said-before.ts';

const mostTakeovers = 20;

/** The part of a turn that arrived before the hub died; null where nothing arrived. */
async function cutTurn(ctx: Ctx, run: AgentRunRow, steps: readonly AgentStepRow[]) {
  const lastTurn = lastTurnOf(steps);
  const deltas = (await eventsOf(ctx.db, run.id)).map(({ event }) => event as Delta);
  const open = deltas.filter(({ turn }) => turn > lastTurn);
  if (open.length === 0) return null;
  return {
    turn: Math.max(...open.map(({ turn }) => turn)),
    content: open.map(({ content }) => content).join(''),
    reasoning: open.map(({ reasoning }) => reasoning).join(''),
  };
}

/** Goes on with a round that ended between turns or in calls; one that was cut in an answer waits for its owner. */
async function recover(ctxFor: (actor: Actor) => Ctx, ctx: Ctx, run: AgentRunRow): Promise<void> {
  const hold = { runId: run.id, epoch: run.epoch };
  const steps = (await stepsOf(ctx.db, [run.id])).get(run.id) ?? [];
  // The content of the round may be what kills hubs, so takeovers are bounded. An answer that was cut is resumed once at
  // most, and these do not count.
  const resumed = steps.filter(({ state }) => state === 'cut').length;
  if (run.epoch - resumed > mostTakeovers) return giveUp(ctx, run, say('runBroke'));
  const cut = await cutTurn(ctx, run, steps);
  if (cut) {
    const journal = createRoundJournal(ctx, hold, steps, () => Promise.resolve(null));
    const { turn, content, reasoning } = cut;
    await journal.cut({
      turn,
      model: run.model,
      message: { role: 'assistant', content, ...(reasoning !== '' && { reasoning_content: reasoning }) },
      // The use is unknown here; the provider bills it.
      used: { tokensIn: 0, tokensOut: 0, cost: 0, estimated: true },
      ms: 0,
      thoughtMs: null,
    });
    await giveUp(ctx, run, say('answerCut'));
    return;
  }
  // The run was cancelled after its hub had died.
  if (run.cancelAt !== null) return giveUp(ctx, run, say('givenUp'));
  const actor = actorBehind(ctx, { userId: run.ownerId, keyId: run.keyId });
  if (!actor || run.conversationId === null) {
    await giveUp(ctx, run, say('runnerGone'));
    return;
  }
  const before = await saidBefore(ctx.db, run.conversationId, run.parentId);
  const { isWatched } = settingsOf(run);
  startRound(ctxFor(actor), { run, hold, steps, before, isWatched, stream: true, isLetIn: true });
}

/** Takes over rounds that a dead hub left. */
export async function recoverRounds(
  ctxFor: (actor: Actor) => Ctx,
  ctx: Ctx,
  runs: readonly AgentRunRow[],
): Promise<void> {
  for (const run of runs.filter(isRound)) {
    // It is this hub's now, which finds in a while that it does not carry it out.
    await recover(ctxFor, ctx, run).catch((error: unknown) =>
      tellFailure(ctx.log, 'error', error, 'A round of a dead hub could not be taken over', { runId: run.id }),
    );
  }
}
