import { afterAll, beforeAll, expect } from 'vitest';
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
  const names = async (query: string): Promise<string[]> => {
    const { body } = await app.json(`/api/users?${query}`);
    return body.data.items.map(({ username }: { username: string }) => username);
  };
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
