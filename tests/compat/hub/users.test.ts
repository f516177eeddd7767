import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, type Caller, callerOf, commonPassword, signInAs } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
let user: Caller;
beforeAll(async () => {
  app = await createCompatApp();
  await app.json('/api/groups', { body: { name: 'dev-team' } });
  user = await addPerson(app, 'worker');
});
afterAll(() => app.stop());

const documented = {
  username: 'newuser',
  email: 'user@example.com',
  password: 'securepassword',
  role: 'user',
  groups: ['dev-team'],
  profile: { firstName: '张', lastName: '三', department: '开发部' },
};

verifies(27, 'the documented body makes a user', async () => {
  const { status, body } = await app.json('/api/users', { body: documented });
  expect(status).toBe(201);
  const { password: _password, ...shown } = documented;
  expect(body).toMatchObject({ success: true, data: { ...shown, id: expect.any(String), enabled: true } });
  expect(JSON.stringify(body)).not.toMatch(/password(?!")|argon2|hash/i);
  const caller = await signInAs(app, 'newuser');
  expect((await caller.json('/api/groups')).body.data.items.map(({ id }: { id: string }) => id)).toEqual(['dev-team']);
});

verifies(27, 'a taken name is 409, a weak password 422, an unknown role 422', async () => {
  const taken = await app.json('/api/users', { body: { username: 'WORKER', password: commonPassword } });
  expect([taken.status, taken.body.error.code]).toEqual([409, 'RESOURCE_CONFLICT']);
  expect(taken.body.error.details).toMatchObject({ field: 'username' });
  const weak = await app.json('/api/users', { body: { username: 'weak', password: 'short' } });
  expect([weak.status, weak.body.error.details.field]).toEqual([422, 'password']);
  const role = await app.json('/api/users', { body: { username: 'x', password: commonPassword, role: 'root' } });
  expect([role.status, role.body.error.details.field]).toEqual([422, 'role']);
  const missing = await app.json('/api/users', { body: { username: 'x' } });
  expect([missing.status, missing.body.error.details.field]).toEqual([422, 'password']);
});

verifies(27, 'only admins make users', async () => {
  const { status, body } = await user.json('/api/users', { body: { username: 'mine', password: commonPassword } });
  expect([status, body.error.code]).toEqual([403, 'AUTHORIZATION_FAILED']);
});

verifies(26, 'users come in pages, without passwords', async () => {
  const { status, body } = await app.json('/api/users?limit=1&sort=username&order=asc');
  expect(status).toBe(200);
  expect(body.data.items.map(({ username }: { username: string }) => username)).toEqual(['admin']);
  expect(body.data.pagination).toMatchObject({ page: 1, limit: 1, hasNext: true, hasPrev: false });
  expect(body.data.pagination.total).toBeGreaterThanOrEqual(2);
  expect(JSON.stringify(body)).not.toMatch(/argon2|passwordHash|totp/i);
});

verifies(26, 'search, filters and order work; an unknown filter is 400', async () => {
  async function names(query: string): Promise<string[]> {
    const { body } = await app.json(`/api/users?${query}`);
    return body.data.items.map(({ username }: { username: string }) => username);
  }
  expect(await names('search=WORK')).toEqual(['worker']);
  expect(await names('filter[role]=admin,manager')).toEqual(['admin']);
  expect(await names('role=admin&filter%5Brole%5D=user')).toEqual([]);
  expect(await names('filter[enabled]=false')).toEqual([]);
  expect(await names('created_after=2099-01-01')).toEqual([]);
  const unknown = await app.json('/api/users?filter[shoe]=1');
  expect([unknown.status, unknown.body.error.code]).toEqual([400, 'INVALID_REQUEST']);
  expect((await app.json('/api/users?page=0')).status).toBe(422);
});

verifies(26, 'others than admins are refused', async () => {
  expect((await user.json('/api/users')).status).toBe(403);
});

verifies(28, 'an admin sees everybody, others themselves and nobody else', async () => {
  const { body } = await app.json('/api/users/worker');
  expect(body.data).toMatchObject({ id: user.id, username: 'worker', role: 'user' });
  expect((await user.json(`/api/users/${user.id}`)).body.data.username).toBe('worker');
  const other = await user.json('/api/users/admin');
  const unknown = await user.json('/api/users/nobody');
  expect([other.status, unknown.status]).toEqual([404, 404]);
  expect(other.body.error.code).toBe(unknown.body.error.code);
});

verifies(29, 'an admin changes what is given and nothing else', async () => {
  const person = await addPerson(app, 'changed', { email: 'a@example.com', profile: { department: 'A' } });
  const { status, body } = await app.json(`/api/users/${person.id}`, { method: 'PUT', body: { role: 'viewer' } });
  expect(status).toBe(200);
  expect(body.data).toMatchObject({ role: 'viewer', email: 'a@example.com', profile: { department: 'A' } });
});

verifies(29, 'a record sent back as it was read changes nothing', async () => {
  const { body } = await app.json(`/api/users/${user.id}`);
  const again = await app.json(`/api/users/${user.id}`, { method: 'PUT', body: body.data });
  expect(again.status).toBe(200);
  expect({ ...again.body.data, updatedAt: '' }).toEqual({ ...body.data, updatedAt: '' });
  expect((await user.json(`/api/users/${user.id}`, { method: 'PUT', body: body.data })).status).toBe(200);
});

verifies(29, 'others change their profile, not their role', async () => {
  const path = `/api/users/${user.id}`;
  const own = await user.json(path, { method: 'PUT', body: { email: 'worker@example.com' } });
  expect([own.status, own.body.data.email]).toEqual([200, 'worker@example.com']);
  for (const body of [{ role: 'admin' }, { grants: ['server.run-process'] }, { groups: ['dev-team'] }]) {
    expect((await user.json(path, { method: 'PUT', body })).status, JSON.stringify(body)).toBe(403);
  }
  expect((await app.json(path)).body.data).toMatchObject({ role: 'user', grants: [], groups: [] });
  expect((await user.json('/api/users/admin', { method: 'PUT', body: { email: 'x@example.com' } })).status).toBe(404);
});

verifies(29, 'a disabled user is out at once', async () => {
  const person = await addPerson(app, 'ended');
  await app.json(`/api/users/${person.id}`, { method: 'PUT', body: { enabled: false } });
  expect((await person.json('/api/servers')).status).toBe(401);
});

verifies(30, 'a deleted user is gone, with its tokens', async () => {
  const person = await addPerson(app, 'leaver');
  const { status, body } = await app.json(`/api/users/${person.id}`, { method: 'DELETE' });
  expect([status, body.data]).toEqual([200, { id: person.id }]);
  expect((await app.json(`/api/users/${person.id}`)).status).toBe(404);
  expect((await person.json('/api/servers')).status).toBe(401);
});

verifies(30, 'oneself and the last admin stay; others than admins are refused', async () => {
  const self = await app.json('/api/users/admin', { method: 'DELETE' });
  expect([self.status, self.body.error.code]).toEqual([409, 'RESOURCE_CONFLICT']);
  for (const name of [user.id, 'admin', 'nobody']) {
    expect((await user.json(`/api/users/${name}`, { method: 'DELETE' })).status, name).toBe(403);
  }
  expect((await callerOf(app, '').json('/api/users/admin', { method: 'DELETE' })).status).toBe(401);
});

verifies(26, 'the search finds what a profile says', async () => {
  const profile = { firstName: '四', lastName: '李', department: '测试部' };
  await app.json('/api/users', { body: { username: 'profiled', password: commonPassword, profile } });
  for (const text of ['李', '李四', '四李', '测试']) {
    const { body } = await app.json(`/api/users?search=${encodeURIComponent(text)}`);
    expect(
      body.data.items.map(({ username }: { username: string }) => username),
      text,
    ).toEqual(['profiled']);
  }
  expect((await app.json('/api/users?search=firstName')).body.data.items).toEqual([]);
});

verifies(26, 'each account has one status to be found by', async () => {
  const off = await addPerson(app, 'switched-off');
  await app.json(`/api/users/${off.id}`, { method: 'PUT', body: { enabled: false } });
  async function namesOf(query: string): Promise<string[]> {
    return (await app.json(`/api/users?limit=100&${query}`)).body.data.items.map(
      ({ username }: { username: string }) => username,
    );
  }
  const [enabled, disabled, pending] = await Promise.all(
    ['enabled', 'disabled', 'pending'].map((status) => namesOf(`status=${status}`)),
  );
  expect(disabled).toContain('switched-off');
  expect(enabled).toContain('worker');
  expect(await namesOf('status=Enabled,disabled,pending')).toHaveLength(
    [enabled, disabled, pending].flatMap((names) => names ?? []).length,
  );
  expect(await namesOf('filter[status]=disabled')).toEqual(disabled);
  const bogus = await app.json('/api/users?status=bogus');
  expect([bogus.status, bogus.body.error.details.field]).toEqual([400, 'status']);
});

describe('one’s own account', () => {
  function put(as: Caller, body: Record<string, unknown>, id = as.id) {
    return as.json(`/api/users/${id}`, { method: 'PUT', body });
  }

  test('takes a new password with the current one, and ends other sign-ins', async () => {
    const self = await addPerson(app, 'own-password');
    const other = await signInAs(app, 'own-password');
    const next = 'another good password';
    const without = await put(self, { password: next });
    expect([without.status, without.body.error.details.field]).toEqual([422, 'currentPassword']);
    const wrong = await put(self, { password: next, currentPassword: 'not this one' });
    expect([wrong.status, wrong.body.error.details.field]).toEqual([422, 'currentPassword']);
    const weak = await put(self, { password: 'short', currentPassword: commonPassword });
    expect([weak.status, weak.body.error.details.field]).toEqual([422, 'password']);
    const mixed = await put(self, { password: next, currentPassword: commonPassword, role: 'admin' });
    expect([mixed.status, mixed.body.error.details.field]).toEqual([422, 'password']);
    const done = await put(self, { password: next, currentPassword: commonPassword }, 'OWN-password');
    expect([done.status, done.body.data?.username]).toEqual([200, 'own-password']);
    expect((await self.json('/api/auth/verify')).status).toBe(200);
    expect((await other.json('/api/auth/verify')).status).toBe(401);
    await signInAs(app, 'own-password', next);
  });

  test('of an admin too; of others an admin needs no password of theirs', async () => {
    const admin = await addPerson(app, 'second-admin', { role: 'admin' });
    expect((await put(admin, { password: 'another good password' })).status).toBe(422);
    expect((await put(admin, { password: 'another good password', currentPassword: commonPassword })).status).toBe(200);
    const someone = await addPerson(app, 'someone');
    expect((await put(admin, { password: 'another good password' }, someone.id)).status).toBe(200);
  });

  test('that has to change its password may do so', async () => {
    const due = await addPerson(app, 'due');
    await app.json(`/api/users/${due.id}`, { method: 'PUT', body: { password: 'given by an admin' } });
    const again = await signInAs(app, 'due', 'given by an admin');
    expect((await again.json('/api/servers')).status).toBe(403);
    const changed = await put(again, { password: 'chosen by oneself', currentPassword: 'given by an admin' });
    expect([changed.status, changed.body.data?.mustChangePassword]).toEqual([200, false]);
    expect((await again.json('/api/servers')).status).toBe(200);
  });

  test('takes another name; a key may change neither', async () => {
    const self = await addPerson(app, 'old-name');
    const made = await self.json('/api/auth/api-keys', { body: { name: 'k' } });
    const key = callerOf(app, made.body.data.key, self.id);
    expect((await put(key, { username: 'by-key' })).status).toBe(403);
    expect((await put(key, { password: 'another good password', currentPassword: commonPassword })).status).toBe(403);
    const renamed = await put(self, { username: 'new-name' });
    expect([renamed.status, renamed.body.data?.username]).toEqual([200, 'new-name']);
    await signInAs(app, 'NEW-name');
    const taken = await put(self, { username: 'Worker' });
    expect([taken.status, taken.body.error.details.field]).toEqual([409, 'username']);
    expect((await put(self, { enabled: false })).status).toBe(403);
  });
});

describe('names of any script', () => {
  test.each(['用户名', 'Иван', 'Müller', '田中さん'])(
    '%s signs in, is looked up and stays one account',
    async (username) => {
      const { status, body } = await app.json('/api/users', { body: { username, password: commonPassword } });
      expect([status, body.data?.username]).toEqual([201, username]);
      await signInAs(app, username);
      await signInAs(app, username.toUpperCase().normalize('NFD'));
      expect((await app.json(`/api/users/${encodeURIComponent(username)}`)).body.data.id).toBe(body.data.id);
      const again = { username: username.toUpperCase(), password: commonPassword };
      expect((await app.json('/api/users', { body: again })).status).toBe(409);
    },
  );

  test.each(['аdmin', 'ad\u200bmin', '\u3164', 'pαul', 'a b'])('%j is refused', async (username) => {
    const { status, body } = await app.json('/api/users', { body: { username, password: commonPassword } });
    expect([status, body.error.details.field]).toEqual([422, 'username']);
  });

  test('one that looks like another is that one', async () => {
    const { status, body } = await app.json('/api/users', {
      body: { username: 'ｗｏｒｋｅｒ', password: commonPassword },
    });
    expect([status, body.error.details.field]).toEqual([409, 'username']);
  });
});
