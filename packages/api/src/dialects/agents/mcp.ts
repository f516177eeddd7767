import { z } from 'zod';
import { DomainError, messageOf } from '@switchboard/core';
import { callTool } from '@switchboard/core/calls';
import { say } from '@switchboard/core/reasons';
import { getServer, listItems, listServers, startServer, stopServer } from '@switchboard/core/servers';
import type { Server } from '@switchboard/core/servers/schema';
import type { ApiContext } from '../../context.ts';
import type { RouteAnswers } from '../kit/problem.ts';
import { allServers, toolsOf } from '../kit/seen-servers.ts';
import { route } from './dialect.ts';
import { mcp as examples } from './mcp-examples.ts';
import { isConfigurable, isConnected, toEntry, toFailed, toListedTool, toState, toTested } from './mcp-map.ts';
import * as wire from './mcp-wire.ts';

/** The answer about each of these servers, by id. */
async function byServer<Told>(servers: readonly Server[], tell: (server: Server) => Told | Promise<Told>) {
  return Object.fromEntries(await Promise.all(servers.map(async (server) => [server.id, await tell(server)] as const)));
}

export const config = route({
  method: 'GET',
  path: '/mcp/config',
  aliases: ['/api/mcp/config'],
  summary: 'Show the servers as one configuration',
  description:
    'By id, those that the caller may configure and that are programs or have a URL. Servers in containers and simulated ' +
    'products are not in it. Secret values are masked; sent back as they are, they keep what is stored.',
  verbs: [listServers],
  errors: [401, 403, 500],
  example: { response: examples.config },
})
  .input(z.object({}))
  .output(wire.ConfigAnswer)
  .query(async ({ ctx }) => ({ mcpServers: await byServer((await allServers(ctx)).filter(isConfigurable), toEntry) }));

export const status = route({
  method: 'GET',
  path: '/mcp/status',
  aliases: ['/api/mcp/status'],
  summary: 'Tell which servers are connected',
  description:
    'Every server that the caller sees, by id. One that sleeps is not connected, and starts when it is called.',
  verbs: [listServers, listItems],
  alsoNeeds: { 'server.inspect': 'to be shown tools' },
  errors: [401, 403, 500],
  example: { response: examples.status },
})
  .input(z.object({}))
  .output(wire.StatusAnswer)
  .query(async ({ ctx }) =>
    byServer(await allServers(ctx), async (server) => toState(server, await toolsOf(ctx, server.id))),
  );

export const tools = route({
  method: 'GET',
  path: '/mcp/tools',
  aliases: ['/api/mcp/tools'],
  summary: 'List the tools of all servers',
  description: 'Those that are switched on, as last known, by the id of their server.',
  verbs: [listServers, listItems],
  alsoNeeds: { 'server.inspect': 'to be shown tools' },
  errors: [401, 403, 500],
  example: { response: examples.tools },
})
  .input(z.object({}))
  .output(wire.ToolsAnswer)
  .query(async ({ ctx }) =>
    byServer(await allServers(ctx), async ({ id }) => (await toolsOf(ctx, id)).map(toListedTool)),
  );

const failed = { status: 400 };
const failsToConnect: RouteAnswers = {
  not_found: failed,
  conflict: failed,
  unavailable: failed,
  timeout: failed,
  precondition: failed,
};

export const connect = route({
  method: 'POST',
  path: '/mcp/connect/{server_name}',
  aliases: ['/api/mcp/connect/{server_name}'],
  summary: 'Connect a server, or all',
  description:
    'Starts it and answers when it runs. `all` starts every server that the caller may start and that is not disabled, ' +
    'and says how many did. A server that is not there, is disabled or does not start is 400.',
  verbs: [getServer, startServer],
  alsoNeeds: { 'server.inspect': 'to be shown tools' },
  errors: [400, 401, 403, 422, 500],
  answers: failsToConnect,
  example: { response: examples.connected },
})
  .input(wire.ByServerName)
  .output(wire.ConnectAnswer)
  .mutation(async ({ ctx, input: { server_name: name } }) => {
    if (name === 'all') return connectAll(ctx);
    const { id, desired } = await getServer(ctx.core, { id: name });
    if (desired === 'disabled')
      throw new DomainError('precondition', say('inField', { field: id, reason: say('disabledByPerson') }));
    await startServer(ctx.core, { id, wait: true });
    const found = await toolsOf(ctx, id);
    return { status: 'success', server: name, message: '连接成功', tools: found.map((tool) => tool.name) };
  });

async function connectAll(ctx: ApiContext): Promise<z.infer<typeof wire.ConnectAnswer>> {
  const servers = (await allServers(ctx)).filter(({ can, desired }) => can.operate && desired !== 'disabled');
  async function start(server: Server): Promise<{ connected: boolean; error: string | null }> {
    if (isConnected(server)) return { connected: true, error: null };
    try {
      await startServer(ctx.core, { id: server.id, wait: true });
      return { connected: true, error: null };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { connected: false, error: messageOf(error) };
    }
  }
  const states = await byServer(servers, start);
  const before = servers.filter(isConnected).length;
  const running = Object.values(states).filter(({ connected }) => connected).length;
  const summary = {
    total_servers: servers.length,
    successful_connections: running - before,
    failed_connections: servers.length - running,
    already_connected: before,
  };
  const message = `已连接 ${running}/${servers.length} 个服务器`;
  return { status: 'success', server: 'all', message, summary, servers: states };
}

export const disconnect = route({
  method: 'POST',
  path: '/mcp/disconnect/{server_name}',
  aliases: ['/api/mcp/disconnect/{server_name}'],
  summary: 'Disconnect a server',
  description: 'Stops it until somebody connects it again; answers when it has ended.',
  verbs: [getServer, stopServer],
  errors: [400, 401, 403, 404, 409, 422, 500],
  example: { response: examples.disconnected },
})
  .input(wire.ByServerName)
  .output(wire.DisconnectAnswer)
  .mutation(async ({ ctx, input: { server_name: name } }) => {
    const before = await getServer(ctx.core, { id: name });
    await stopServer(ctx.core, { id: before.id });
    return { status: 'success', server: name, message: isConnected(before) ? '断开连接成功' : '服务器未连接' };
  });

/** The failures of a call itself; a caller without the right, or with too many calls, is refused. */
const ownFailures: ReadonlySet<string> = new Set(['invalid', 'precondition', 'unavailable', 'timeout']);

function isOfTool(error: unknown): error is DomainError {
  return error instanceof DomainError && (ownFailures.has(error.code) || error.reason.code === 'noToolAt');
}

export const testTool = route({
  method: 'POST',
  path: '/mcp/test-tool',
  aliases: ['/api/mcp/test-tool'],
  summary: 'Call a tool of a server',
  description:
    'A call like any other. One that fails, whether the tool says so, is not there, or its server does not run, is 200 ' +
    'with `status: "error"`; a server that is not there is 404.',
  verbs: [callTool],
  errors: [401, 403, 404, 409, 422, 429, 500],
  example: examples.test,
})
  .input(wire.TestToolBody)
  .output(wire.TestToolAnswer)
  .mutation(async ({ ctx, input }) => {
    const { server_name: serverId, tool_name: tool, params } = input;
    const startedAt = performance.now();
    try {
      return toTested(input, await callTool(ctx.core, { serverId, tool, arguments: params, via: 'rest' }));
    } catch (error) {
      if (isOfTool(error)) return toFailed(input, error.message, performance.now() - startedAt);
      throw error;
    }
  });
