import { eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId, randomToken, sha256 } from '../secrets.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { Refresh, type RefreshResult } from './schema.ts';
import { accessTokenSeconds, refreshTokenSeconds, signAccessToken } from './tokens.ts';
import { toUserView, type UserRow } from './users.ts';

const { refreshTokens, sessions, users } = tables;

/** Stores a new refresh token of a family; only its hash is kept. */
export async function storeRefreshToken(
  ctx: Pick<Ctx, 'clock'>,
  db: Db,
  { family = newId(), sid }: { family?: string; sid: string },
): Promise<string> {
  const token = randomToken();
  const expiresAt = new Date(ctx.clock.now() + refreshTokenSeconds * 1_000);
  await db.insert(refreshTokens).values({ hash: sha256(token), family, sid, expiresAt });
  return token;
}

type FoundToken =
  | { is: 'live'; user: UserRow; sid: string; refreshToken: string }
  | { is: 'reused' | 'unknown' | 'disabled' };

/**
 * Trades a refresh token for a new one and a new access token. Each works once: a reused one was copied, so every token
 * of its family ends, the owner's and the thief's.
 */
export const refresh = verb(
  { name: 'session.refresh', access: 'write', input: Refresh, tx: false },
  async (ctx, input): Promise<RefreshResult> => {
    const found = await inTransaction(ctx, (tx) => rotate(tx, sha256(input.refreshToken)));
    if (found.is === 'disabled') {
      throw new DomainError('unauthenticated', say('accountDisabled'), { disabled: true });
    }
    if (found.is !== 'live') {
      throw new DomainError('unauthenticated', say('refreshEnded'));
    }
    const { user, sid, refreshToken } = found;
    const claims = { userId: user.id, username: user.username, role: user.role, sid };
    const token = await signAccessToken(ctx.secrets.tokenKey, claims, ctx.clock.now());
    return {
      user: toUserView(user),
      token,
      refreshToken,
      expiresIn: accessTokenSeconds,
      mustChangePassword: user.mustChangePassword,
    };
  },
);

async function rotate(tx: VerbCtx, hash: string): Promise<FoundToken> {
  const now = new Date(tx.clock.now());
  const [row] = await tx.db
    .select({ token: refreshTokens, session: sessions, user: users })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.sid, refreshTokens.sid))
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(refreshTokens.hash, hash))
    .for('update', { of: refreshTokens });
  if (!row || row.token.expiresAt <= now || row.session.expiresAt <= now) return { is: 'unknown' };
  const { user, session, token } = row;
  const note = { id: user.id, by: user };
  if (token.spentAt) {
    await tx.db.delete(sessions).where(eq(sessions.sid, session.sid));
    tx.audit({ ...note, details: { reused: true } });
    tx.emit({ type: 'session.ended', sid: session.sid, userId: user.id });
    return { is: 'reused' };
  }
  if (user.disabled || session.disabledAt) return { is: 'disabled' };
  await tx.db.update(refreshTokens).set({ spentAt: now }).where(eq(refreshTokens.hash, hash));
  const refreshToken = await storeRefreshToken(tx, tx.db, { family: token.family, sid: session.sid });
  const expiresAt = new Date(now.getTime() + refreshTokenSeconds * 1_000);
  await tx.db.update(sessions).set({ expiresAt, lastSeenAt: now }).where(eq(sessions.sid, session.sid));
  tx.audit(note);
  return { is: 'live', user, sid: session.sid, refreshToken };
}
