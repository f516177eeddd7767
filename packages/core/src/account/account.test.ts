import { eq } from 'drizzle-orm';
import { TOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { issueToken, login } from '../access/verbs.ts';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { createKey } from '../keys/verbs.ts';
import { listServers } from '../servers/verbs.ts';
import { makeTestCore, testPassword, type TestCore } from '../testing.ts';
import { createUser, resetUserMfa } from '../users/verbs.ts';
import { confirmTotp, enrolTotp, removeTotp, renewRecoveryCodes } from './mfa.ts';
import { changePassword, endOtherSessions, endSession, getAccount, listSessions, updateAccount } from './verbs.ts';

let hub: TestCore;
let actor: Extract<Actor, { type: 'user' }>;
let ctx: Ctx;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());
beforeEach(async () => {
  actor = await hub.addUser('user');
  ctx = hub.ctx(actor);
  hub.clock.advance(120_000);
});

function anonymous(client: string | null = null): Ctx {
  return hub.core.ctxFor({ type: 'anonymous' }, { client });
}
const refusal = { code: 'unauthenticated' };
function signIn(mfaCode?: string) {
  return login(anonymous(), {
    username: actor.username,
    password: testPassword,
    ...(mfaCode !== undefined && { mfaCode }),
  });
}
function codeOf(secret: string, offsetMs = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: hub.clock.now() + offsetMs });
}

async function enrol(): Promise<{ secret: string; codes: string[] }> {
  const { secret } = await enrolTotp(ctx, { password: testPassword });
  const { codes } = await confirmTotp(ctx, { code: codeOf(secret) });
  hub.clock.advance(60_000);
  return { secret, codes };
}

