import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson, callerOf, commonPassword } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
  await addPerson(app, 'worker');
});
afterAll(() => app.stop());

async function login(username = 'worker', more: Json = {}): Promise<Json> {
  const body = { username, password: commonPassword, ...more };
  return (await app.json('/api/auth/login', { body, auth: false })).body;
}
function refresh(refreshToken: unknown) {
  return app.json('/api/auth/refresh', { body: { refreshToken }, auth: false });
}
async function works(token: string): Promise<boolean> {
  return (await callerOf(app, token).json('/api/auth/verify')).status === 200;
}

verifies(37, 'a refresh token gives new tokens of the same shape', async () => {
  const { data } = await login();
  const { status, body } = await refresh(data.refreshToken);
  expect(status).toBe(200);
  expect(Object.keys(body.data).sort()).toEqual(Object.keys(data).sort());
  expect(body.data).toMatchObject({ expiresIn: 86_400, user: data.user });
  expect(body.data.refreshToken).not.toBe(data.refreshToken);
  expect(await works(body.data.token)).toBe(true);
});

verifies(37, 'in the second of the sign-in it gives another access token', async () => {
  const { data } = await login();
  const { body } = await refresh(data.refreshToken);
  expect(body.data.token).not.toBe(data.token);
});

verifies(37, 'one that was used before ends everything that came of it', async () => {
  const { data } = await login();
  const { body: second } = await refresh(data.refreshToken);
  const reused = await refresh(data.refreshToken);
  expect([reused.status, reused.body.error.code]).toEqual([401, 'AUTHENTICATION_FAILED']);
  expect((await refresh(second.data.refreshToken)).status).toBe(401);
  expect(await works(second.data.token)).toBe(false);
  expect(await works(data.token)).toBe(false);
});

verifies(37, 'of two at once one wins', async () => {
  const { data } = await login();
  const answers = await Promise.all([refresh(data.refreshToken), refresh(data.refreshToken)]);
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
});

verifies(37, 'an unknown token is 401, none is 422', async () => {
  expect((await refresh('refresh_token_here')).status).toBe(401);
  const { status, body } = await refresh(undefined);
  expect([status, body.error.details.field]).toEqual([422, 'refreshToken']);
});

verifies(38, 'signing out ends access and refresh tokens at once', async () => {
  const { data } = await login();
  const { status, body } = await callerOf(app, data.token).json('/api/auth/logout', { method: 'POST' });
  expect([status, body.success]).toEqual([200, true]);
  expect(await works(data.token)).toBe(false);
  expect((await refresh(data.refreshToken)).status).toBe(401);
  expect((await callerOf(app, data.token).json('/api/auth/logout', { method: 'POST' })).status).toBe(401);
});

verifies(38, 'it leaves other sign-ins alone', async () => {
  const [one, other] = [await login(), await login()];
  await callerOf(app, one.data.token).json('/api/auth/logout', { body: {} });
  expect(await works(other.data.token)).toBe(true);
});

verifies(39, 'a token tells its user and its end', async () => {
  const { data } = await login();
  const { status, body } = await callerOf(app, data.token).json('/api/auth/verify');
  expect(status).toBe(200);
  expect(body.data).toMatchObject({ valid: true, user: data.user });
  const left = Date.parse(body.data.expiresAt) - Date.now();
  expect(left).toBeGreaterThan(86_000_000);
  expect(left).toBeLessThanOrEqual(86_400_000);
});

verifies(39, 'no token, a wrong one and one of a changed role are told apart', async () => {
  expect((await app.json('/api/auth/verify', { auth: false })).status).toBe(401);
  expect(await works('garbage')).toBe(false);
  const riser = await addPerson(app, 'riser');
  await app.json(`/api/users/${riser.id}`, { method: 'PUT', body: { role: 'viewer' } });
  expect((await riser.json('/api/auth/verify')).body.data.user.role).toBe('viewer');
});

