import { approveUser, createUser, getUser, listUsers, removeUser, updateUser } from '@switchboard/core';
import { z } from 'zod';
import { route } from './dialect.ts';
import { users } from './examples-people.ts';
import { ok, toPagination } from './map.ts';
import { fromHubUserPatch, fromHubUserQuery, toHubUser } from './map-people.ts';
import { envelope } from './wire.ts';
import { ByUser, HubCreateUser, HubUpdateUser, HubUser, HubUserPage, HubUserQuery } from './wire-people.ts';

const one = envelope(HubUser);

export const list = route({
  method: 'GET',
  path: '/api/users',
  summary: 'List users',
  verbs: [listUsers],
  errors: [400, 401, 403, 422, 429],
  example: { response: users.list },
})
  .input(HubUserQuery)
  .output(envelope(HubUserPage))
  .query(async ({ ctx, input }) => {
    const query = fromHubUserQuery(input);
    const { items, total } = await listUsers(ctx.core, query);
    return ok({ items: items.map(toHubUser), pagination: toPagination(input.page, query.limit ?? 20, total) });
  });

export const create = route({
  method: 'POST',
  path: '/api/users',
  summary: 'Create a user',
  status: 201,
  verbs: [createUser],
  alsoNeeds: {
    'user.empower': 'to make an admin or a manager, or to give grants',
    'group.add-member': 'with `groups`',
  },
  errors: [400, 401, 403, 409, 422, 429],
  example: {
    response: users.created,
    body: {
      username: 'newuser',
      email: 'user@example.com',
      password: 'securepassword',
      role: 'user',
      groups: ['dev-team'],
      profile: { firstName: '张', lastName: '三', department: '开发部' },
    },
  },
})
  .input(HubCreateUser)
  .output(one)
  .mutation(async ({ ctx, input }) => ok(toHubUser(await createUser(ctx.core, input))));

export const get = route({
  method: 'GET',
  path: '/api/users/{userId}',
  summary: 'Show a user',
  description: 'Admins see every user, others themselves.',
  verbs: [getUser],
  errors: [401, 403, 404, 429],
  example: { response: users.one },
})
  .input(ByUser)
  .output(one)
  .query(async ({ ctx, input }) => ok(toHubUser(await getUser(ctx.core, { id: input.userId }))));

export const update = route({
  method: 'PUT',
  path: '/api/users/{userId}',
  summary: 'Change a user',
  description: 'Missing fields keep their value. Others than admins may change their email, full name and profile.',
  verbs: [updateUser],
  alsoNeeds: {
    'user.manage': 'to change `username`, `groups` or `enabled`',
    'user.empower': 'to change `password`, `role` or `grants`',
    'group.add-member': 'for new `groups`',
    'group.remove-member': 'for `groups` that are left out',
  },
  errors: [400, 401, 403, 404, 409, 422, 429],
  example: { body: { grants: ['container.manage'] }, response: users.changed },
})
  .input(HubUpdateUser)
  .output(one)
  .mutation(async ({ ctx, input }) =>
    ok(toHubUser(await updateUser(ctx.core, { id: input.userId, patch: fromHubUserPatch(input) }))),
  );

export const remove = route({
  method: 'DELETE',
  path: '/api/users/{userId}',
  summary: 'Delete a user',
  verbs: [removeUser],
  errors: [401, 403, 404, 409, 429],
  example: { response: users.removed },
})
  .input(ByUser)
  .output(envelope(z.object({ id: z.string() })))
  .mutation(async ({ ctx, input }) => ok(await removeUser(ctx.core, { id: input.userId })));

export const approve = route({
  method: 'POST',
  path: '/api/users/{userId}/approve',
  summary: 'Approve a user who registered',
  description:
    'Accounts that registered work at once; approving one puts it into the groups that take approved accounts by themselves.',
  beyond: true,
  verbs: [approveUser],
  errors: [401, 403, 404, 429],
  example: { response: users.one },
})
  .input(ByUser)
  .output(one)
  .mutation(async ({ ctx, input }) => ok(toHubUser(await approveUser(ctx.core, { id: input.userId }))));
