import { eq } from 'drizzle-orm';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { changePassword } from '../account/verbs.ts';
import { createKey, listKeys, revokeKey } from '../keys/verbs.ts';
import { createSecrets } from '../secrets.ts';
import { makeTestCore, testKey, testPassword, type TestCore } from '../testing.ts';
import { bootstrapAdmin } from './users.ts';
import { login, logout } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());

function anonymous() {
  return hub.ctx({ type: 'anonymous' });
}
function signIn() {
  return login(anonymous(), { username: 'admin', password: testPassword });
}
const refusal = { code: 'unauthenticated' };

describe('login', () => {
  it('gives a cookie, a token with the session’s handle, and a refresh token, and stores hashes only', async () => {
    const result = await signIn();
    expect(result).toMatchObject({ expiresIn: 86_400, user: { username: 'admin', role: 'admin', permissions: ['*'] } });
    const claims = JSON.parse(Buffer.from(result.token.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(claims).toMatchObject({ sid: result.session.sid, sub: hub.admin.id });
    expect(JSON.stringify(claims)).not.toContain(result.session.id);
    const { sql } = hub.testDb.connection;
    const stored = JSON.stringify([await sql`select * from sessions`, await sql`select * from refresh_tokens`]);
    expect(stored).not.toContain(result.session.id);
    expect(stored).not.toContain(result.refreshToken);
    expect(stored).toContain(result.session.sid);
  });

  it('ignores the case of user names', async () => {
    await login(anonymous(), { username: 'ADMIN', password: testPassword });
  });

  it('says the same for a wrong password and an unknown user', async () => {
    const wrong = login(anonymous(), { username: 'admin', password: 'wrong' });
    const unknown = login(anonymous(), { username: 'nobody', password: 'wrong' });
    const [first, second] = await Promise.allSettled([wrong, unknown]);
    expect(first).toMatchObject({ status: 'rejected', reason: refusal });
    expect(String(Reflect.get(first, 'reason'))).toBe(String(Reflect.get(second, 'reason')));
  });

  it('slows guessing down, by account and not for others, and forgets with time', async () => {
    await hub.addUser('user', 'guessed');
    function guess() {
      return login(anonymous(), { username: 'guessed', password: 'wrong' });
    }
    for (let attempt = 0; attempt < 5; attempt += 1) await expect(guess()).rejects.toMatchObject(refusal);
    function right() {
      return login(anonymous(), { username: 'guessed', password: testPassword });
    }
    await expect(right()).rejects.toMatchObject({ code: 'limit_exceeded', details: { retryAfterSeconds: 1 } });
    await signIn();
    hub.clock.advance(2_000);
    await right();
  });

  it('ends a block in time although the machine’s clock was set back', async () => {
    await hub.addUser('user', 'patient');
    function attempt(password: string) {
      return login(anonymous(), { username: 'patient', password });
    }
    for (let n = 0; n < 5; n += 1) await expect(attempt('wrong')).rejects.toMatchObject(refusal);
    const before = hub.clock.now();
    hub.clock.set(before - 2 * 3_600_000);
    hub.clock.advance(2_000);
    await attempt(testPassword);
    hub.clock.set(before + 2_000);
  });

  it('lets an owner in where the account is at home, however often strangers guess', async () => {
    await hub.addUser('user', 'wanted');
    function from(address: string, password: string) {
      return login(hub.core.ctxFor({ type: 'anonymous' }, { address }), { username: 'wanted', password });
    }
    const { session, user } = await from('192.0.2.1', testPassword);
    for (let n = 0; n < 8; n += 1) await from(`198.51.100.${n}`, 'wrong').catch(() => undefined);
    await expect(from('203.0.113.5', testPassword)).rejects.toMatchObject({ code: 'limit_exceeded' });
    await from('192.0.2.1', testPassword);
    const actor = { type: 'user', id: user.id, username: 'wanted', role: 'user', sessionId: session.sid } as const;
    await changePassword(hub.ctx(actor), { currentPassword: testPassword, newPassword: 'another-good-one' });
    await expect(from('192.0.2.1', 'another-good-one')).resolves.toMatchObject({ user: { username: 'wanted' } });
  });

  it('answers text that no database can hold like any other that is wrong', async () => {
    for (const [username, password] of [
      ['a\0', 'x'],
      ['admin', 'x\0'],
    ] as const) {
      const attempt = login(anonymous(), { username, password });
      await expect(attempt).rejects.toMatchObject({ code: expect.stringMatching(/^(invalid|unauthenticated)$/) });
    }
  });

  it('refuses disabled users', async () => {
    const { id } = await hub.addUser('user', 'gone');
    await hub.testDb.db.update(tables.users).set({ disabled: true }).where(eq(tables.users.id, id));
    await expect(login(anonymous(), { username: 'gone', password: testPassword })).rejects.toMatchObject(refusal);
  });

  it('names missing fields', async () => {
    await expect(login(anonymous(), { username: '', password: '' })).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ field: 'username' }, { field: 'password' }] },
    });
  });
});

