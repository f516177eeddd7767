import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { sha256 } from '../secrets.ts';
import { type VerbCtx, inTransaction, verb } from '../verb.ts';
import { checkCredentials } from './credentials.ts';
import { storeRefreshToken } from './refresh.ts';
import { Login, Logout, Verify, type AccessToken, type LoginResult, type Verified } from './schema.ts';
import type { CreatedSession } from './sessions.ts';
import { accessTokenSeconds, shortTokenSeconds, signAccessToken, verifyAccessToken } from './tokens.ts';
import { toUserView, type UserRow } from './users.ts';

const { apiKeys, refreshTokens, sessions, users } = tables;

async function openSession(ctx: VerbCtx, user: UserRow, kind: 'login' | 'token'): Promise<CreatedSession> {
  const now = ctx.clock.now();
  const session = await ctx.access.sessions.create(user.id, { kind, userAgent: ctx.client, address: ctx.address, now });
  await ctx.db
    .update(users)
    .set({ lastLoginAt: new Date(now) })
    .where(eq(users.id, user.id));
  ctx.audit({ id: user.id, by: user, details: { kind } });
  return session;
}

/** Signs a user in: a session for the cookie, an access token and a refresh token for programs. */
export const login = verb(
  { name: 'session.create', access: 'write', input: Login, tx: false },
  async (ctx, input): Promise<LoginResult> => {
    const user = await checkCredentials(ctx, input);
    const session = await openSession(ctx, user, 'login');
    const refreshToken = await storeRefreshToken(ctx, ctx.db, { sid: session.sid });
    const { id: userId, username, role, mustChangePassword } = user;
    const claims = { userId, username, role, sid: session.sid };
    const token = await signAccessToken(ctx.secrets.tokenKey, claims, ctx.clock.now());
    return { user: toUserView(user), token, refreshToken, expiresIn: accessTokenSeconds, session, mustChangePassword };
  },
);

/** Signs a program in for half an hour: an access token and nothing to renew it with. */
export const issueToken = verb(
  { name: 'session.create', access: 'write', input: Login, tx: false },
  async (ctx, input): Promise<AccessToken> => {
    const user = await checkCredentials(ctx, input);
    const { sid } = await openSession(ctx, user, 'token');
    const claims = { userId: user.id, username: user.username, role: user.role, sid };
    const token = await signAccessToken(ctx.secrets.tokenKey, claims, ctx.clock.now(), shortTokenSeconds);
    return { token, expiresIn: shortTokenSeconds, user: toUserView(user) };
  },
);

/** Ends the actor's own session: its cookie, access tokens and refresh tokens; or the one of a refresh token. */
export const logout = verb(
  { name: 'session.end', access: 'write', input: Logout, tx: false },
  async (ctx, input): Promise<{ ended: boolean }> => {
    const { actor } = ctx;
    if (actor.type !== 'user') return { ended: false };
    const other = input.refreshToken === undefined ? null : await sidOf(ctx, actor.id, input.refreshToken);
    const sids = new Set(other === null ? [actor.sessionId] : [actor.sessionId, other]);
    let ended = false;
    await inTransaction(ctx, async (tx) => {
      for (const sid of sids) {
        const gone = await tx.db.delete(sessions).where(eq(sessions.sid, sid)).returning();
        ended ||= gone.length > 0;
        tx.emit({ type: 'session.ended', sid, userId: actor.id });
      }
      tx.audit({ id: actor.id });
    });
    return { ended };
  },
);

async function sidOf(ctx: VerbCtx, userId: string, refreshToken: string): Promise<string | null> {
  const [row] = await ctx.db
    .select({ sid: refreshTokens.sid })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.sid, refreshTokens.sid))
    .where(and(eq(refreshTokens.hash, sha256(refreshToken)), eq(sessions.userId, userId)));
  return row?.sid ?? null;
}

/** The user of the request's credentials, and their expiry. */
export const verify = verb(
  { name: 'account.read', access: 'read', input: Verify },
  async (ctx, input): Promise<Verified> => {
    const { actor } = ctx;
    const user = userOf(actor);
    if (actor.type === 'user') {
      return { valid: true, user, expiresAt: await expiryOf(ctx, actor.sessionId, input.token) };
    }
    if (actor.type !== 'key') return { valid: true, user, expiresAt: null };
    const [row] = await ctx.db.select({ expiresAt: apiKeys.expiresAt }).from(apiKeys).where(eq(apiKeys.id, actor.id));
    return { valid: true, user, expiresAt: row?.expiresAt ?? null };
  },
);

/** The account that somebody acts with; throws `unauthenticated` for nobody. */
export function userOf(actor: Actor): Verified['user'] {
  switch (actor.type) {
    case 'anonymous':
      throw new DomainError('unauthenticated', say('noCredentials'));
    case 'user':
      return toUserView(actor);
    case 'key':
    case 'grant':
      return toUserView({ id: actor.userId, username: actor.username, role: actor.role });
    case 'local':
    case 'system':
      return toUserView({ id: 'local', username: 'admin', role: 'admin' });
  }
}

async function expiryOf(ctx: VerbCtx, sid: string, token: string | undefined): Promise<Date | null> {
  const claims = token === undefined ? null : await verifyAccessToken(ctx.secrets.tokenKey, token, ctx.clock.now());
  if (claims) return claims.expiresAt;
  const [row] = await ctx.db.select({ expiresAt: sessions.expiresAt }).from(sessions).where(eq(sessions.sid, sid));
  return row?.expiresAt ?? null;
}
