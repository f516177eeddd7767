import { z } from 'zod';
import { addMember, approveMember, listMembers, removeMember, updateMember } from '@switchboard/core/groups';
import { route } from './dialect.ts';
import { members } from './examples-people.ts';
import { fromMemberWord, toHubMember } from './map-people.ts';
import { ok } from './map.ts';
import { ByGroup, ByMember, HubAddMember, HubMember, HubMembers, HubUpdateMember } from './wire-people.ts';
import { envelope } from './wire.ts';

const one = envelope(HubMember);

export const list = route({
  method: 'GET',
  path: '/api/groups/{groupId}/members',
  summary: 'List the members of a group',
  beyond: true,
  verbs: [listMembers],
  errors: [401, 403, 404, 429],
  example: { response: members.list },
})
  .input(ByGroup)
  .output(envelope(HubMembers))
  .query(async ({ ctx, input }) => ok({ items: (await listMembers(ctx.core, input)).map(toHubMember) }));

export const add = route({
  method: 'POST',
  path: '/api/groups/{groupId}/members',
  summary: 'Add a user to a group',
  description: 'Where the group wants approval the member is `pending` until a manager approves.',
  status: 201,
  verbs: [addMember],
  alsoNeeds: { 'group.update-member': 'to add a manager' },
  errors: [400, 401, 403, 404, 409, 422, 429],
  example: { response: members.pending, body: { userId: 'user123', role: 'member' } },
})
  .input(HubAddMember)
  .output(one)
  .mutation(async ({ ctx, input }) =>
    ok(toHubMember(await addMember(ctx.core, { ...input, ...fromMemberWord(input.role) }))),
  );

export const remove = route({
  method: 'DELETE',
  path: '/api/groups/{groupId}/members/{userId}',
  summary: 'Remove a user from a group',
  verbs: [removeMember],
  errors: [401, 403, 404, 429],
  example: { response: members.removed },
})
  .input(ByMember)
  .output(envelope(z.object({ groupId: z.string(), userId: z.string() })))
  .mutation(async ({ ctx, input }) => ok(await removeMember(ctx.core, input)));

export const change = route({
  method: 'PUT',
  path: '/api/groups/{groupId}/members/{userId}',
  summary: 'Change the role of a member',
  beyond: true,
  verbs: [updateMember],
  errors: [400, 401, 403, 404, 422, 429],
  example: { body: { role: 'manager' }, response: members.manager },
})
  .input(HubUpdateMember)
  .output(one)
  .mutation(async ({ ctx, input }) =>
    ok(toHubMember(await updateMember(ctx.core, { ...input, ...fromMemberWord(input.role) }))),
  );

export const approve = route({
  method: 'POST',
  path: '/api/groups/{groupId}/members/{userId}/approve',
  summary: 'Let a waiting member in',
  beyond: true,
  verbs: [approveMember],
  errors: [401, 403, 404, 429],
  example: { response: members.one },
})
  .input(ByMember)
  .output(one)
  .mutation(async ({ ctx, input }) => ok(toHubMember(await approveMember(ctx.core, input))));
