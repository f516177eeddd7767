import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminPassword, createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson, type Caller, commonPassword, signInAs } from '../support/people.ts';

/** What a browser, a curious colleague or a script might try. */

let app: TestApp;
let worker: Caller;
beforeAll(async () => {
  app = await createTestApp({ ALLOW_REGISTRATION: 'true' });
  worker = await addPerson(app, 'worker');
  await app.json('/api/groups', { body: { name: 'team' } });
  await app.json('/api/groups/team/members', { body: { userId: worker.id } });
});
afterAll(() => app.stop());

async function signIn(username = 'worker', password = commonPassword, more: Json = {}) {
  const response = await app.fetch('/trpc/auth.login', { body: { username, password, ...more }, auth: false });
  const cookie = response.headers.get('set-cookie') ?? '';
  return { status: response.status, cookie, pair: cookie.split(';')[0] ?? '', body: await response.json() };
}

describe('cookies', () => {
  test('are HttpOnly, SameSite=Lax and for the whole hub', async () => {
    const { cookie } = await signIn();
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).not.toMatch(/; Domain=/);
  });

  test('are Secure behind https', async () => {
    await using other = await createTestApp({ PUBLIC_URL: 'https://hub.example.com' });
    const body = { username: 'admin', password: adminPassword };
    const response = await other.fetch('/trpc/auth.login', { body, auth: false });
    expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
  });

  test('do not work from another origin, whatever the way in', async () => {
    const { pair } = await signIn();
    const changes: [string, string, Json][] = [
      ['POST', '/trpc/account.update', { fullName: 'Mallory' }],
      ['PUT', `/api/users/${worker.id}`, { fullName: 'Mallory' }],
      ['POST', '/api/auth/api-keys', { name: 'mallory' }],
      ['POST', '/api/mcp/tools/call', { toolName: 'x' }],
      ['POST', '/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' }],
    ];
    for (const origin of ['https://evil.example.com', 'null']) {
      for (const [method, pathname, body] of changes) {
        const { status } = await app.json(pathname, { method, body, auth: false, headers: { cookie: pair, origin } });
        expect(status, `${method} ${pathname} from ${origin}`).toBe(403);
      }
    }
    expect((await app.json(`/api/users/${worker.id}`)).body.data.fullName).toBeNull();
  });

  test('are of no use for a form that a page elsewhere could send without asking', async () => {
    const { pair } = await signIn();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const init = { body: '{"name":"mallory"}', auth: false, headers: { cookie: pair, 'content-type': type } };
      expect((await app.json('/api/auth/api-keys', init)).status, type).toBe(415);
      const trpc = await app.fetch('/trpc/keys.create', init);
      expect(trpc.status, type).toBeGreaterThanOrEqual(400);
    }
    expect(await worker.client().keys.list.query({})).toEqual([]);
  });
});

describe('redirects', () => {
  test.each([
    '/',
    '/ui',
    '//evil.example.com',
    '//evil.example.com/ui',
    '/ui//evil.example.com',
    '/%5Cevil.example.com',
    '/ui?next=//evil.example.com',
  ])('%s leads nowhere else', async (pathname) => {
    const response = await fetch(app.url + pathname, { redirect: 'manual' });
    const { origin } = new URL(response.headers.get('location') ?? '/', app.url);
    expect(origin).toBe(new URL(app.url).origin);
  });
});

describe('fields that nobody asked for', () => {
  test('change nothing where an account is made or changed', async () => {
    const extra = { id: 'mine', role: 'admin', grants: ['server.run-process'], approved: true, passwordHash: 'x' };
    const registered = await app.fetch('/trpc/auth.register', {
      body: { username: 'sneaky', password: commonPassword, ...extra },
      auth: false,
    });
    expect(registered.status).toBe(200);
    const { data } = (await app.json('/api/users/sneaky')).body;
    expect(data).toMatchObject({ role: 'user', grants: [], approved: false });
    expect(data.id).not.toBe('mine');
    await app.json('/trpc/account.update', {
      body: { fullName: 'W', ...extra, username: 'admin2', mustChangePassword: true },
      auth: false,
      headers: { authorization: `Bearer ${worker.token}` },
    });
    expect((await app.json(`/api/users/${worker.id}`)).body.data).toMatchObject({
      fullName: 'W',
      role: 'user',
      grants: [],
      username: 'worker',
      mustChangePassword: false,
    });
  });

  test('change nothing where a server or a group is made', async () => {
    const extra = { id: 'mine', createdBy: 'admin', userId: 'admin', can: { remove: true } };
    const group = await app.json('/api/groups', { body: { name: 'made', ...extra, memberCount: 9 } });
    expect(group.body.data).toMatchObject({ id: 'made', memberCount: 0 });
    const server = await worker.json('/api/servers', {
      body: { name: 'made-server', url: 'https://example.com/mcp', enabled: false, ...extra },
    });
    expect(server.body.data.id).toBe('made-server');
    const seen = await worker.client().servers.get.query({ id: 'made-server' });
    expect(seen.createdBy).toBe(worker.id);
  });

  test('make no key: a bound that is misspelt would be none', async () => {
    for (const misspelt of [
      { server: ['made-server'] },
      { scopes: ['read'] },
      { expires: '2099-01-01' },
      { userId: 'x' },
    ]) {
      const { status, body } = await worker.json('/api/auth/api-keys', { body: { name: 'k', ...misspelt } });
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain(Object.keys(misspelt)[0]);
    }
    expect(await worker.client().keys.list.query({})).toEqual([]);
    const made = await worker.json('/api/auth/api-keys', { body: { name: 'k', permissions: ['read'] } });
    expect(made.body.data).toMatchObject({ userId: worker.id, permissions: ['read'] });
    const wrong = await worker.json(`/api/auth/api-keys/${made.body.data.id}`, { method: 'PUT', body: { server: [] } });
    expect(wrong.status).toBe(422);
  });

  test('do not leave an account on that somebody meant to switch off', async () => {
    const { status, body } = await app.json(`/api/users/${worker.id}`, { method: 'PUT', body: { disabled: true } });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('\\"enabled\\": false');
  });
});