describe('authenticate', () => {
  it('knows a session by cookie and by token, until it ends', async () => {
    const { token, session } = await signIn();
    const byCookie = await hub.core.authenticate({ cookie: session.id });
    const byToken = await hub.core.authenticate({ bearer: token });
    expect(byCookie.actor).toMatchObject({ type: 'user', id: hub.admin.id, sessionId: session.sid });
    expect(byToken.actor).toEqual(byCookie.actor);
    await logout(hub.ctx(byToken.actor), {});
    await expect(hub.core.authenticate({ cookie: session.id })).rejects.toMatchObject(refusal);
    await expect(hub.core.authenticate({ bearer: token })).rejects.toMatchObject(refusal);
  });

  it('takes no token of another key, algorithm, issuer or time', async () => {
    const { token, session } = await signIn();
    function make(key: Uint8Array, issuer: string, alg = 'HS256') {
      return new SignJWT({ sid: session.sid })
        .setProtectedHeader({ alg })
        .setIssuer(issuer)
        .setSubject(hub.admin.id)
        .setExpirationTime('1h')
        .sign(key);
    }
    const { tokenKey } = createSecrets(testKey);
    const forged = [
      await make(new Uint8Array(32).fill(1), 'switchboard'),
      await make(tokenKey, 'other'),
      await make(tokenKey, 'switchboard', 'HS384'),
      token.slice(0, -3) + 'abc',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
      'nonsense',
    ];
    for (const bearer of forged) await expect(hub.core.authenticate({ bearer })).rejects.toMatchObject(refusal);
    expect((await hub.core.authenticate({ bearer: await make(tokenKey, 'switchboard') })).actor.type).toBe('user');
    hub.clock.advance(86_401_000);
    await expect(hub.core.authenticate({ bearer: token })).rejects.toMatchObject(refusal);
    hub.clock.advance(-86_401_000);
  });

  it('is anonymous without credentials, and prefers a bearer over a key over a cookie', async () => {
    expect((await hub.core.authenticate({})).actor).toEqual({ type: 'anonymous' });
    const { token } = await signIn();
    const both = await hub.core.authenticate({ bearer: token, apiKey: 'sbk_wrong', cookie: 'wrong' });
    expect(both.actor.type).toBe('user');
  });

  it('takes a cookie’s value for nothing else', async () => {
    const { session } = await signIn();
    await expect(hub.core.authenticate({ bearer: session.id })).rejects.toMatchObject(refusal);
    await expect(hub.core.authenticate({ apiKey: session.id })).rejects.toMatchObject(refusal);
    await expect(hub.core.authenticate({ cookie: session.sid })).rejects.toMatchObject(refusal);
  });

  it('is the local admin for everybody in an open hub', async () => {
    await using open = await makeTestCore({ authMode: 'open' });
    expect((await open.core.authenticate({ bearer: 'nonsense' })).actor).toEqual({ type: 'local' });
    const key = await createKey(open.ctx({ type: 'local' }), { name: 'local' });
    expect(key.userId).toBe(open.admin.id);
  });
});

