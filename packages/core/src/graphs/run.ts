import {
  GraphWaits,
  NodeFailed,
  RunStops,
  runGraph,
  TooManyVisits,
  type GraphResult,
} from '@switchboard/agents/graphs';
import type { Ctx } from '../context.ts';
import { tellChanged } from '../conversations/changed.ts';
import { newTally, type Tally } from '../conversations/converse.ts';
import { endInConversation, reasonOf, type End } from '../conversations/finish.ts';
import { placesAfter } from '../conversations/round-journal.ts';
import type { Used } from '../conversations/schema.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { stepsOf } from '../journal/read.ts';
import { fromProvider } from '../models/provider-refusal.ts';
import { say } from '../reasons.ts';
import { hubStops, type Run, type RunTeller } from '../runs/contract.ts';
import { ownerOf } from '../runs/live.ts';
import { beginSpan, endWith } from '../spans.ts';
import { createSpending } from './budget.ts';
import type { GraphEnding } from './events.ts';
import { inWords } from './faults.ts';
import { runInputOf, snapshotOf, type HeldGraphRun } from './held-run.ts';
import { createNodes } from './nodes.ts';
import { resultOfRun } from './result.ts';
import { openQuestions, toPast, usedBy, visitsOf } from './visits.ts';

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
    async (teller) => {
      const { name } = snapshotOf(run).graph;
      const facts = { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': name };
      const trace = beginSpan(ctx, { name: `invoke_workflow ${name}`, kind: 'internal', facts });
      return await endWith(trace, carryOut({ ...ctx, trace, signal: teller.signal }, held, teller));
    },
  );
}

/** The use of turns that a dead hub made and did not add to the run: the turns have it. */
function unaccountedOf({ run, steps }: HeldGraphRun): Used {
  const { tokensIn, tokensOut, cost, estimated } = usedBy({ steps: [...steps] });
  return {
    tokensIn: Math.max(0, tokensIn - run.tokensIn),
    tokensOut: Math.max(0, tokensOut - run.tokensOut),
    cost: Math.max(0, cost - run.cost),
    estimated,
  };
}

async function carryOut(ctx: Ctx, held: HeldGraphRun, teller: Teller): Promise<GraphEnding> {
  const { run, steps } = held;
  const tally: Tally = { ...newTally(''), used: unaccountedOf(held) };
  const nextSeq = placesAfter(steps);
  const spending = createSpending(ctx, held, tally);
  const nodes = createNodes(ctx, held, nextSeq, { tally, spending, tell: (event) => teller.tell(event) });
  try {
    const { content, earlier, globals } = runInputOf(run);
    const events = runGraph({
      graph: snapshotOf(run).graph,
      input: content,
      inputs: earlier,
      globals,
      past: visitsOf(steps).map(toPast),
      ports: nodes.ports,
      signal: AbortSignal.any([teller.signal, spending.signal]),
    });
    const result = await tellAll(events, nodes.shown, teller);
    await finish(ctx, held, tally, { state: 'done', finish: 'stop', failure: null });
    return { result, used: tally.used, waiting: [] };
  } catch (thrown) {
    await nodes.end(thrown);
    if (thrown instanceof GraphWaits && !teller.signal.aborted) return await suspend(ctx, held, tally);
    const error = failureOf(thrown);
    const end = endOf(teller.signal, error);
    if (end) await finish(ctx, held, tally, end);
    throw error;
  } finally {
    spending.end();
  }
}

/** Leaves the run to the people that it waits for: it needs no hub until they have answered. */
async function suspend(ctx: Ctx, held: HeldGraphRun, tally: Tally): Promise<GraphEnding> {
  await finish(ctx, held, tally, { state: 'waiting', finish: null, failure: null });
  const steps = (await stepsOf(ctx.db, [held.run.id])).get(held.run.id) ?? [];
  return { result: await resultOfRun(ctx.db, held.run), used: tally.used, waiting: openQuestions(steps) };
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

/** The failure of a run, worded by the hub where it knows the cause: with the node that failed. */
function failureOf(thrown: unknown): unknown {
  if (thrown instanceof RunStops) return thrown.cause;
  if (thrown instanceof TooManyVisits)
    return new DomainError('limit_exceeded', say('graphVisits', { count: thrown.count }));
  if (!(thrown instanceof NodeFailed)) return thrown;
  const cause = fromProvider(inWords(thrown.cause));
  if (!isDomainError(cause)) return cause;
  return new DomainError(
    cause.code,
    say('graphNodeFailed', { node: thrown.node, problem: cause.reason }),
    cause.details,
  );
}

/** The end of a run that did not finish; null where another hub continues it, or this one after its restart. */
function endOf(signal: AbortSignal, error: unknown): End | null {
  if (signal.reason === hubStops) return null;
  if (signal.aborted && !isDomainError(signal.reason)) return { state: 'cancelled', finish: null, failure: null };
  return { state: 'failed', finish: null, failure: reasonOf(signal.aborted ? signal.reason : error) };
}

async function finish(ctx: Ctx, held: HeldGraphRun, tally: Tally, end: End): Promise<void> {
  const conversation = await endInConversation(ctx, held, tally, end);
  if (conversation && held.run.conversationId !== null) await tellChanged(ctx, held.run.conversationId);
}