describe('finding out who has an account', () => {
  test('is not possible by signing in: same answer, similar time', async () => {
    async function timed(username: string) {
      const from = performance.now();
      const answer = await app.json('/api/auth/login', { body: { username, password: 'not this one' }, auth: false });
      return { ms: performance.now() - from, answer };
    }
    async function best(username: string) {
      const tries = [];
      for (let count = 0; count < 3; count += 1) tries.push(await timed(username));
      return tries.toSorted((a, b) => a.ms - b.ms)[0] ?? (await timed(username));
    }
    await timed('worker');
    const known = await best('sneaky');
    const unknown = await best('nobody-here');
    expect(known.answer.status).toBe(unknown.answer.status);
    expect(known.answer.body.error).toEqual(unknown.answer.body.error);
    expect(Math.max(known.ms, unknown.ms) / Math.min(known.ms, unknown.ms)).toBeLessThan(5);
  });

  test('is not possible by looking: what exists and what does not look the same', async () => {
    for (const pathname of ['/api/users/ID', '/api/groups/ID', '/api/servers/ID', '/api/auth/api-keys/ID']) {
      const method = pathname.includes('api-keys') ? 'DELETE' : 'GET';
      const there = await worker.json(pathname.replace('ID', 'admin'), { method });
      const nowhere = await worker.json(pathname.replace('ID', 'nobody'), { method });
      expect([there.status, there.body.error.code]).toEqual([nowhere.status, nowhere.body.error.code]);
    }
  });
});

describe('oneself', () => {
  test('a new password ends every other sign-in and keeps this one', async () => {
    const person = await addPerson(app, 'changer');
    const other = await signInAs(app, 'changer');
    const change = { currentPassword: commonPassword, newPassword: 'another good one' };
    await person.client().account.changePassword.mutate(change);
    expect((await person.json('/api/auth/verify')).status).toBe(200);
    expect((await other.json('/api/auth/verify')).status).toBe(401);
  });

  test('all other devices can be signed out', async () => {
    const person = await addPerson(app, 'traveller');
    const other = await signInAs(app, 'traveller');
    expect((await person.client().account.sessions.query()).filter(({ current }) => current)).toHaveLength(1);
    await person.client().account.endOtherSessions.mutate();
    expect((await other.json('/api/auth/verify')).status).toBe(401);
    expect((await person.json('/api/auth/verify')).status).toBe(200);
  });

  test('a generated password has to be changed before anything else works', async () => {
    const made = await app.fetch('/trpc/users.create', {
      body: { username: 'fresh' },
      headers: { authorization: `Bearer ${app.token}` },
    });
    const { generatedPassword } = ((await made.json()) as Json).result.data;
    const fresh = await signInAs(app, 'fresh', generatedPassword);
    expect((await fresh.client().auth.me.query()).mustChangePassword).toBe(true);
    expect((await fresh.json('/api/servers')).status).toBe(403);
    expect((await fresh.json('/api/mcp/servers')).status).toBe(403);
    const change = { currentPassword: generatedPassword, newPassword: 'chosen by myself' };
    await fresh.client().account.changePassword.mutate(change);
    expect((await fresh.json('/api/servers')).status).toBe(200);
  });

  test('a group can be left, and only one that one is in', async () => {
    await worker.client().groups.leave.mutate({ groupId: 'team' });
    expect((await worker.json('/api/groups/team')).status).toBe(404);
    await expect(worker.client().groups.leave.mutate({ groupId: 'team' })).rejects.toThrow(/no member/);
  });

  test('a server goes into a group only with a right at both', async () => {
    const lead = await addPerson(app, 'lead', { role: 'manager' });
    await lead.json('/api/groups', { body: { name: 'leads' } });
    await app.json('/api/servers', { body: { name: 'foreign', url: 'https://example.com/mcp', enabled: false } });
    expect((await lead.json('/api/groups/leads/servers', { body: { serverId: 'foreign' } })).status).toBe(404);
    await lead.json('/api/servers', { body: { name: 'ours', url: 'https://example.com/mcp', enabled: false } });
    expect((await lead.json('/api/groups/leads/servers', { body: { serverId: 'ours' } })).status).toBe(201);
    expect((await worker.json('/api/groups/leads/servers', { body: { serverId: 'made-server' } })).status).toBe(403);
  });

  test('rights are explained of oneself, of others by admins only', async () => {
    const mine = await worker.client().access.explain.query({ server: 'made-server' });
    expect(mine).toMatchObject({ read: true, write: true, because: [{ by: 'owner' }] });
    await expect(worker.client().access.explainUser.query({ user: 'admin' })).rejects.toThrow();
    const asked = await app.client().access.explain.query({ user: 'worker', server: 'foreign' });
    expect(asked).toMatchObject({ read: false, execute: false, write: false });
  });
});

describe('a role that changes', () => {
  test('counts at once, for tokens that were given before', async () => {
    const person = await addPerson(app, 'promoted');
    expect((await person.json('/api/users')).status).toBe(403);
    await app.json(`/api/users/${person.id}`, { method: 'PUT', body: { role: 'admin' } });
    expect((await person.json('/api/users')).status).toBe(200);
    await app.json(`/api/users/${person.id}`, { method: 'PUT', body: { role: 'user' } });
    expect((await person.json('/api/users')).status).toBe(403);
  });
});
