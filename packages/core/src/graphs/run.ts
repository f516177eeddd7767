import { eq, sql } from 'drizzle-orm';
import { NodeFailed, runGraph, type GraphResult } from '@switchboard/agents/graphs';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { tellChanged } from '../conversations/changed.ts';
import { newTally, type Tally } from '../conversations/converse.ts';
import { placesAfter } from '../conversations/round-journal.ts';
import { isDomainError } from '../errors.ts';
import { endRun, type RunEnd } from '../journal/write.ts';
import { say } from '../reasons.ts';
import { hubStops, type Run, type RunTeller } from '../runs/contract.ts';
import { ownerOf } from '../runs/live.ts';
import type { GraphEnding } from './events.ts';
import { runInputOf, snapshotOf, type HeldGraphRun } from './held-run.ts';
import { createNodes, reasonOf } from './nodes.ts';
import { toPast, visitsOf } from './visits.ts';

type Teller = RunTeller<'graph.run'>;

/** Carries a run out apart from the request that began it. Throws where the person has as many as may go at once. */
export function startGraphRun(ctx: Ctx, held: HeldGraphRun): Run<'graph.run'> {
  const { run, hold, isLetIn = false } = held;
  const conversationId = run.conversationId ?? '';
  return ctx.runs.start(
    {
      id: run.id,
      epoch: hold.epoch,
      isLetIn,
      kind: 'graph.run',
      subject: conversationId,
      resource: { type: 'conversation' },
      owner: ownerOf(ctx.actor),
      facts: { conversationId, graph: snapshotOf(run).graph.name },
      key: `graph:${run.id}`,
    },
    (teller) => carryOut({ ...ctx, signal: teller.signal }, held, teller),
  );
}

async function carryOut(ctx: Ctx, held: HeldGraphRun, teller: Teller): Promise<GraphEnding> {
  const { run, steps } = held;
  const tally = newTally('');
  const nextSeq = placesAfter(steps);
  const nodes = createNodes(ctx, held, nextSeq, { tally, tell: (event) => teller.tell(event) });
  try {
    const { content, earlier, globals } = runInputOf(run);
    const events = runGraph({
      graph: snapshotOf(run).graph,
      input: content,
      inputs: earlier,
      globals,
      past: visitsOf(steps).map(toPast),
      ports: nodes.ports,
      signal: teller.signal,
    });
    const result = await tellAll(events, nodes.shown, teller);
    await finish(ctx, held, tally, { state: 'done', finish: 'stop', failure: null });
    return { result, used: tally.used };
  } catch (thrown) {
    await nodes.end();
    const error = thrown instanceof NodeFailed ? thrown.cause : thrown;
    const end = endOf(teller.signal, thrown);
    if (end) await finish(ctx, held, tally, end);
    throw error;
  }
}

async function tellAll(
  events: ReturnType<typeof runGraph>,
  shown: ReturnType<typeof createNodes>['shown'],
  teller: Teller,
): Promise<GraphResult> {
  try {
    for (;;) {
      const { done, value } = await events.next();
      if (done) return value;
      teller.tell(await shown(value));
    }
  } finally {
    // Also where something could not be kept: what is under way ends.
    await events.return({ final_result: '', execution_chain: [], global_outputs: {}, handoffs_status: {} });
  }
}

type End = Pick<RunEnd, 'state' | 'finish' | 'failure'>;

/** How a run ended that did not come to its end; null where another hub carries it on, or this one when it is back. */
function endOf(signal: AbortSignal, thrown: unknown): End | null {
  if (signal.reason === hubStops) return null;
  if (signal.aborted && !isDomainError(signal.reason)) return { state: 'cancelled', finish: null, failure: null };
  if (signal.aborted) return { state: 'failed', finish: null, failure: reasonOf(signal.reason) };
  if (!(thrown instanceof NodeFailed)) return { state: 'failed', finish: null, failure: reasonOf(thrown) };
  const failure = say('graphNodeFailed', { node: thrown.node, problem: reasonOf(thrown.cause) });
  return { state: 'failed', finish: null, failure };
}

async function finish(ctx: Ctx, { run, hold }: HeldGraphRun, { model, used }: Tally, end: End): Promise<void> {
  const endedAt = new Date(ctx.clock.now());
  const { tokensIn, tokensOut, cost } = used;
  const { conversations } = tables;
  await ctx.db.transaction(async (tx) => {
    const isEnded = await endRun(tx, hold, { ...end, model, tokensIn, tokensOut, cost, endedAt });
    if (!isEnded || run.conversationId === null) return;
    await tx
      .update(conversations)
      .set({
        tokensIn: sql`${conversations.tokensIn} + ${tokensIn}`,
        tokensOut: sql`${conversations.tokensOut} + ${tokensOut}`,
        cost: sql`${conversations.cost} + ${cost}`,
        updatedAt: endedAt,
      })
      .where(eq(conversations.id, run.conversationId));
  });
  if (run.conversationId !== null) await tellChanged(ctx, run.conversationId);
}