describe('API keys', () => {
  test('are made, shown once, limited, changed and revoked', async () => {
    const worker = callerOf(app, (await login()).data.token);
    const body = { name: 'ci', permissions: ['servers:read'], expiresAt: '2099-01-01T00:00:00Z' };
    const made = await worker.json('/api/auth/api-keys', { body });
    expect(made.status).toBe(201);
    const { id, key } = made.body.data;
    expect(key).toMatch(/^sbk_/);
    function withKey(path: string, init = {}) {
      return app.json(path, { ...init, auth: false, headers: { 'x-api-key': key } });
    }
    expect((await withKey('/api/servers')).status).toBe(200);
    expect((await withKey('/api/servers', { body: { name: 'x', url: 'https://example.com/mcp' } })).status).toBe(403);
    const listed = await worker.json('/api/auth/api-keys');
    expect(listed.body.data.items).toMatchObject([{ id, name: 'ci', expiresAt: '2099-01-01T00:00:00.000Z' }]);
    expect(JSON.stringify(listed.body)).not.toContain(key);
    const renamed = await worker.json(`/api/auth/api-keys/${id}`, { method: 'PUT', body: { name: 'build' } });
    expect(renamed.body.data.name).toBe('build');
    expect((await worker.json(`/api/auth/api-keys/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await withKey('/api/servers')).status).toBe(401);
  });

  test('asked for with words for reading change nothing', async () => {
    for (const word of ['containers:read', 'keys:read', 'server:read', 'images:read', 'audit:read']) {
      const made = await app.json('/api/auth/api-keys', { body: { name: word, permissions: [word] } });
      expect([word, made.status, made.body.data?.permissions]).toEqual([word, 201, [word]]);
      const key = callerOf(app, made.body.data.key);
      const family = word.replace(/s?:read$/, '');
      const changes = {
        container: () => key.json('/api/containers/ghost/kill', { method: 'POST' }),
        key: () => key.json(`/api/auth/api-keys/${made.body.data.id}`, { method: 'DELETE' }),
        server: () => key.json('/api/servers', { body: { name: 'x', url: 'https://h.example/mcp' } }),
        image: () => key.json('/api/containers/create', { body: { image: 'ghost' } }),
        audit: () => key.json('/api/servers', { body: { name: 'x', url: 'https://h.example/mcp' } }),
      };
      expect([word, (await changes[family as keyof typeof changes]()).status]).toEqual([word, 403]);
    }
  });

  test('are refused with words that stand for nothing', async () => {
    for (const word of ['foo:read', 'server.foo', 'nothing.here', 'foo.*']) {
      const { status, body } = await app.json('/api/auth/api-keys', { body: { name: 'n', permissions: [word] } });
      expect([status, body.error.details.field]).toEqual([422, 'permissions.0']);
      expect(body.error.details.reason).toContain(`'${word}' stands for nothing`);
    }
  });

  test('speak of permissions as accounts do, and show them as they were given', async () => {
    const worker = callerOf(app, (await login()).data.token);
    const own = (await worker.json(`/api/users/worker`)).body.data.permissions;
    for (const permissions of [own, ['*:*'], ['servers:read', 'server.use'], ['*'], ['read', 'execute']]) {
      const made = await worker.json('/api/auth/api-keys', { body: { name: 'words', permissions } });
      expect([made.status, made.body.data?.permissions], JSON.stringify(made.body)).toEqual([201, permissions]);
      const withKey = callerOf(app, made.body.data.key);
      expect((await withKey.json('/api/servers')).status).toBe(200);
      expect((await withKey.json('/api/users')).status).toBe(403);
    }
    const made = await worker.json('/api/auth/api-keys', { body: { name: 'n', permissions: ['groups:read'] } });
    const { id, key } = made.body.data;
    const narrow = callerOf(app, key);
    expect((await narrow.json('/api/servers')).body.error.message).toMatch(/do not include server\.read/);
    const changed = await worker.json(`/api/auth/api-keys/${id}`, {
      method: 'PUT',
      body: { permissions: ['tools:read'] },
    });
    expect(changed.body.data.permissions).toEqual(['tools:read']);
    expect((await narrow.json('/api/servers')).status).toBe(200);
  });

  test('a past end, an unknown permission and a bound that names nothing are 422', async () => {
    const bad = [{ expiresAt: '2001-01-01' }, { permissions: ['servers read'] }, { servers: ['ghost'] }, { name: '' }];
    for (const more of bad) {
      const { status } = await app.json('/api/auth/api-keys', { body: { name: 'bad', ...more } });
      expect(status, JSON.stringify(more)).toBe(422);
    }
  });
});

describe('a second factor', () => {
  test('is enrolled, asked for at sign-in, works once a code, and goes again', async () => {
    const person = await addPerson(app, 'careful');
    const wrong = await person.json('/api/auth/mfa/enable', { body: { type: 'totp', password: 'not this one' } });
    expect(wrong.status).toBe(422);
    const enrolled = await person.json('/api/auth/mfa/enable', { body: { type: 'totp', password: commonPassword } });
    expect(enrolled.body.data).toMatchObject({ type: 'totp', qrCode: expect.stringContaining('<svg') });
    expect((await login('careful')).success).toBe(true);
    const code = new TOTP({ secret: enrolled.body.data.secret }).generate();
    const on = await person.json('/api/auth/mfa/verify', { body: { code } });
    expect(on.body.data.recoveryCodes).toHaveLength(10);
    const without = await login('careful');
    expect(without.error).toMatchObject({ code: 'AUTHENTICATION_FAILED', details: { mfaRequired: true } });
    expect((await login('careful', { mfaCode: '000000' })).error.details).toMatchObject({ mfaRequired: true });
    const [recovery] = on.body.data.recoveryCodes;
    expect((await login('careful', { mfaCode: recovery })).success).toBe(true);
    expect((await login('careful', { mfaCode: recovery })).success).toBe(false);
    const off = await person.json('/api/auth/mfa/disable', { body: { password: commonPassword } });
    expect(off.body.data).toEqual({ enabled: false });
    expect((await login('careful')).success).toBe(true);
  });
});
