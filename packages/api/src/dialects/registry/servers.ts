import { z } from 'zod';
import {
  getServer,
  listItems,
  listServers,
  registerServer,
  removeServer,
  restartServer,
} from '@switchboard/core/servers';
import { allServers, toolsOf } from '../kit/seen-servers.ts';
import { failsAs, registrationAnswers, route } from './dialect.ts';
import { servers as examples } from './examples.ts';
import { fromRegister, ok, toRegistryServer, toStatus, toTool } from './map.ts';
import {
  ByServer,
  Done,
  RegisterServer,
  RegistryServerDetail,
  RegistryServerList,
  ServerStatusAnswer,
  success,
  ToolList,
} from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/api/mcp/servers',
  summary: 'List the registered servers',
  verbs: [listServers, listItems],
  alsoNeeds: { 'server.inspect': 'to be shown tools' },
  errors: [401, 403, 500],
  answers: failsAs('GET_SERVERS_FAILED'),
  example: { response: examples.list },
})
  .input(z.object({}))
  .output(RegistryServerList)
  .query(async ({ ctx }) => {
    const servers = await allServers(ctx);
    const data = await Promise.all(
      servers.map(async (server) => toRegistryServer(server, await toolsOf(ctx, server.id))),
    );
    return { ...ok(data), meta: { total: data.length, timestamp: new Date(ctx.core.clock.now()).toISOString() } };
  });

export const register = route({
  method: 'POST',
  path: '/api/mcp/servers',
  summary: 'Register a server',
  description:
    'Starts the server first; answers when it runs, or with the reason why it does not, which may take a minute. A server ' +
    'that does not start is not kept; the message says what it wrote last. A `type` that there is none of is ' +
    '`INVALID_CONFIG`, as all that can be seen before a start; `REGISTRATION_FAILED` is a start that failed or an id that is taken.',
  status: 201,
  verbs: [registerServer],
  alsoNeeds: {
    'server.run-process': 'for `stdio`',
    'container.manage': 'or `server.run-process` for a container that is not open to everybody',
  },
  errors: [400, 401, 403, 500],
  answers: registrationAnswers,
  example: {
    response: examples.registered,
    body: {
      id: 'minimax-mcp',
      type: 'stdio',
      command: 'uvx',
      args: ['minimax-mcp'],
      env: { MINIMAX_API_KEY: 'your-api-key', MINIMAX_API_HOST: 'https://api.minimaxi.com' },
    },
  },
})
  .input(RegisterServer)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { id } = await registerServer(ctx.core, fromRegister(input));
    return ok({ serverId: id, message: 'Server registered successfully' });
  });

export const get = route({
  method: 'GET',
  path: '/api/mcp/servers/{serverId}',
  summary: 'Show a server',
  verbs: [getServer, listItems],
  alsoNeeds: { 'server.inspect': 'to be shown tools' },
  errors: [401, 403, 404, 500],
  answers: failsAs('GET_SERVER_FAILED'),
  example: { response: examples.one },
})
  .input(ByServer)
  .output(success(RegistryServerDetail))
  .query(async ({ ctx, input }) => {
    const server = await getServer(ctx.core, { id: input.serverId });
    return ok({ ...toRegistryServer(server, []), tools: (await toolsOf(ctx, server.id)).map(toTool) });
  });

export const remove = route({
  method: 'DELETE',
  path: '/api/mcp/servers/{serverId}',
  summary: 'Unregister a server',
  verbs: [getServer, removeServer],
  errors: [401, 403, 404, 500],
  answers: failsAs('UNREGISTRATION_ERROR'),
  example: { response: examples.removed },
})
  .input(ByServer)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { id } = await getServer(ctx.core, { id: input.serverId });
    await removeServer(ctx.core, { id });
    return ok({ serverId: id, message: 'Server unregistered successfully' });
  });

export const restart = route({
  method: 'POST',
  path: '/api/mcp/servers/{serverId}/restart',
  summary: 'Restart a server',
  verbs: [restartServer],
  errors: [401, 403, 404, 500],
  answers: failsAs('RESTART_ERROR'),
  example: { response: examples.restarted },
})
  .input(ByServer)
  .output(Done)
  .mutation(async ({ ctx, input }) => {
    const { id } = await restartServer(ctx.core, { id: input.serverId });
    return ok({ serverId: id, message: 'Server restarted successfully' });
  });

export const status = route({
  method: 'GET',
  path: '/api/mcp/servers/{serverId}/status',
  summary: 'Show what a server does',
  verbs: [getServer],
  errors: [401, 403, 404, 500],
  answers: failsAs('GET_STATUS_FAILED'),
  example: { response: examples.status },
})
  .input(ByServer)
  .output(ServerStatusAnswer)
  .query(async ({ ctx, input }) => {
    const server = await getServer(ctx.core, { id: input.serverId });
    return ok(toStatus(server, ctx.core.clock.now()));
  });

export const tools = route({
  method: 'GET',
  path: '/api/mcp/servers/{serverId}/tools',
  summary: 'List the tools of a server',
  verbs: [getServer, listItems],
  alsoNeeds: { 'server.inspect': 'to be shown tools' },
  errors: [401, 403, 404, 500],
  answers: failsAs('GET_TOOLS_FAILED'),
  example: { response: examples.tools },
})
  .input(ByServer)
  .output(ToolList)
  .query(async ({ ctx, input }) => {
    const { id } = await getServer(ctx.core, { id: input.serverId });
    const found = (await toolsOf(ctx, id)).map(toTool);
    return ok({ serverId: id, tools: found, count: found.length });
  });
