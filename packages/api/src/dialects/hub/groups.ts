import { z } from 'zod';
import { invalidField } from '@switchboard/core';
import { createGroup, getGroup, listGroups, removeGroup, updateGroup } from '@switchboard/core/groups';
import { say } from '@switchboard/core/reasons';
import { route } from './dialect.ts';
import { groups } from './examples-people.ts';
import { fromHubGroupQuery, toHubGroup } from './map-people.ts';
import { given, ok, toPagination } from './map.ts';
import { ByGroup, HubCreateGroup, HubGroup, HubGroupPage, HubGroupQuery, HubUpdateGroup } from './wire-people.ts';
import { envelope } from './wire.ts';

const one = envelope(HubGroup);

export const list = route({
  method: 'GET',
  path: '/api/groups',
  summary: 'List groups',
  verbs: [listGroups],
  errors: [400, 401, 422, 429],
  example: { response: groups.list },
})
  .input(HubGroupQuery)
  .output(envelope(HubGroupPage))
  .query(async ({ ctx, input }) => {
    const query = fromHubGroupQuery(input);
    const { items, total } = await listGroups(ctx.core, query);
    return ok({ items: items.map(toHubGroup), pagination: toPagination(input.page, query.limit ?? 20, total) });
  });

export const create = route({
  method: 'POST',
  path: '/api/groups',
  summary: 'Create a group',
  status: 201,
  verbs: [createGroup],
  errors: [400, 401, 403, 409, 422, 429],
  example: {
    response: groups.created,
    body: {
      name: 'dev-team',
      displayName: '开发团队',
      description: '前端和后端开发人员',
      parentGroup: null,
      permissions: { servers: ['read', 'write', 'execute'], tools: ['read', 'execute'] },
      settings: { autoAssign: false, maxMembers: 50, requireApproval: true },
    },
  },
})
  .input(HubCreateGroup)
  .output(one)
  .mutation(async ({ ctx, input }) => ok(toHubGroup(await createGroup(ctx.core, input))));

export const get = route({
  method: 'GET',
  path: '/api/groups/{groupId}',
  summary: 'Show a group',
  beyond: true,
  verbs: [getGroup],
  errors: [401, 403, 404, 429],
  example: { response: groups.one },
})
  .input(ByGroup)
  .output(one)
  .query(async ({ ctx, input }) => ok(toHubGroup(await getGroup(ctx.core, { id: input.groupId }))));

export const update = route({
  method: 'PUT',
  path: '/api/groups/{groupId}',
  summary: 'Change a group',
  description: 'Missing fields keep their value.',
  beyond: true,
  verbs: [updateGroup],
  alsoNeeds: { 'group.widen': 'to give the group more permissions' },
  errors: [400, 401, 403, 404, 409, 422, 429],
  example: { body: { settings: { maxMembers: 60 } }, response: groups.changed },
})
  .input(HubUpdateGroup)
  .output(one)
  .mutation(async ({ ctx, input: { groupId, name, ...patch } }) => {
    if (name !== undefined && name !== (await getGroup(ctx.core, { id: groupId })).name) {
      throw invalidField('name', say('nameStays'));
    }
    return ok(toHubGroup(await updateGroup(ctx.core, { id: groupId, patch: given(patch) })));
  });

export const remove = route({
  method: 'DELETE',
  path: '/api/groups/{groupId}',
  summary: 'Delete a group',
  beyond: true,
  verbs: [removeGroup],
  errors: [401, 403, 404, 409, 429],
  example: { response: groups.removed },
})
  .input(ByGroup)
  .output(envelope(z.object({ id: z.string() })))
  .mutation(async ({ ctx, input }) => ok(await removeGroup(ctx.core, { id: input.groupId })));
