import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { changePassword } from '../account/verbs.ts';
import { createKey } from '../keys/verbs.ts';
import { createServer } from '../servers/verbs.ts';
import { makeDraft, makeTestCore, testPassword, type TestCore } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import { endUserSessions, removeUser } from '../users/verbs.ts';
import { refresh } from './refresh.ts';
import { issueToken, login, logout, verify } from './verbs.ts';

let hub: TestCore;
let name: string;
let id: string;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());
beforeEach(async () => {
  ({ username: name, id } = await hub.addUser('user'));
});

function anonymous() {
  return hub.core.ctxFor({ type: 'anonymous' }, { address: '192.0.2.1', client: 'test/1' });
}
function signIn() {
  return login(anonymous(), { username: name, password: testPassword });
}
function renew(refreshToken: string) {
  return refresh(anonymous(), { refreshToken });
}
async function who(bearer: string) {
  return (await hub.core.authenticate({ bearer })).actor;
}
const refusal = { code: 'unauthenticated' };
const minute = 60_000;

function claimsOf(token: string) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

describe('tokens', () => {
  it('of /token last half an hour and stand on a session that ends with them', async () => {
    const { token, expiresIn } = await issueToken(anonymous(), { username: name, password: testPassword });
    expect(expiresIn).toBe(1_800);
    const { exp = 0, iat = 0, sid } = claimsOf(token);
    expect(Number(exp) - Number(iat)).toBe(1_800);
    expect(await who(token)).toMatchObject({ type: 'user', id, sessionId: sid });
    const [session] = await hub.testDb.db
      .select()
      .from(tables.sessions)
      .where(eq(tables.sessions.sid, String(sid)));
    expect(session).toMatchObject({ kind: 'token', address: '192.0.2.1', userAgent: 'test/1' });
    expect(session?.expiresAt.getTime()).toBe(hub.clock.now() + 30 * minute);
    hub.clock.advance(30 * minute + 1_000);
    await expect(who(token)).rejects.toMatchObject(refusal);
    hub.clock.advance(-30 * minute - 1_000);
  });

  it('of a hub whose clock is behind are good here, and out of date at their end by our clock', async () => {
    hub.clock.advance(5 * minute);
    const { token } = await signIn();
    hub.clock.advance(-5 * minute);
    expect(await who(token)).toMatchObject({ id });
    hub.clock.advance(24 * 60 * minute + 6 * minute);
    await expect(who(token)).rejects.toMatchObject(refusal);
    hub.clock.advance(-24 * 60 * minute - 6 * minute);
  });

  it('say until when they are good', async () => {
    const { token, session } = await signIn();
    const ctx = hub.ctx(await who(token));
    const verified = await verify(ctx, { token });
    expect(verified).toMatchObject({ valid: true, user: { id, username: name, role: 'user' } });
    expect(verified.expiresAt?.getTime()).toBe(Math.floor(hub.clock.now() / 1_000) * 1_000 + 86_400_000);
    expect((await verify(ctx, {})).expiresAt).toEqual(session.expiresAt);
    const key = await createKey(ctx, { name: 'k', expiresAt: new Date(hub.clock.now() + minute) });
    expect(await verify(hub.ctx(await who(key.key)), {})).toMatchObject({ expiresAt: key.expiresAt, user: { id } });
    await expect(verify(anonymous(), {})).rejects.toMatchObject(refusal);
  });

  it('end with the session: by logging out, by a new password, by an admin', async () => {
    const first = await signIn();
    await logout(hub.ctx(await who(first.token)), {});
    await expect(who(first.token)).rejects.toMatchObject(refusal);
    await expect(renew(first.refreshToken)).rejects.toMatchObject(refusal);

    const [mine, other] = [await signIn(), await signIn()];
    const result = await changePassword(hub.ctx(await who(mine.token)), {
      currentPassword: testPassword,
      newPassword: 'another good one',
    });
    expect(result.endedSessions).toBe(1);
    expect(await who(mine.token)).toMatchObject({ id });
    await expect(who(other.token)).rejects.toMatchObject(refusal);
    await expect(hub.core.authenticate({ cookie: other.session.id })).rejects.toMatchObject(refusal);
    await expect(renew(other.refreshToken)).rejects.toMatchObject(refusal);
    await expect(signIn()).rejects.toMatchObject(refusal);

    expect(await endUserSessions(hub.ctx(), { id })).toEqual({ ended: 1 });
    await expect(who(mine.token)).rejects.toMatchObject(refusal);
  });

  it('are known by whoever logs out with another session’s refresh token, and by nobody else’s', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const foreign = await login(anonymous(), { username: 'admin', password: testPassword });
    await logout(hub.ctx(await who(mine.token)), { refreshToken: foreign.refreshToken });
    expect(await who(foreign.token)).toMatchObject({ role: 'admin' });
    await logout(hub.ctx(await who(other.token)), { refreshToken: mine.refreshToken });
    await expect(who(other.token)).rejects.toMatchObject(refusal);
  });

  it('of a disabled account say so, and stay dead when it is enabled again', async () => {
    const { token, session, refreshToken } = await signIn();
    await updateUser(hub.ctx(), { id, patch: { disabled: true } });
    const disabled = { ...refusal, details: { disabled: true } };
    await expect(who(token)).rejects.toMatchObject(disabled);
    await expect(hub.core.authenticate({ cookie: session.id })).rejects.toMatchObject(disabled);
    await expect(renew(refreshToken)).rejects.toMatchObject(disabled);
    await expect(signIn()).rejects.toMatchObject({ ...refusal, details: undefined });
    await updateUser(hub.ctx(), { id, patch: { disabled: false } });
    await expect(who(token)).rejects.toMatchObject({ ...refusal, details: undefined });
    await expect(hub.core.authenticate({ cookie: session.id })).rejects.toMatchObject(refusal);
    await expect(renew(refreshToken)).rejects.toMatchObject(refusal);
    await signIn();
  });

  it('carry a changed role at once, and nothing of a removed account', async () => {
    await createServer(hub.ctx(), makeDraft({ id: `of-${id.slice(0, 4).replaceAll(/\W|_/g, 'x')}` }));
    const { token } = await signIn();
    expect(await who(token)).toMatchObject({ role: 'user' });
    await updateUser(hub.ctx(), { id, patch: { role: 'viewer' } });
    const actor = await who(token);
    expect(actor).toMatchObject({ role: 'viewer' });
    const draft = { id: 'no', kind: 'sse', url: 'https://example.com/sse' } as const;
    await expect(createServer(hub.ctx(actor), draft)).rejects.toMatchObject({ code: 'forbidden' });
    await removeUser(hub.ctx(), { id });
    await expect(who(token)).rejects.toMatchObject(refusal);
  });
});

