import { z } from 'zod';
import { type Ctx, invalidField, userIdOf } from '@switchboard/core';
import { usernameKey } from '@switchboard/core/access';
import { changePassword, getAccount } from '@switchboard/core/account';
import { say } from '@switchboard/core/reasons';
import { approveUser, createUser, getUser, listUsers, removeUser, updateUser } from '@switchboard/core/users';
import { route } from './dialect.ts';
import { users } from './examples-people.ts';
import { fromHubUserPatch, fromHubUserQuery, toHubUser } from './map-people.ts';
import { ok, toPagination } from './map.ts';
import { ByUser, HubCreateUser, HubUpdateUser, HubUser, HubUserPage, HubUserQuery } from './wire-people.ts';
import { envelope } from './wire.ts';

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
  description:
    'A password has 8 characters or more, and is none of the first that everybody tries. In groups that want approval ' +
    'the account waits: `pendingGroups` names them, and `POST /api/groups/{groupId}/members/{userId}/approve` lets it in.',
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
  .mutation(async ({ ctx, input: { enabled, disabled: _disabled, ...input } }) =>
    ok(toHubUser(await createUser(ctx.core, { ...input, ...(!enabled && { disabled: true }) }))),
  );

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

/** Whether the account is the caller's own, by id or name. */
function isOneself({ actor }: Ctx, userId: string): boolean {
  return (
    (actor.type === 'user' || actor.type === 'key') &&
    (userIdOf(actor) === userId || usernameKey(actor.username) === usernameKey(userId))
  );
}

export const update = route({
  method: 'PUT',
  path: '/api/users/{userId}',
  summary: 'Change a user',
  description:
    'Missing fields keep their value. Others than admins may change their own name, email, full name, profile and ' +
    'password. One’s own password is changed alone, with `currentPassword` (admins too): it ends all other sign-ins of ' +
    'the account, and its keys stay. An admin who sets the `password` of another account ends its sign-ins, and the ' +
    'account has to choose one of its own before anything else (403 with `details.mustChangePassword` until it did so ' +
    'here), unless `mustChangePassword` is false. `profile`, `grants` and `groups` replace what is there.',
  verbs: [updateUser],
  alsoNeeds: {
    'user.manage': 'to change `groups` or `enabled`, or the `username` of another account',
    'user.empower': 'to change `role` or `grants`, or the `password` of another account',
    'account.update': 'to change one’s own `username`',
    'account.password': 'to change one’s own `password`, instead of the others',
    'group.add-member': 'for new `groups`',
    'group.remove-member': 'for `groups` that are left out',
  },
  errors: [400, 401, 403, 404, 409, 422, 429],
  fields: { newPassword: 'password' },
  example: { body: { grants: ['container.manage'] }, response: users.changed },
})
  .input(HubUpdateUser)
  .output(one)
  .mutation(async ({ ctx: { core }, input }) => {
    const patch = fromHubUserPatch(input);
    if (patch.password === undefined || !isOneself(core, input.userId)) {
      return ok(toHubUser(await updateUser(core, { id: input.userId, patch })));
    }
    const { password: newPassword, ...others } = patch;
    if (Object.keys(others).length > 0) throw invalidField('password', say('changedAlone'));
    if (input.currentPassword === undefined) throw invalidField('currentPassword', say('isRequired'));
    await changePassword(core, { currentPassword: input.currentPassword, newPassword });
    return ok(toHubUser(await getAccount(core, {})));
  });

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