describe('a second factor', () => {
  it('is set up with a URI and its image, and counts from its first code on', async () => {
    const { secret, uri, qrSvg } = await enrolTotp(ctx, { password: testPassword });
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Switchboard:/);
    expect(qrSvg).toMatch(/^<svg/);
    await signIn();
    await expect(confirmTotp(ctx, { code: codeOf(secret, 3_600_000) })).rejects.toMatchObject({ code: 'invalid' });
    const { codes } = await confirmTotp(ctx, { code: codeOf(secret) });
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
    expect(await getAccount(ctx, {})).toMatchObject({ mfaEnabled: true });
  });

  it('is asked for at both ways to sign in', async () => {
    const { secret } = await enrol();
    const needed = { ...refusal, details: { mfaRequired: true } };
    await expect(signIn()).rejects.toMatchObject(needed);
    function token(mfaCode?: string) {
      return issueToken(anonymous(), { username: actor.username, password: testPassword, ...(mfaCode && { mfaCode }) });
    }
    await expect(token()).rejects.toMatchObject(needed);
    await token(codeOf(secret));
    hub.clock.advance(30_000);
    expect((await signIn(codeOf(secret))).user.id).toBe(actor.id);
  });

  it('takes a code once, and none that is old', async () => {
    const { secret } = await enrol();
    const code = codeOf(secret);
    await signIn(code);
    await expect(signIn(code)).rejects.toMatchObject(refusal);
    await expect(signIn(codeOf(secret, -30_000))).rejects.toMatchObject(refusal);
    hub.clock.advance(30_000);
    await signIn(`${codeOf(secret).slice(0, 3)} ${codeOf(secret).slice(3)}`);
  });

  it('lets one of two with the same code in', async () => {
    const { secret } = await enrol();
    const code = codeOf(secret);
    const both = await Promise.allSettled([signIn(code), signIn(code)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('tolerates a clock that is half a minute off, not more', async () => {
    const { secret } = await enrol();
    await expect(signIn(codeOf(secret, 90_000))).rejects.toMatchObject(refusal);
    await signIn(codeOf(secret, 30_000));
  });

  it('says the same for a wrong password whether there is one or not', async () => {
    await enrol();
    const wrong = { username: actor.username, password: 'wrong' };
    const attempt = login(anonymous(), wrong);
    await expect(attempt).rejects.toMatchObject({ ...refusal, details: undefined });
  });

  it('slows guessing of codes down, also for who asks without one in between', async () => {
    const { secret } = await enrol();
    const wrong = codeOf(secret, 3_600_000);
    for (let count = 0; count < 5; count += 1) {
      await expect(signIn(wrong)).rejects.toMatchObject(refusal);
      await expect(signIn()).rejects.toMatchObject(count === 4 ? { code: 'limit_exceeded' } : refusal);
    }
    await expect(signIn(codeOf(secret))).rejects.toMatchObject({ code: 'limit_exceeded' });
  });

  it('has recovery codes that work once each, and not after new ones were made', async () => {
    const { codes } = await enrol();
    const [first = '', second = '', third = ''] = codes;
    await signIn(first);
    await expect(signIn(first)).rejects.toMatchObject(refusal);
    await signIn(second.toUpperCase().replaceAll('-', ''));
    const renewed = await renewRecoveryCodes(ctx, { password: testPassword });
    await expect(signIn(third)).rejects.toMatchObject(refusal);
    await signIn(renewed.codes[0]);
  });

  it('is removed with the password, or by an admin', async () => {
    await enrol();
    await expect(removeTotp(ctx, { password: 'wrong' })).rejects.toMatchObject({ code: 'invalid' });
    await removeTotp(ctx, { password: testPassword });
    await signIn();
    await enrol();
    await expect(enrolTotp(ctx, { password: testPassword })).rejects.toMatchObject({ code: 'conflict' });
    expect(await resetUserMfa(hub.ctx(), { id: actor.id })).toMatchObject({ mfaEnabled: false });
    await signIn();
  });

  it('leaves neither its secret nor a recovery code in the database in clear', async () => {
    const { secret, codes } = await enrol();
    const stored = JSON.stringify(await hub.testDb.db.select().from(tables.users).where(eq(tables.users.id, actor.id)));
    expect(stored).not.toContain(secret);
    for (const code of codes) {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll('-', ''));
    }
    const trail = JSON.stringify(await hub.testDb.db.select().from(tables.audit));
    expect(trail).not.toContain(secret);
  });
});

describe('the password', () => {
  it('is changed with the current one, and not to a bad one', async () => {
    function change(currentPassword: string, newPassword: string) {
      return changePassword(ctx, { currentPassword, newPassword });
    }
    await expect(change('wrong', 'securepassword')).rejects.toMatchObject({ details: { field: 'currentPassword' } });
    for (const bad of ['short', 'password', testPassword, '12345678']) {
      await expect(change(testPassword, bad)).rejects.toMatchObject({
        code: 'invalid',
        details: { field: 'newPassword' },
      });
    }
    await change(testPassword, 'securepassword');
    await login(anonymous(), { username: actor.username, password: 'securepassword' });
  });

  it('that was generated is the only thing to change at first', async () => {
    const { username, generatedPassword } = await createUser(hub.ctx(), { username: `new-${actor.id.slice(0, 4)}x` });
    const { token } = await login(anonymous(), { username, password: generatedPassword ?? '' });
    async function session() {
      return hub.ctx((await hub.core.authenticate({ bearer: token })).actor);
    }
    await expect(listServers(await session(), {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(await getAccount(await session(), {})).toMatchObject({ mustChangePassword: true });
    await changePassword(await session(), { currentPassword: generatedPassword ?? '', newPassword: 'securepassword' });
    expect((await listServers(await session(), {})).items).toEqual([]);
  });

  it('cannot be changed by an API key', async () => {
    const { key } = await createKey(ctx, { name: 'k' });
    const byKey = hub.ctx((await hub.core.authenticate({ apiKey: key })).actor);
    const attempt = changePassword(byKey, { currentPassword: testPassword, newPassword: 'securepassword' });
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    await expect(updateAccount(byKey, { email: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('signed-in devices', () => {
  it('are listed with where they came from, and signed out one by one or all others', async () => {
    const first = await login(anonymous('Firefox'), { username: actor.username, password: testPassword });
    await login(anonymous('curl'), { username: actor.username, password: testPassword });
    await issueToken(anonymous('script'), { username: actor.username, password: testPassword });
    const mine = hub.ctx((await hub.core.authenticate({ cookie: first.session.id })).actor);
    const listed = await listSessions(mine, {});
    expect(listed.map(({ userAgent, kind, current }) => [userAgent, kind, current])).toEqual(
      expect.arrayContaining([
        ['Firefox', 'login', true],
        ['curl', 'login', false],
        ['script', 'token', false],
      ]),
    );
    const other = listed.find(({ userAgent }) => userAgent === 'curl');
    await endSession(mine, { id: other?.id ?? '' });
    expect(await listSessions(mine, {})).toHaveLength(2);
    expect(await endOtherSessions(mine, {})).toEqual({ ended: 1 });
    expect(await listSessions(mine, {})).toMatchObject([{ current: true }]);
    expect(JSON.stringify(listed)).not.toContain(first.session.id);
  });

  it('of others are absent, but for admins', async () => {
    const { session } = await signIn();
    const stranger = hub.ctx(await hub.addUser('manager'));
    await expect(endSession(stranger, { id: session.sid })).rejects.toMatchObject({ code: 'not_found' });
    await expect(listSessions(stranger, { userId: actor.id })).rejects.toMatchObject({ code: 'not_found' });
    expect(await listSessions(hub.ctx(), { userId: actor.id })).toHaveLength(1);
    await endSession(hub.ctx(), { id: session.sid });
    await expect(hub.core.authenticate({ cookie: session.id })).rejects.toMatchObject(refusal);
  });

  it('end for an open MCP stream too', async () => {
    const { token, session } = await signIn();
    const signedIn = (await hub.core.authenticate({ bearer: token })).actor;
    const credential = { key: `user:${actor.id}:${session.sid.slice(0, 16)}` };
    expect(hub.core.select(credential, 'all')).not.toBeNull();
    await endSession(hub.ctx(signedIn), { id: session.sid });
    expect(hub.core.select(credential, 'all')).toBeNull();
  });
});

describe('somebody without an account', () => {
  it('has none to look at', async () => {
    await expect(getAccount(hub.ctx({ type: 'local' }), {})).rejects.toMatchObject({ code: 'precondition' });
    await expect(getAccount(hub.ctx({ type: 'anonymous' }), {})).rejects.toMatchObject(refusal);
  });
});
