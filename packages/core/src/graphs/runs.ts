import { and, desc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Ctx } from '../context.ts';
import { ownHolder } from '../conversations/holder.ts';
import { roundMessages } from '../conversations/messages.ts';
import { isHeldBy, requireConversation } from '../conversations/queries.ts';
import type { ConversationRow } from '../conversations/rows.ts';
import { ByConversation } from '../conversations/schema.ts';
import { DomainError } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import { isSuspended, type AgentRunRow } from '../journal/rows.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { beginGraphRun, resumeGraphRun, type BegunRun } from './begin.ts';
import { stopRun } from './end-suspended.ts';
import { followGraph, type GraphNews } from './follow.ts';
import { runInputOf, snapshotOf } from './held-run.ts';
import { requireGraph } from './queries.ts';
import { resultOfRun } from './result.ts';
import {
  ByGraphRun,
  FollowGraphRun,
  ListGraphRuns,
  ResumeRun,
  StartRun,
  type GraphRunDetail,
  type GraphRunItem,
  type GraphRunState,
} from './schema.ts';
import { takenIn, usedBy, visitsOf } from './visits.ts';

const { agentRuns, conversations } = tables;
/** Characters of an input that a list shows. */
const shownInput = 500;

// The input of a graph is stored in its run and not in the audit log, so these verbs do not count as writes of the
// hub's state.

/** Starts a run of a graph; it does not depend on this request. */
export const startRun = verb(
  { name: 'graph.use', access: 'read', input: StartRun },
  async (ctx, { id, input, conversation, budget }): Promise<BegunRun> => {
    const graph = await requireGraph(ctx, id, 'graph.use');
    return beginGraphRun(
      ctx,
      graph,
      { holder: ownHolder(ctx), externalId: conversation ?? null },
      { content: input, within: [], budget },
    );
  },
);

export async function requireRun(
  ctx: Ctx,
  runId: string,
  action: 'conversation.read' | 'conversation.write',
): Promise<{ run: AgentRunRow; conversation: ConversationRow }> {
  const run = await findRun(ctx.db, runId);
  const absent = new DomainError('not_found', say('noGraphRun', { id: runId }), { value: runId });
  if (run?.conversationId == null || run.kind !== 'graph') throw absent;
  return { run, conversation: await requireConversation(ctx, run.conversationId, action) };
}

/** The columns of a list: the graph of a run can have megabytes. */
const listed = {
  id: agentRuns.id,
  conversationId: sql<string>`${agentRuns.conversationId}`,
  externalId: conversations.externalId,
  graphId: sql<string>`${agentRuns.snapshot}->>'graphId'`,
  graph: sql<string>`${agentRuns.snapshot}->'config'->>'name'`,
  state: agentRuns.state,
  input: sql<string>`left(${agentRuns.input}->>'content', ${shownInput})`,
  failure: sql<Reason | null>`${agentRuns.failure}`,
  tokensIn: agentRuns.tokensIn,
  tokensOut: agentRuns.tokensOut,
  cost: agentRuns.cost,
  createdAt: agentRuns.createdAt,
  endedAt: agentRuns.endedAt,
};

function shownState(state: AgentRunRow['state']): GraphRunItem['state'] {
  return state === 'queued' ? 'running' : state;
}

function isInState(state: GraphRunState | undefined): SQL | undefined {
  if (state === undefined) return undefined;
  return inArray(agentRuns.state, state === 'running' ? ['queued', 'running'] : [state]);
}

function hasInput(search: string | undefined): SQL | undefined {
  if (search === undefined || search === '') return undefined;
  return sql`position(lower(${search}) in lower(${agentRuns.input}->>'content')) > 0`;
}

function beganBefore(id: string | undefined): SQL | undefined {
  if (id === undefined) return undefined;
  const known = sql`select b.created_at, b.id from ${agentRuns} b where b.id = ${id}`;
  return sql`(${agentRuns.createdAt}, ${agentRuns.id}) < (${known})`;
}

