import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { heldHere } from '../conversations/held.ts';
import { namedHolder } from '../conversations/holder.ts';
import { findCalled } from '../conversations/queries.ts';
import { DomainError } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import { isSuspended, type AgentRunRow } from '../journal/rows.ts';
import { say } from '../reasons.ts';
import type { RunNews } from '../runs/contract.ts';
import { verb } from '../verb.ts';
import { beginGraphRun, resumeGraphRun } from './begin.ts';
import type { Asked, GraphEnding } from './events.ts';
import { snapshotOf } from './held-run.ts';
import { requireGraph } from './queries.ts';
import { resultOfRun } from './result.ts';
import { CallGraph, ExecuteGraph } from './schema.ts';
import { openQuestions } from './visits.ts';

/** How many graphs may call each other. */
const deepest = 8;

/** A run as the documented API asks for it. */
export interface Executed {
  runId: string;
  /** The id that the caller gave to the conversation. */
  conversation: string;
  isNew: boolean;
  /** The events of the run, from its beginning or from where it continues. */
  news: AsyncGenerator<RunNews<'graph.run'>>;
}

async function execute(
  ctx: Ctx,
  { graph: name, input, conversation, resume, userId, within }: z.output<typeof CallGraph>,
): Promise<Executed> {
  const graph = await requireGraph(ctx, name, 'graph.use');
  const holder = namedHolder(ctx, userId);
  const found = conversation === null ? null : await findCalled(ctx.db, holder, conversation);
  if (!found) {
    const given = { content: input ?? '', within };
    const begun = await beginGraphRun(ctx, graph, { holder, externalId: conversation }, given);
    return { runId: begun.runId, conversation: begun.externalId, isNew: true, news: newsOf(ctx, begun.runId) };
  }
  const run = found.kind === 'graph' && found.headId !== null ? await findRun(ctx.db, found.headId) : null;
  if (!run) throw new DomainError('conflict', say('notARun'));
  const own = snapshotOf(run).graphId;
  if (own !== graph.id) {
    throw new DomainError('conflict', say('runOfOther', { id: found.externalId, name: snapshotOf(run).graph.name }));
  }
  const isAnew = input !== null && input !== '' && !resume;
  if (isAnew) {
    if (run.endedAt === null) throw new DomainError('conflict', say(isSuspended(run) ? 'graphWaits' : 'graphBusy'));
    const { runId } = await beginGraphRun(ctx, graph, { row: found }, { content: input, within });
    return { runId, conversation: found.externalId, isNew: false, news: newsOf(ctx, runId) };
  }
  const isOver = run.state === 'done' || (isSuspended(run) && (await questionsOf(ctx, run)).length > 0);
  if (isOver) {
    return { runId: run.id, conversation: found.externalId, isNew: false, news: ended(ctx, run) };
  }
  if (run.endedAt !== null || isSuspended(run)) await resumeGraphRun(ctx, run.id, found.id);
  // Another hub carries it out, so the copy of this one is out of date.
  else if (!heldHere(ctx.runs, run, 'graph.run')) throw new DomainError('conflict', say('graphBusy'));
  return { runId: run.id, conversation: found.externalId, isNew: false, news: newsOf(ctx, run.id) };
}

/**
 * Starts a run, resumes one, or starts a new one in its conversation; the run continues when the caller disconnects.
 */
export const executeGraph = verb({ name: 'graph.use', access: 'read', input: ExecuteGraph }, (ctx, input) =>
  execute(ctx, { ...input, within: [] }),
);

/** The same in the course of runs of other graphs: refused within itself, and from the ninth on. */
export const executeWithin = verb({ name: 'graph.use', access: 'read', input: CallGraph }, async (ctx, input) => {
  const { id, name } = await requireGraph(ctx, input.graph, 'graph.use');
  if (input.within.includes(id)) throw new DomainError('conflict', say('graphWithinItself', { name }));
  if (input.within.length >= deepest) throw new DomainError('limit_exceeded', say('graphTooDeep', { count: deepest }));
  return execute(ctx, input);
});

function newsOf(ctx: Ctx, runId: string): AsyncGenerator<RunNews<'graph.run'>> {
  return ctx.runs.follow(runId, ['graph.run'], { after: 0, signal: ctx.signal });
}

async function questionsOf(ctx: Ctx, run: AgentRunRow): Promise<Asked[]> {
  return openQuestions((await stepsOf(ctx.db, [run.id])).get(run.id) ?? []);
}

/** The end of a run that has ended, or waits. */
async function* ended(ctx: Ctx, run: AgentRunRow): AsyncGenerator<RunNews<'graph.run'>> {
  const { tokensIn, tokensOut, cost } = run;
  const result: GraphEnding = {
    result: await resultOfRun(ctx.db, run),
    used: { tokensIn, tokensOut, cost, estimated: false },
    waiting: isSuspended(run) ? await questionsOf(ctx, run) : [],
  };
  const facts = { conversationId: run.conversationId ?? '', graph: snapshotOf(run).graph.name };
  const times = { startedAt: run.createdAt, endedAt: run.endedAt };
  const outcome = { outcome: 'ok' as const, message: null, reason: null, code: null };
  yield {
    type: 'end',
    run: { id: run.id, kind: 'graph.run', subject: facts.conversationId, facts, ...times, ...outcome, result },
  };
}
