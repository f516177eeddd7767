import { actorBehind } from '../access/behind.ts';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { tellChanged } from '../conversations/changed.ts';
import { tellFailure } from '../database-away.ts';
import { stepsOf } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { forgetEvents } from '../journal/store.ts';
import { endRun } from '../journal/write.ts';
import { say } from '../reasons.ts';
import { startGraphRun } from './run.ts';

const mostTakeovers = 20;

async function giveUp(ctx: Ctx, run: AgentRunRow, why: 'runBroke' | 'givenUp' | 'runnerGone'): Promise<void> {
  const used = { model: run.model, tokensIn: 0, tokensOut: 0, cost: 0, endedAt: new Date(ctx.clock.now()) };
  await endRun(
    ctx.db,
    { runId: run.id, epoch: run.epoch },
    { state: 'failed', finish: null, failure: say(why), ...used },
  );
  await forgetEvents(ctx.db, run.id);
  if (run.conversationId !== null) await tellChanged(ctx, run.conversationId);
}

/** Goes on with a run of a dead hub: what was done is not done again; a turn that was cut is taken anew. */
async function recover(ctxFor: (actor: Actor) => Ctx, ctx: Ctx, run: AgentRunRow): Promise<void> {
  // Whatever it is, it may be what the hubs die of.
  if (run.epoch > mostTakeovers) return giveUp(ctx, run, 'runBroke');
  // Somebody gave it up after its hub had died.
  if (run.cancelAt !== null) return giveUp(ctx, run, 'givenUp');
  const actor = actorBehind(ctx, { userId: run.ownerId, keyId: run.keyId });
  if (!actor) return giveUp(ctx, run, 'runnerGone');
  const steps = (await stepsOf(ctx.db, [run.id])).get(run.id) ?? [];
  await forgetEvents(ctx.db, run.id);
  startGraphRun(ctxFor(actor), { run, hold: { runId: run.id, epoch: run.epoch }, steps, isLetIn: true });
}

/** Takes over runs of graphs that a dead hub left. */
export async function recoverGraphRuns(
  ctxFor: (actor: Actor) => Ctx,
  ctx: Ctx,
  runs: readonly AgentRunRow[],
): Promise<void> {
  for (const run of runs.filter(({ kind }) => kind === 'graph')) {
    // It is this hub's now, which finds in a while that it does not carry it out.
    await recover(ctxFor, ctx, run).catch((error: unknown) =>
      tellFailure(ctx.log, 'error', error, 'A run of a dead hub could not be taken over', { runId: run.id }),
    );
  }
}