/** The actor's own runs, the newest first; of one graph, where one is named. */
export const listGraphRuns = verb(
  { name: 'conversation.read', access: 'read', input: ListGraphRuns },
  async (ctx, { graph, state, search, cursor, most }): Promise<GraphRunItem[]> => {
    const of = graph === undefined ? null : await requireGraph(ctx, graph);
    const isOf = of ? sql`${agentRuns.snapshot}->>'graphId' = ${of.id}` : undefined;
    const fits = [isInState(state), hasInput(search), beganBefore(cursor)];
    const rows = await ctx.db
      .select(listed)
      .from(agentRuns)
      .innerJoin(conversations, eq(conversations.id, agentRuns.conversationId))
      .where(and(eq(agentRuns.kind, 'graph'), isHeldBy(ownHolder(ctx)), isOf, ...fits))
      .orderBy(desc(agentRuns.createdAt), desc(agentRuns.id))
      .limit(most);
    return rows.map((row) => ({ ...row, state: shownState(row.state) }));
  },
);

async function detailOf(ctx: Ctx, run: AgentRunRow, externalId: string): Promise<GraphRunDetail> {
  const steps = (await stepsOf(ctx.db, [run.id])).get(run.id) ?? [];
  const result = await resultOfRun(ctx.db, run);
  const { content, earlier } = runInputOf(run);
  const { id, conversationId, tokensIn, tokensOut, cost, createdAt, endedAt } = run;
  return {
    id,
    externalId,
    tokensIn,
    tokensOut,
    cost,
    createdAt,
    endedAt,
    conversationId: conversationId ?? '',
    graphId: snapshotOf(run).graphId,
    graph: snapshotOf(run).config.name,
    state: shownState(run.state),
    input: content,
    failure: run.failure as Reason | null,
    config: snapshotOf(run).config,
    budget: snapshotOf(run).budget ?? null,
    steps: takenIn(steps),
    inputs: [...earlier, content],
    nodes: visitsOf(steps).map((visit) => ({
      node: visit.node.node,
      visit: visit.node.visit,
      level: visit.node.level,
      prompt: visit.node.prompt,
      said: roundMessages(visit.steps),
      done: visit.row.state === 'done',
      output: visit.node.output,
      handoff: visit.node.handoff,
      branch: visit.node.branch ?? null,
      failed: visit.node.failed ?? false,
      asked: visit.asked,
      used: usedBy(visit),
      startedAt: visit.row.startedAt,
      endedAt: visit.row.endedAt,
    })),
    finalResult: result.final_result,
    executionChain: result.execution_chain,
    globalOutputs: result.global_outputs,
    handoffs: result.handoffs_status,
  };
}

/** A run with all that was said in it. */
export const getGraphRun = verb(
  { name: 'conversation.read', access: 'read', input: ByGraphRun },
  async (ctx, { runId }): Promise<GraphRunDetail> => {
    const { run, conversation } = await requireRun(ctx, runId, 'conversation.read');
    return detailOf(ctx, run, conversation.externalId);
  },
);

/** The last run of a conversation. */
export const lastGraphRun = verb(
  { name: 'conversation.read', access: 'read', input: ByConversation },
  async (ctx, { id }): Promise<GraphRunDetail> => {
    const conversation = await requireConversation(ctx, id);
    const run = conversation.headId === null ? null : await findRun(ctx.db, conversation.headId);
    if (run?.kind !== 'graph') throw new DomainError('not_found', say('noGraphRun', { id }), { value: id });
    return detailOf(ctx, run, conversation.externalId);
  },
);

/** Follows a run after a position that the caller knows, until its end. */
export const followGraphRun = verb(
  { name: 'conversation.read', access: 'read', input: FollowGraphRun },
  async (ctx, { runId, after }): Promise<AsyncGenerator<GraphNews>> => {
    const { run } = await requireRun(ctx, runId, 'conversation.read');
    return followGraph(ctx, run, after);
  },
);

/** Cancels a run, whichever hub carries it out; finished steps are kept, and the run can be resumed. */
export const stopGraphRun = verb(
  { name: 'conversation.write', access: 'read', input: ByGraphRun },
  async (ctx, { runId }): Promise<{ runId: string }> => {
    const { run } = await requireRun(ctx, runId, 'conversation.write');
    if (run.endedAt !== null) return { runId };
    await stopRun(ctx, run);
    return { runId };
  },
);

/** Goes on with a run that failed or was stopped, with the graph that it began with. */
export const resumeRun = verb(
  { name: 'conversation.write', access: 'read', input: ResumeRun },
  async (ctx, { runId, budget }): Promise<{ runId: string }> => {
    const { run, conversation } = await requireRun(ctx, runId, 'conversation.write');
    if (run.endedAt === null && !isSuspended(run)) throw new DomainError('conflict', say('graphBusy'));
    await resumeGraphRun(ctx, runId, conversation.id, budget);
    return { runId };
  },
);
