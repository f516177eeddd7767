import { tables } from '@switchboard/db';
import { z } from 'zod';
import { DomainError } from '../errors.ts';
import { newId, randomToken, sha256 } from '../secrets.ts';
import { inTransaction, verb } from '../verb.ts';
import { verifyPassword } from './passwords.ts';
import { Login, type LoginResult } from './schema.ts';
import { accessTokenSeconds, refreshTokenSeconds, signAccessToken } from './tokens.ts';
import { findUserByName, toUserView } from './users.ts';

/** Signs a user in: a session for the cookie, an access token and a refresh token for programs. */
export const login = verb(
  { name: 'session.create', access: 'write', input: Login, tx: false },
  async (ctx, input): Promise<LoginResult> => {
    const user = await findUserByName(ctx.db, input.username);
    const matches = await ctx.throttle.attempt(input.username, ctx.address, async () => {
      const isRight = await verifyPassword(user?.passwordHash ?? null, input.password);
      return isRight && user?.disabled === false;
    });
    if (!user || !matches) throw new DomainError('unauthenticated', 'The user name or the password is wrong.');
    const session = await ctx.sessions.create(user.id);
    const refreshToken = randomToken();
    await inTransaction(ctx, (tx) =>
      tx.db.insert(tables.refreshTokens).values({
        hash: sha256(refreshToken),
        family: newId(),
        sid: session.sid,
        expiresAt: new Date(ctx.clock.now() + refreshTokenSeconds * 1_000),
      }),
    );
    const { username, role } = user;
    const claims = { userId: user.id, username, role, sid: session.sid };
    const token = await signAccessToken(ctx.secrets.tokenKey, claims, ctx.clock.now());
    ctx.audit({ id: user.id, details: { username, address: ctx.address } });
    return { user: toUserView(user), token, refreshToken, expiresIn: accessTokenSeconds, session };
  },
);

/** Ends the actor's own session: its cookie, access tokens and refresh tokens. */
export const logout = verb(
  { name: 'session.end', access: 'write', input: z.object({}), tx: false },
  async (ctx): Promise<{ ended: boolean }> => {
    const { actor } = ctx;
    if (actor.type !== 'user') return { ended: false };
    const ended = await ctx.sessions.endBySid(actor.sessionId);
    ctx.emit({ type: 'session.ended', sid: actor.sessionId, userId: actor.id });
    return { ended };
  },
);
