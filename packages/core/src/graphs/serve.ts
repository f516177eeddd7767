import { eq } from 'drizzle-orm';
import { graphToolName } from '@switchboard/agents/graphs';
import { tables } from '@switchboard/db';
import type { JsonObject } from '@switchboard/mcp-runtime/types';
import { actorOf } from '../access/behind.ts';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError, isDomainError, messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import { executeWithin } from './execute.ts';
import { configOf, findGraph, graphResource } from './queries.ts';
import type { GraphRow } from './rows.ts';
import { stopGraphRun } from './runs.ts';
import { CallArguments } from './schema.ts';

const longestDescription = 2_000;

/**
 * Whether a server may reveal its graph: the owner of the server may use the graph by now. A server that is only tried
 * has no owner yet.
 */
async function mayTell(ctx: Ctx, serverId: string, graph: GraphRow): Promise<boolean> {
  const [server] = await ctx.db.select().from(tables.servers).where(eq(tables.servers.id, serverId));
  if (!server || server.createdBy === null) return true;
  const owner = actorOf(ctx.access.directory, { type: 'user', userId: server.createdBy, sid: '' });
  return owner !== null && may({ ...ctx, actor: owner }, 'graph.use', graphResource(graph));
}

/** The tool of a server that runs a graph; null where the graph is gone, or closed to the server's owner. */
export async function graphToolOf(ctx: Ctx, serverId: string, graphId: string): Promise<JsonObject | null> {
  const row = await findGraph(ctx.db, graphId);
  if (row?.id !== graphId || !(await mayTell(ctx, serverId, row))) return null;
  const { name, description } = configOf(row);
  return {
    name: graphToolName(name),
    title: name.slice(0, 200),
    description: description.slice(0, longestDescription) || `Runs the graph ${name}.`,
    inputSchema: {
      type: 'object',
      properties: {
        input_text: { type: 'string', description: 'What the graph is given' },
        conversation_id: {
          type: 'string',
          description: 'Of a run that begins anew with this input after those before',
        },
      },
      required: ['input_text'],
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: {
        conversation_id: { type: 'string', description: 'Of the run' },
        final_result: { type: 'string' },
        execution_chain: { type: 'array', items: { type: 'array', items: { type: 'string' } } },
        waiting: {
          type: 'array',
          description: 'What people are asked before the run goes on; empty where it is at its end',
          items: { type: 'object', properties: { node: { type: 'string' }, question: { type: 'string' } } },
        },
      },
      required: ['conversation_id', 'final_result', 'execution_chain', 'waiting'],
    },
    annotations: { readOnlyHint: false, idempotentHint: false, openWorldHint: true },
  };
}

export interface GraphCall {
  graphId: string;
  /** As the client gave them. */
  arguments: unknown;
  /** Ids of the graphs whose runs make the call, the outermost first. */
  within: readonly string[];
  /** Ends the run as well. */
  signal: AbortSignal;
  /** A node begins: the how manyth, and which. */
  onNode(count: number, node: string): void;
}

function refusal(text: string): JsonObject {
  return { content: [{ type: 'text', text }], isError: true };
}

/**
 * Runs a graph for the caller of its tool, with that caller's rights, and returns the result of the call. A failure of
 * the run is a result, not an exception.
 */
export async function callGraph(ctx: Ctx, call: GraphCall): Promise<JsonObject> {
  const given = CallArguments.safeParse(call.arguments ?? {});
  if (!given.success) {
    const [issue] = given.error.issues;
    return refusal(`Invalid arguments: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  try {
    return await run(ctx, call, given.data);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const isClosed = error.code === 'not_found' && error.reason.code === 'noGraph';
    return refusal(messageOf(isClosed ? new DomainError('forbidden', say('graphNotOpen')) : error));
  }
}

async function run(ctx: Ctx, call: GraphCall, given: CallArguments): Promise<JsonObject> {
  const executed = await executeWithin(ctx, {
    graph: call.graphId,
    input: given.input_text,
    conversation: given.conversation_id ?? null,
    within: [...call.within],
  });
  const { runId, conversation, news } = executed;
  // A stopping hub cancels its runs in the same moment; these have to resume after the restart.
  function stop() {
    void Promise.resolve()
      .then(() => stopGraphRun(ctx, { runId }))
      .catch(() => undefined);
  }
  call.signal.addEventListener('abort', stop, { once: true });
  if (call.signal.aborted) stop();
  try {
    let nodes = 0;
    for await (const item of news) {
      if (item.type === 'event' && item.event.type === 'node_start') call.onNode((nodes += 1), item.event.node);
      if (item.type !== 'end') continue;
      const { result, message } = item.run;
      if (!result) return refusal(`The run ${conversation} ended without a result: ${message ?? 'it was stopped.'}`);
      const { final_result, execution_chain } = result.result;
      const waiting = result.waiting.map(({ node, question }) => ({ node, question: question.text }));
      const asked = waiting.map(({ node, question }) => `${node}: ${question}`).join('\n\n');
      const waits = `The run ${conversation} waits for a person, who answers it in the hub.\n\n${asked}`;
      return {
        content: [{ type: 'text', text: waiting.length > 0 ? waits : final_result }],
        structuredContent: { conversation_id: conversation, final_result, execution_chain, waiting },
      };
    }
    return refusal(`The run ${conversation} goes on elsewhere; look at it in the hub.`);
  } finally {
    call.signal.removeEventListener('abort', stop);
  }
}
