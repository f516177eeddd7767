import { z } from 'zod';
import { invalidField } from '@switchboard/core';
import { addServerToGroup, listGroupServers, removeServerFromGroup, updateGroupServer } from '@switchboard/core/groups';
import { say } from '@switchboard/core/reasons';
import { getServer } from '@switchboard/core/servers';
import { route } from './dialect.ts';
import { groupServers } from './examples-people.ts';
import { toHubGroupServer } from './map-people.ts';
import { ok } from './map.ts';
import { ByGroup, ByGroupServer, HubAddServer, HubGroupServer, HubGroupServers } from './wire-people.ts';
import { envelope } from './wire.ts';

const one = envelope(HubGroupServer);

export const list = route({
  method: 'GET',
  path: '/api/groups/{groupId}/servers',
  summary: 'List the servers of a group',
  beyond: true,
  verbs: [listGroupServers],
  errors: [401, 403, 404, 429],
  example: { response: groupServers.list },
})
  .input(ByGroup)
  .output(envelope(HubGroupServers))
  .query(async ({ ctx, input }) => {
    const servers = await listGroupServers(ctx.core, { id: input.groupId });
    return ok({ items: servers.map(toHubGroupServer) });
  });

export const add = route({
  method: 'POST',
  path: '/api/groups/{groupId}/servers',
  summary: 'Give a group a server',
  description: 'The group never gives more than its own permissions.',
  status: 201,
  verbs: [getServer, addServerToGroup],
  alsoNeeds: { 'server.share': 'at the server' },
  errors: [400, 401, 403, 404, 409, 422, 429],
  example: { response: groupServers.one, body: { serverId: 'server-1', permissions: ['read', 'write', 'execute'] } },
})
  .input(HubAddServer)
  .output(one)
  .mutation(async ({ ctx, input: { serverId: byId, serverName, ...input } }) => {
    const wanted = byId ?? serverName;
    if (wanted === undefined) throw invalidField('serverId', say('isRequired'));
    if (byId !== undefined && serverName !== undefined && byId !== serverName) {
      throw invalidField('serverName', say('leftOutBesideId'));
    }
    const { id: serverId } = await getServer(ctx.core, { id: wanted });
    return ok(toHubGroupServer(await addServerToGroup(ctx.core, { ...input, serverId })));
  });

export const change = route({
  method: 'PUT',
  path: '/api/groups/{groupId}/servers/{serverId}',
  summary: 'Change what a group may do with a server',
  beyond: true,
  verbs: [updateGroupServer],
  alsoNeeds: { 'server.share': 'at the server, to give more permissions' },
  errors: [400, 401, 403, 404, 409, 422, 429],
  example: { body: { permissions: ['read'] }, response: groupServers.changed },
})
  .input(ByGroupServer.extend(HubAddServer.pick({ permissions: true, alias: true }).partial().shape))
  .output(one)
  .mutation(async ({ ctx, input }) => ok(toHubGroupServer(await updateGroupServer(ctx.core, input))));

export const remove = route({
  method: 'DELETE',
  path: '/api/groups/{groupId}/servers/{serverId}',
  summary: 'Take a server out of a group',
  beyond: true,
  verbs: [removeServerFromGroup],
  errors: [401, 403, 404, 429],
  example: { response: groupServers.removed },
})
  .input(ByGroupServer)
  .output(envelope(z.object({ groupId: z.string(), serverId: z.string() })))
  .mutation(async ({ ctx, input }) => ok(await removeServerFromGroup(ctx.core, input)));
