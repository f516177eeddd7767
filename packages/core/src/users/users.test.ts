import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { login } from '../access/verbs.ts';
import type { Ctx } from '../context.ts';
import { addMember } from '../groups/members.ts';
import { createGroup } from '../groups/verbs.ts';
import { listServers } from '../servers/verbs.ts';
import { makeTestCore, testPassword, unbounded, type TestCore } from '../testing.ts';
import { findUsers, listUsers } from './listing.ts';
import { CreateUser } from './schema.ts';
import { updateUser } from './update.ts';
import { approveUser, createUser, getUser, register, removeUser, resetUserMfa } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore({ allowRegistration: true });
});
afterAll(() => hub.close());

function anonymous(address: string | null = null): Ctx {
  return hub.core.ctxFor({ type: 'anonymous' }, { address });
}
const conflict = { code: 'conflict' };
const absent = { code: 'not_found' };

describe('register', () => {
  it('makes a user with nothing but its own', async () => {
    const user = await register(anonymous(), { username: 'self-made', password: 'securepassword' });
    expect(user).toMatchObject({
      role: 'user',
      email: null,
      fullName: null,
      disabled: false,
      approved: false,
      groups: [],
      grants: [],
    });
    expect(JSON.stringify(user)).not.toMatch(/argon2|securepassword/);
    await login(anonymous(), { username: 'SELF-made', password: 'securepassword' });
  });

  it('refuses a name that is taken, whatever its case, and says which field', async () => {
    const again = register(anonymous(), { username: 'Self-Made', password: 'securepassword' });
    await expect(again).rejects.toMatchObject({ ...conflict, details: { field: 'username' } });
  });

  it.each(['short', 'password', 'Password123', '12345678', 'by-its-name'])(
    'refuses the password %s',
    async (password) => {
      const attempt = register(anonymous(), { username: 'by-its-name', password });
      await expect(attempt).rejects.toMatchObject({ code: 'invalid', details: { field: 'password' } });
    },
  );

  it('takes nothing that is not asked for', async () => {
    const given = {
      username: 'greedy',
      password: 'securepassword',
      role: 'admin',
      grants: ['server.run-process'],
      approved: true,
    };
    expect(await register(anonymous(), given)).toMatchObject({ role: 'user', grants: [], approved: false });
  });

  it('is closed where the hub says so', async () => {
    await using closed = await makeTestCore();
    const attempt = register(closed.ctx({ type: 'anonymous' }), { username: 'x', password: 'securepassword' });
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('slows one address down', async () => {
    function from(address: string, name: string) {
      return register(anonymous(address), { username: name, password: 'short' }).catch(
        (error: { code: string }) => error.code,
      );
    }
    function valid(name: string) {
      return register(anonymous('198.51.100.7'), { username: name, password: 'securepassword' });
    }
    for (let count = 0; count < 10; count += 1) await valid(`flood-${count}`);
    await expect(valid('flood-10')).rejects.toMatchObject({ code: 'limit_exceeded' });
    expect(await from('198.51.100.8', 'flood-11')).toBe('invalid');
  });
});

describe('createUser', () => {
  it('takes the body of the hub API, row 27', async () => {
    const group = await createGroup(hub.ctx(), { name: 'dev-team' });
    const user = await createUser(hub.ctx(), {
      username: 'newuser',
      email: 'user@example.com',
      password: 'securepassword',
      role: 'user',
      groups: [group.id],
      profile: { firstName: '张', lastName: '三', department: '开发部' },
    });
    expect(user).toMatchObject({
      email: 'user@example.com',
      role: 'user',
      approved: true,
      mustChangePassword: false,
      generatedPassword: null,
      profile: { firstName: '张', lastName: '三', department: '开发部' },
      groups: [{ id: 'dev-team', role: 'member', status: 'active' }],
    });
    expect(await getUser(hub.ctx(), { id: 'newuser' })).toMatchObject({ id: user.id });
  });

  it('generates a password that has to be changed before anything else', async () => {
    const { id, generatedPassword } = await createUser(hub.ctx(), { username: 'generated' });
    expect(generatedPassword).toMatch(/^[\w-]{20}$/);
    const session = await login(anonymous(), { username: 'generated', password: generatedPassword ?? '' });
    expect(session.mustChangePassword).toBe(true);
    const { actor } = await hub.core.authenticate({ bearer: session.token });
    await expect(listServers(hub.ctx(actor), {})).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/^Change your password first: /),
      details: { mustChangePassword: true },
    });
    expect(await getUser(hub.ctx(), { id })).toMatchObject({ mustChangePassword: true });
  });

  it('leaves nothing behind where a group does not exist', async () => {
    const attempt = createUser(hub.ctx(), { username: 'nowhere', password: 'securepassword', groups: ['nope'] });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid', details: { field: 'groups' } });
    await expect(getUser(hub.ctx(), { id: 'nowhere' })).rejects.toMatchObject(absent);
  });

  it('is for admins', async () => {
    for (const role of ['manager', 'user', 'viewer'] as const) {
      const attempt = createUser(hub.ctx(await hub.addUser(role)), { username: 'x', password: 'securepassword' });
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('grants only what can be granted', () => {
    expect(CreateUser.safeParse({ username: 'a', grants: ['user.create'] }).success).toBe(false);
  });
});

describe('updateUser', () => {
  it('lets people change their own details and nothing else', async () => {
    const user = await hub.addUser('user');
    const ctx = hub.ctx(user);
    const own = { username: 'Renamed', email: 'a@b.c', profile: { team: 'x' } };
    expect(await updateUser(ctx, { id: user.id, patch: own })).toMatchObject(own);
    for (const patch of [
      { role: 'admin' },
      { grants: ['server.run-process'] },
      { groups: ['dev-team'] },
      { mustChangePassword: true },
      { disabled: true },
      { password: 'securepassword' },
    ] as const) {
      await expect(updateUser(ctx, { id: user.id, patch: { ...patch } as never })).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    // Writing back what was read changes nothing, and is no reason to refuse.
    const other = await hub.addUser('user');
    await expect(updateUser(ctx, { id: other.id, patch: { username: 'root' } })).rejects.toMatchObject(absent);
    await updateUser(ctx, { id: user.id, patch: { role: 'user', disabled: false, groups: [], fullName: 'A B' } });
  });

  it('hides other people from who is no admin', async () => {
    const [one, other] = [await hub.addUser('manager'), await hub.addUser('user')];
    await expect(getUser(hub.ctx(one), { id: other.id })).rejects.toMatchObject(absent);
    await expect(updateUser(hub.ctx(one), { id: other.id, patch: { email: 'x' } })).rejects.toMatchObject(absent);
    await expect(removeUser(hub.ctx(one), { id: other.id })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listUsers(hub.ctx(one), {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('sets a password that the owner has to change, and ends the sessions', async () => {
    const { id, username } = await hub.addUser('user');
    const { token } = await login(anonymous(), { username, password: testPassword });
    const user = await updateUser(hub.ctx(), { id, patch: { password: 'set by an admin' } });
    expect(user.mustChangePassword).toBe(true);
    await expect(hub.core.authenticate({ bearer: token })).rejects.toMatchObject({ code: 'unauthenticated' });
    await login(anonymous(), { username, password: 'set by an admin' });
  });

  it('replaces groups and grants whole', async () => {
    await createGroup(hub.ctx(), { name: 'one' });
    await createGroup(hub.ctx(), { name: 'two' });
    const { id } = await hub.addUser('user');
    await updateUser(hub.ctx(), { id, patch: { groups: ['one'], grants: ['server.run-process'] } });
    const user = await updateUser(hub.ctx(), { id, patch: { groups: ['two'], grants: [] } });
    expect(user.groups.map((group) => group.id)).toEqual(['two']);
    expect(user.grants).toEqual([]);
  });

  it('renames, but not to a name that is taken', async () => {
    const { id } = await hub.addUser('user', 'before');
    await updateUser(hub.ctx(), { id, patch: { username: 'Before' } });
    await expect(updateUser(hub.ctx(), { id, patch: { username: 'ADMIN' } })).rejects.toMatchObject(conflict);
  });
});

describe('the last admin', () => {
  it('can neither be removed, demoted nor disabled, by itself or by a job', async () => {
    await using alone = await makeTestCore();
    const { id } = alone.admin;
    const job = alone.ctx({ type: 'system', job: 'test' });
    for (const ctx of [alone.ctx(), job]) {
      await expect(removeUser(ctx, { id })).rejects.toMatchObject(conflict);
      await expect(updateUser(ctx, { id, patch: { role: 'user' } })).rejects.toMatchObject(conflict);
      await expect(updateUser(ctx, { id, patch: { disabled: true } })).rejects.toMatchObject(conflict);
    }
    const second = await alone.addUser('admin', 'second');
    await expect(removeUser(alone.ctx(), { id })).rejects.toMatchObject(conflict);
    await removeUser(alone.ctx(second), { id });
    await expect(removeUser(job, { id: second.id })).rejects.toMatchObject(conflict);
  });

  it('stays where two admins remove each other at once', async () => {
    await using pair = await makeTestCore();
    const second = await pair.addUser('admin', 'second');
    const both = await Promise.allSettled([
      removeUser(pair.ctx(), { id: second.id }),
      removeUser(pair.ctx(second), { id: pair.admin.id }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await pair.testDb.db.$count(tables.users, eq(tables.users.role, 'admin'))).toBe(1);
  });
});

describe('listUsers', () => {
  it('searches, filters, sorts and pages', async () => {
    await using quiet = await makeTestCore();
    for (const [username, role] of [
      ['anna', 'user'],
      ['bert', 'viewer'],
      ['carl_', 'user'],
    ] as const) {
      await quiet.addUser(role, username);
    }
    async function names(input: Parameters<typeof listUsers>[1]) {
      return (await listUsers(quiet.ctx(), input)).items.map(({ username }) => username);
    }
    expect(await names({ sort: 'username' })).toEqual(['admin', 'anna', 'bert', 'carl_']);
    expect(await names({ sort: 'username', order: 'desc', limit: 2, page: 2 })).toEqual(['anna', 'admin']);
    expect(await names({ role: ['viewer'] })).toEqual(['bert']);
    expect(await names({ search: 'N', sort: 'username' })).toEqual(['admin', 'anna']);
    expect(await names({ search: '_' })).toEqual(['carl_']);
    expect(await names({ enabled: false })).toEqual([]);
    expect((await listUsers(quiet.ctx(), { limit: 1 })).total).toBe(4);
    expect(await names({ search: "'; drop table users; --" })).toEqual([]);
  });

  it('shows managers names alone, and not of disabled accounts', async () => {
    await using quiet = await makeTestCore();
    const { id } = await quiet.addUser('user', 'gone-away');
    await quiet.addUser('user', 'goose');
    await updateUser(quiet.ctx(), { id, patch: { disabled: true } });
    const manager = await quiet.addUser('manager', 'boss');
    expect(await findUsers(quiet.ctx(manager), { search: 'go' })).toEqual([
      { id: expect.any(String), username: 'goose', fullName: null },
    ]);
    await expect(findUsers(quiet.ctx(await quiet.addUser('user')), { search: '' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('groups that take accounts by themselves', () => {
  it('take those an admin made or approved, not those that registered', async () => {
    await createGroup(hub.ctx(), { name: 'everybody', settings: { autoAssign: true } });
    await createGroup(hub.ctx(), { name: 'asks-first', settings: { autoAssign: true, requireApproval: true } });
    const made = await createUser(hub.ctx(), { username: 'made', password: 'securepassword' });
    expect(made.groups.map(({ id, status }) => [id, status])).toEqual([
      ['asks-first', 'pending'],
      ['everybody', 'active'],
    ]);
    const registered = await register(anonymous(), { username: 'walk-in', password: 'securepassword' });
    expect(registered.groups).toEqual([]);
    const approved = await approveUser(hub.ctx(), { id: registered.id });
    expect(approved).toMatchObject({ approved: true });
    expect(approved.groups.map(({ id }) => id)).toEqual(['asks-first', 'everybody']);
  });
});

describe('an API key', () => {
  function withKey(scopes: string[]) {
    const { id: userId, username } = hub.admin;
    return hub.ctx({ type: 'key', id: 'k', userId, username, role: 'admin', scopes, bounds: unbounded });
  }
  const password = 'securepassword';

  it.each(['*', 'manage', 'user.create', 'user.*'])(
    'with scope %s makes plain accounts and none with power',
    async (scope) => {
      const ctx = withKey([scope]);
      const name = `made-by-${scope.replace(/\W/g, 'x')}`;
      expect(await createUser(ctx, { username: name, password })).toMatchObject({ role: 'user', grants: [] });
      for (const power of [{ role: 'admin' }, { role: 'manager' }, { grants: ['server.run-process'] }] as const) {
        const input = { username: 'evil', password, ...power };
        await expect(createUser(ctx, CreateUser.parse(input))).rejects.toMatchObject({
          code: 'forbidden',
          message: expect.stringMatching(/sign in as a user/),
        });
      }
      await expect(getUser(hub.ctx(), { id: 'evil' })).rejects.toMatchObject(absent);
    },
  );

  it('gives no account more power, and lets nobody into one', async () => {
    const ctx = withKey(['*']);
    const { id } = await createUser(hub.ctx(), { username: 'quiet-one', password });
    for (const patch of [
      { role: 'admin' as const },
      { grants: ['container.manage' as const] },
      { password: 'another-password' },
    ]) {
      await expect(updateUser(ctx, { id, patch })).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(resetUserMfa(ctx, { id })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await updateUser(ctx, { id, patch: { fullName: 'Quiet', disabled: true } })).toMatchObject({
      disabled: true,
    });
    expect(await getUser(hub.ctx(), { id })).toMatchObject({ role: 'user', grants: [] });
  });

  it('puts accounts only into groups that it may add members to', async () => {
    const team = await createGroup(hub.ctx(), { name: 'key-team' });
    const open = await createGroup(hub.ctx(), { name: 'key-open', settings: { autoAssign: true } });
    const account = { username: 'by-key', password };
    const narrow = withKey(['user.*']);
    for (const groups of [[team.id], [open.id, team.id]]) {
      await expect(createUser(narrow, { ...account, groups })).rejects.toMatchObject({ code: 'forbidden' });
    }
    const { id } = await createUser(narrow, { ...account, groups: [open.id] });
    function change(ctx: Ctx, groups: string[]) {
      return updateUser(ctx, { id, patch: { groups } });
    }
    await expect(change(narrow, [team.id, open.id])).rejects.toMatchObject({ code: 'forbidden' });
    await expect(change(narrow, [])).rejects.toMatchObject({ code: 'forbidden' });
    const adding = withKey(['user.*', 'group.read', 'group.add-member']);
    const { groups } = await change(
      adding,
      (await getUser(hub.ctx(), { id })).groups.map((group) => group.id).concat(team.id),
    );
    expect(groups.map((group) => group.id)).toContain(team.id);
    const other = await createUser(hub.ctx(), { username: 'by-key-2', password });
    const asManager = { groupId: team.id, userId: other.id, role: 'manager' as const };
    await expect(addMember(adding, asManager)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await addMember(adding, { ...asManager, role: 'member' })).toMatchObject({ role: 'member' });
  });
});