describe('refresh', () => {
  it('rotates: each token works once, and the new one goes on', async () => {
    const first = await signIn();
    const second = await renew(first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second).toMatchObject({ expiresIn: 86_400, user: { id } });
    expect(claimsOf(second.token)['sid']).toBe(first.session.sid);
    expect(await who(second.token)).toMatchObject({ id });
    const third = await renew(second.refreshToken);
    expect(await who(third.token)).toMatchObject({ id });
  });

  it('ends the family where a spent token comes back, and writes it down', async () => {
    const first = await signIn();
    const second = await renew(first.refreshToken);
    const bystander = await signIn();
    await expect(renew(first.refreshToken)).rejects.toMatchObject(refusal);
    await expect(renew(second.refreshToken)).rejects.toMatchObject(refusal);
    await expect(who(second.token)).rejects.toMatchObject(refusal);
    expect(await who(bystander.token)).toMatchObject({ id });
    const rows = await hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.userId, id));
    expect(rows.filter(({ details }) => JSON.stringify(details) === '{"reused":true}')).toHaveLength(1);
  });

  it('lets one of two at the same time through', async () => {
    const { refreshToken } = await signIn();
    const both = await Promise.allSettled([renew(refreshToken), renew(refreshToken)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses what is unknown, and what is out of date', async () => {
    await expect(renew('nonsense')).rejects.toMatchObject(refusal);
    const { refreshToken } = await signIn();
    hub.clock.advance(31 * 24 * 60 * minute);
    await expect(renew(refreshToken)).rejects.toMatchObject(refusal);
    hub.clock.advance(-31 * 24 * 60 * minute);
  });

  it('stores hashes only', async () => {
    const first = await signIn();
    const second = await renew(first.refreshToken);
    const stored = JSON.stringify(await hub.testDb.db.select().from(tables.refreshTokens));
    for (const token of [first.refreshToken, second.refreshToken]) expect(stored).not.toContain(token);
  });
});
