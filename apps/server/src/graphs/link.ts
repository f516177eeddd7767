import type { Core } from '@switchboard/core';
import { callerOf } from '@switchboard/core/access';
import { callGraph, graphToolOf } from '@switchboard/core/graphs';
import { ErrorCode, LinkError, type OpenGraph, RpcError, legacyVersions, traceIn } from '@switchboard/mcp-runtime';
import type { JsonObject } from '@switchboard/mcp-runtime/types';
import { linkWithin, type Received } from '../process/within.ts';
import { hub } from '../wiring/hub.ts';

type Graphs = Pick<Core, 'ctxFor' | 'deps' | 'events'>;

interface Served {
  serverId: string;
  graphId: string;
}

const closed = 'The graph that this server shows is gone, or not open to the server’s owner any more.';

function toolOf({ ctxFor }: Graphs, { serverId, graphId }: Served): Promise<JsonObject | null> {
  return graphToolOf(ctxFor({ type: 'system', job: 'graph-servers' }), serverId, graphId);
}

function greeting(params: JsonObject): JsonObject {
  const asked = legacyVersions.find((version) => version === params['protocolVersion']);
  return {
    protocolVersion: asked ?? legacyVersions[0],
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: `${hub.name} graph`, version: hub.version },
  };
}

async function call(core: Graphs, graphId: string, received: Received, tool: JsonObject): Promise<JsonObject> {
  const { params, origin, signal, tell } = received;
  if (params['name'] !== tool['name']) {
    throw new RpcError(ErrorCode.invalidParams, `There is no tool ${String(params['name']).slice(0, 200)}.`);
  }
  const actor = origin && callerOf(core.deps.access.directory, origin.credential);
  if (!origin || !actor || actor.type === 'system') {
    throw new RpcError(ErrorCode.invalidParams, 'A graph runs for somebody who signed in, or for an API key.');
  }
  const meta = params['_meta'] as JsonObject | undefined;
  const progressToken = meta?.['progressToken'];
  const start = { name: 'tools/call', kind: 'server', facts: { 'mcp.method.name': 'tools/call' } } as const;
  const trace = core.deps.tracer?.begin(start, traceIn(meta)) ?? null;
  const called = callGraph(core.ctxFor(actor, { trace }), {
    graphId,
    arguments: params['arguments'],
    within: origin.within,
    signal,
    onNode(progress, node) {
      if (progressToken === undefined) return;
      tell({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken, progress, message: node },
      });
    },
  });
  return await called.finally(() => trace?.end());
}

async function resultOf(core: Graphs, { serverId, graphId }: Served, received: Received): Promise<JsonObject> {
  const { method, params } = received;
  if (method === 'initialize') return greeting(params);
  if (method === 'ping') return {};
  if (method === 'tools/list' || method === 'tools/call') {
    const tool = await toolOf(core, { serverId, graphId });
    if (method === 'tools/list') return { tools: tool ? [tool] : [] };
    if (!tool) throw new RpcError(ErrorCode.server, closed);
    return await call(core, graphId, received, tool);
  }
  throw new RpcError(ErrorCode.methodNotFound, `The server has no method ${method.slice(0, 200)}.`);
}

/** Opens links to graphs for servers that show them: one tool, which runs the graph for its caller. */
export function openGraphLink(core: () => Graphs): OpenGraph {
  return async ({ graph: graphId }, { serverId }, events) => {
    const { events: changes } = core();
    const served = { serverId, graphId };
    if (!(await toolOf(core(), served))) throw new LinkError('unreachable', closed);
    const unsubscribe = changes.subscribe((event) => {
      if (event.type !== 'graph.changed' || event.id !== graphId) return;
      events.message({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }, null);
    });
    return linkWithin(events, {
      failure: 'The graph could not be run; the log of the hub says why.',
      closed: unsubscribe,
      async answer(received) {
        const { id } = received;
        if (id === null) return null;
        try {
          return { jsonrpc: '2.0', id, result: await resultOf(core(), served, received) };
        } catch (error) {
          if (!(error instanceof RpcError)) {
            core().deps.log.error({ error, graphId }, 'A call of a graph failed');
            throw error;
          }
          return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message } };
        }
      },
    });
  };
}
