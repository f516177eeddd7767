import { z } from 'zod';
import { isDomainError } from '@switchboard/core';
import { listGroupServers } from '@switchboard/core/groups';
import {
  createServer,
  getServer,
  listServers,
  removeServer,
  restartServer,
  revealServer,
  settledServer,
  startServer,
  stopServer,
  updateServer,
} from '@switchboard/core/servers';
import type { Server } from '@switchboard/core/servers/schema';
import type { ApiContext } from '../../context.ts';
import { route } from './dialect.ts';
import { servers } from './examples.ts';
import { fromHubCreate, fromHubList, fromHubUpdate, hubPageLimit, ok, toHubServer, toPagination } from './map.ts';
import {
  ByServer,
  envelope,
  HubCreateServer,
  HubListQuery,
  HubServer,
  HubServerPage,
  HubShowServer,
  HubStartServer,
  HubStopServer,
  HubUpdateServer,
} from './wire.ts';

const one = envelope(HubServer);
function show(ctx: ApiContext, server: Server) {
  return ok(toHubServer(server, ctx.core.clock.now()));
}

/** Ids of a group's servers; of a group that is not seen none, and null where no group is asked for. */
async function inGroup({ core }: ApiContext, group: string | undefined): Promise<string[] | null> {
  if (group === undefined) return null;
  const found = await listGroupServers(core, { id: group }).catch((error: unknown) => {
    if (isDomainError(error) && error.code === 'not_found') return [];
    throw error;
  });
  return found.map(({ serverId }) => serverId);
}

export const list = route({
  method: 'GET',
  path: '/api/servers',
  summary: 'List servers',
  verbs: [listServers],
  alsoNeeds: { 'group.read': 'with `group`' },
  fields: { id: 'group' },
  errors: [400, 401, 403, 422],
  example: { response: servers.list },
})
  .input(HubListQuery)
  .output(envelope(HubServerPage))
  .query(async ({ ctx, input }) => {
    const limit = Math.min(input.limit, hubPageLimit);
    const found = await listServers(ctx.core, fromHubList(input, await inGroup(ctx, input.group)));
    const items = found.items.map((server) => toHubServer(server, ctx.core.clock.now()));
    return ok({ items, pagination: toPagination(input.page, limit, found.total) });
  });

export const create = route({
  method: 'POST',
  path: '/api/servers',
  summary: 'Create a server',
  description:
    'Answers at once, or with `wait=true` when it runs or cannot; an enabled server starts afterwards, and a failing ' +
    'start shows as its status and `error`: the server is there either way.',
  status: 201,
  query: ['wait'],
  verbs: [createServer],
  alsoNeeds: { 'server.run-process': 'for a server that is a program (`command`)' },
  errors: [400, 401, 403, 409, 422],
  example: {
    response: servers.created,
    body: {
      name: '新服务器',
      command: 'python',
      args: ['-m', 'mcp_server'],
      env: { API_KEY: 'your-api-key', LOG_LEVEL: 'INFO' },
      cwd: '/app/python-server',
      enabled: true,
      description: 'Python MCP 服务器',
      tags: ['python', 'production'],
    },
  },
})
  .input(HubCreateServer)
  .output(one)
  .mutation(async ({ ctx, input }) => {
    const server = await createServer(ctx.core, fromHubCreate(input));
    return show(ctx, input.wait ? await settledServer(ctx.core, { id: server.id }) : server);
  });

export const get = route({
  method: 'GET',
  path: '/api/servers/{serverId}',
  summary: 'Show a server',
  description:
    'Headers, and variables that look secret, are `***`; `reveal` shows them to who may see them, and is audited.',
  verbs: [getServer],
  alsoNeeds: { 'secret.reveal': 'with `reveal=true`' },
  errors: [401, 403, 404],
  example: { response: servers.one },
})
  .input(HubShowServer)
  .output(one)
  .query(async ({ ctx, input: { serverId: id, reveal } }) =>
    show(ctx, await (reveal ? revealServer(ctx.core, { id }) : getServer(ctx.core, { id }))),
  );

export const update = route({
  method: 'PUT',
  path: '/api/servers/{serverId}',
  summary: 'Change a server',
  description:
    'Missing fields keep their value; `***` keeps a stored value. `env`, `headers`, `args` and `tags` replace what is there. ' +
    'Changing `type`, `command`, `args`, `env`, `cwd`, `url` or `headers` restarts a running server, with the calls that are ' +
    'under way in it; name, description and tags do not. The answer does not wait for that start: its `status` and `error` ' +
    'tell later how it went.',
  verbs: [getServer, updateServer],
  alsoNeeds: { 'server.run-process': 'to change how a program is started', 'server.operate': 'to change `enabled`' },
  errors: [400, 401, 403, 404, 409, 422],
  example: { body: { description: 'Files below /data' }, response: servers.changed },
})
  .input(HubUpdateServer)
  .output(one)
  .mutation(async ({ ctx, input }) => {
    const current = await getServer(ctx.core, { id: input.serverId });
    return show(ctx, await updateServer(ctx.core, { id: current.id, patch: fromHubUpdate(input, current) }));
  });

export const remove = route({
  method: 'DELETE',
  path: '/api/servers/{serverId}',
  summary: 'Delete a server',
  verbs: [getServer, removeServer],
  errors: [401, 403, 404],
  example: { response: servers.removed },
})
  .input(ByServer)
  .output(envelope(z.object({ id: z.string() })))
  .mutation(async ({ ctx, input }) => {
    const { id } = await getServer(ctx.core, { id: input.serverId });
    await removeServer(ctx.core, { id });
    return ok({ id });
  });

export const start = route({
  method: 'POST',
  path: '/api/servers/{serverId}/start',
  summary: 'Start a server',
  description:
    'Answers at once with `starting`, or with `wait=true` when it runs; a start that fails is 500 then, with the reason. ' +
    'One that is disabled is enabled; one that runs is left alone.',
  query: ['wait'],
  verbs: [startServer],
  errors: [401, 403, 404, 409, 500],
  example: { response: servers.starting },
})
  .input(HubStartServer)
  .output(one)
  .mutation(async ({ ctx, input: { serverId: id, wait } }) => show(ctx, await startServer(ctx.core, { id, wait })));

export const stop = route({
  method: 'POST',
  path: '/api/servers/{serverId}/stop',
  summary: 'Stop a server',
  description:
    'Gracefully it gets `timeout` milliseconds until it is killed. It stays stopped, also when the hub starts again, until it is started.',
  verbs: [stopServer],
  errors: [400, 401, 403, 404, 422],
  example: { response: servers.stopped, body: { graceful: true, timeout: 30_000 } },
})
  .input(HubStopServer)
  .output(one)
  .mutation(async ({ ctx, input: { serverId, graceful, timeout } }) =>
    show(ctx, await stopServer(ctx.core, { id: serverId, graceful, timeoutMs: timeout })),
  );

export const restart = route({
  method: 'POST',
  path: '/api/servers/{serverId}/restart',
  summary: 'Restart a server',
  description:
    'Answers when it runs again; 500 with the reason where it does not come back. One that is stopped or disabled is started and enabled.',
  verbs: [restartServer],
  errors: [401, 403, 404, 500],
  example: { response: servers.one },
})
  .input(ByServer)
  .output(one)
  .mutation(async ({ ctx, input }) => show(ctx, await restartServer(ctx.core, { id: input.serverId })));