describe('API keys', () => {
  it('are shown once, stored as a hash, and work until revoked', async () => {
    const made = await createKey(hub.ctx(), { name: 'ci' });
    expect(made.key).toMatch(/^sbk_[\w-]{8}[\w-]{43}$/);
    expect(made.key.startsWith(made.prefix)).toBe(true);
    const rows = await hub.testDb.connection.sql`select * from api_keys`;
    expect(JSON.stringify(rows)).not.toContain(made.key.slice(12));
    expect(await listKeys(hub.ctx(), {})).toMatchObject([{ id: made.id, name: 'ci' }]);
    for (const credentials of [{ bearer: made.key }, { apiKey: made.key }]) {
      const { actor } = await hub.core.authenticate(credentials);
      expect(actor).toMatchObject({ type: 'key', id: made.id, userId: hub.admin.id, role: 'admin' });
    }
    await revokeKey(hub.ctx(), { id: made.id });
    await expect(hub.core.authenticate({ apiKey: made.key })).rejects.toMatchObject(refusal);
  });

  it('expire', async () => {
    const made = await createKey(hub.ctx(), { name: 'short', expiresAt: new Date(hub.clock.now() + 5_000) });
    expect((await hub.core.authenticate({ apiKey: made.key })).actor.type).toBe('key');
    hub.clock.advance(5_001);
    await expect(hub.core.authenticate({ apiKey: made.key })).rejects.toMatchObject(refusal);
    const late = createKey(hub.ctx(), { name: 'late', expiresAt: new Date(hub.clock.now() - 1) });
    await expect(late).rejects.toMatchObject({ code: 'invalid', details: { field: 'expiresAt' } });
  });

  it('with one wrong character are refused', async () => {
    const { key } = await createKey(hub.ctx(), { name: 'x' });
    const wrong = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    for (const apiKey of [wrong, key + 'A', 'sbk_', 'x']) {
      await expect(hub.core.authenticate({ apiKey })).rejects.toMatchObject(refusal);
    }
  });

  it('belong to their user: others neither see nor revoke them, and no key makes a key', async () => {
    const user = await hub.addUser('user');
    const { id } = await createKey(hub.ctx(), { name: 'admin’s' });
    expect(await listKeys(hub.ctx(user), {})).toEqual([]);
    await expect(revokeKey(hub.ctx(user), { id })).rejects.toMatchObject({ code: 'not_found' });
    const mine = await createKey(hub.ctx(user), { name: 'mine' });
    const { actor } = await hub.core.authenticate({ apiKey: mine.key });
    await expect(createKey(hub.ctx(actor), { name: 'child' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('stop with their owner', async () => {
    const user = await hub.addUser('user');
    const { key } = await createKey(hub.ctx(user), { name: 'k' });
    await hub.core.authenticate({ apiKey: key });
    await hub.testDb.db.update(tables.users).set({ disabled: true }).where(eq(tables.users.id, user.id));
    hub.core.events.emit({ type: 'user.changed', id: user.id });
    await expect(hub.core.authenticate({ apiKey: key })).rejects.toMatchObject(refusal);
  });
});

describe('bootstrapAdmin', () => {
  it('makes nobody where there are users', async () => {
    expect(await hub.core.bootstrapAdmin({ username: 'second' })).toBeNull();
  });

  it('makes the first admin with a given or a generated password', async () => {
    const deps = { db: hub.testDb.db, clock: hub.clock };
    await hub.testDb.db.delete(tables.users);
    const made = await bootstrapAdmin(deps, {});
    expect(made).toMatchObject({ username: 'admin', generatedPassword: expect.stringMatching(/^[\w-]{24}$/) });
    await login(anonymous(), { username: 'admin', password: made?.generatedPassword ?? '' });
    await hub.testDb.db.delete(tables.users);
    expect(await bootstrapAdmin(deps, { username: 'root', password: 'long enough' })).toEqual({
      username: 'root',
      generatedPassword: null,
    });
    await hub.testDb.db.delete(tables.users);
    await expect(bootstrapAdmin(deps, { password: 'short' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('start', () => {
  it('refuses a database made with another key, in one line', async () => {
    const { createCore } = await import('../core.ts');
    const secrets = createSecrets(new Uint8Array(32).fill(9));
    const other = createCore({
      ...hub.core.deps,
      runtime: hub.core.deps.hub.runtime,
      jobDatabase: hub.testDb.connection,
      secrets,
    });
    await expect(other.start()).rejects.toThrow(/^SECRET_KEY is not the key this database was made with[^\n]*$/);
  });

  it('keeps one instance id', async () => {
    expect(hub.core.instanceId()).toMatch(/^[0-9a-f-]{36}$/);
  });
});
