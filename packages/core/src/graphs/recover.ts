import { actorBehind } from '../access/behind.ts';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { giveUp } from '../conversations/finish.ts';
import { tellFailure } from '../database-away.ts';
import { stepsOf } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { forgetEvents } from '../journal/store.ts';
import { say } from '../reasons.ts';
import { startGraphRun } from './run.ts';

const mostTakeovers = 20;

/** Resumes the run of a dead hub: finished steps are not repeated, a turn that was cut is taken again. */
async function recover(ctxFor: (actor: Actor) => Ctx, ctx: Ctx, run: AgentRunRow): Promise<void> {
  const steps = (await stepsOf(ctx.db, [run.id])).get(run.id) ?? [];
  // The content of the run may be what kills hubs, so takeovers are bounded. Resumptions after answers of people do not
  // count.
  const answered = steps.filter(({ kind, state }) => kind === 'ask' && state === 'done').length;
  if (run.epoch - answered > mostTakeovers) return giveUp(ctx, run, say('runBroke'));
  // The run was cancelled after its hub had died.
  if (run.cancelAt !== null) return giveUp(ctx, run, say('givenUp'));
  const actor = actorBehind(ctx, { userId: run.ownerId, keyId: run.keyId });
  if (!actor) return giveUp(ctx, run, say('runnerGone'));
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
