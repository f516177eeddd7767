import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { hashPassword, verifyPassword } from '../access/passwords.ts';
import type { SignInTry } from '../access/throttle.ts';
import type { UserRow } from '../access/users.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { absentUser, endSessions, loadUser, lockUser } from '../users/queries.ts';
import type { User } from '../users/schema.ts';
import { assertOtherThanName, tellEnded } from '../users/verbs.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { ChangePassword, EndSession, UpdateAccount, type SignedIn } from './schema.ts';

const { sessions, users } = tables;
const Nothing = z.object({});

/** The account that acts; the local admin of an open hub has none. */
export async function requireSelf(ctx: Ctx): Promise<UserRow> {
  const id = userIdOf(ctx.actor);
  const [row] = id === null ? [] : await ctx.db.select().from(users).where(eq(users.id, id));
  if (row) return row;
  throw new DomainError('precondition', say('noSelf'));
}

/** A guess of somebody who is signed in: counted by the person, whatever strangers try and however many sessions there are. */
export function attemptOf({ actor, address }: Ctx, { username }: UserRow): SignInTry {
  return {
    account: username,
    address,
    at: actor.type === 'user' ? 'signed in' : undefined,
  };
}

/** Asks for the password again before something that a borrowed session must not do; guesses are slowed down. */
export async function confirmPassword(ctx: Ctx, user: UserRow, password: string, field: string): Promise<void> {
  const matches = await ctx.access.throttle.attempt(attemptOf(ctx, user), () =>
    verifyPassword(user.passwordHash, password),
  );
  if (!matches) throw invalidField(field, say('passwordWrong'));
}

/** One's own account. */
export const getAccount = verb({ name: 'account.read', access: 'read', input: Nothing }, async (ctx): Promise<User> =>
  loadUser(ctx.db, (await requireSelf(ctx)).id),
);

/** Changes what people may change of themselves; fields that are missing keep their value. */
export const updateAccount = verb(
  { name: 'account.update', access: 'write', input: UpdateAccount },
  async (ctx, input): Promise<User> => {
    const { id } = await requireSelf(ctx);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    await ctx.db
      .update(users)
      .set({ ...given, updatedAt: new Date(ctx.clock.now()) })
      .where(eq(users.id, id));
    ctx.audit({ id, details: { changed: Object.keys(given) } });
    ctx.emit({ type: 'user.changed', id });
    return loadUser(ctx.db, id);
  },
);

/** Sets a new password and ends every other session with its tokens. API keys stay. */
export const changePassword = verb(
  { name: 'account.password', access: 'write', input: ChangePassword, tx: false },
  async (ctx, input): Promise<{ endedSessions: number }> => {
    const user = await requireSelf(ctx);
    await confirmPassword(ctx, user, input.currentPassword, 'currentPassword');
    if (input.newPassword === input.currentPassword) throw invalidField('newPassword', say('anotherPassword'));
    assertOtherThanName(user.username, input.newPassword, 'newPassword');
    const passwordHash = await hashPassword(input.newPassword);
    return inTransaction(ctx, (tx) => storePassword(tx, user.id, passwordHash));
  },
);

async function storePassword(tx: VerbCtx, id: string, passwordHash: string): Promise<{ endedSessions: number }> {
  await lockUser(tx.db, id);
  const updatedAt = new Date(tx.clock.now());
  await tx.db.update(users).set({ passwordHash, mustChangePassword: false, updatedAt }).where(eq(users.id, id));
  const ended = await endSessions(tx.db, id, tx.actor.type === 'user' ? tx.actor.sessionId : null);
  tellEnded(tx, id, ended);
  tx.audit({ id, details: { endedSessions: ended.length } });
  tx.emit({ type: 'user.changed', id });
  return { endedSessions: ended.length };
}

const mostShown = 200;

/** Devices and programs that are signed in, the latest used first. */
export const listSessions = verb(
  { name: 'session.read', access: 'read', input: z.object({ userId: z.string().optional() }) },
  async (ctx, input): Promise<SignedIn[]> => {
    const self = userIdOf(ctx.actor) ?? '';
    const userId = input.userId ?? self;
    if (userId !== self && !isAdmin(ctx)) throw absentUser(userId);
    const rows = await ctx.db
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.userId, userId),
          gt(sessions.expiresAt, new Date(ctx.clock.now())),
          isNull(sessions.disabledAt),
        ),
      )
      .orderBy(desc(sessions.lastSeenAt), desc(sessions.sid))
      .limit(mostShown);
    const current = ctx.actor.type === 'user' ? ctx.actor.sessionId : null;
    return rows.map(({ sid, kind, userAgent, address, createdAt, lastSeenAt, expiresAt }) => ({
      id: sid,
      kind,
      current: sid === current,
      userAgent,
      address,
      createdAt,
      lastSeenAt,
      expiresAt,
    }));
  },
);

function isAdmin(ctx: Ctx): boolean {
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  return subject.type === 'everything' || (subject.type === 'person' && subject.role === 'admin');
}

/** Signs one device out; another user's session is absent for who is no admin. */
export const endSession = verb(
  { name: 'session.end', access: 'write', input: EndSession },
  async (ctx, input): Promise<{ id: string }> => {
    const [row] = await ctx.db
      .select({ sid: sessions.sid, userId: sessions.userId })
      .from(sessions)
      .where(eq(sessions.sid, input.id));
    if (!row || (row.userId !== userIdOf(ctx.actor) && !isAdmin(ctx)))
      throw new DomainError('not_found', say('noSession', { id: input.id }), { value: input.id });
    await ctx.db.delete(sessions).where(eq(sessions.sid, row.sid));
    tellEnded(ctx, row.userId, [row.sid]);
    ctx.audit({ id: row.userId });
    return { id: row.sid };
  },
);

/** Signs every device out but the one that asks. */
export const endOtherSessions = verb(
  { name: 'session.end', access: 'write', input: Nothing },
  async (ctx): Promise<{ ended: number }> => {
    const { id } = await requireSelf(ctx);
    const ended = await endSessions(ctx.db, id, ctx.actor.type === 'user' ? ctx.actor.sessionId : null);
    tellEnded(ctx, id, ended);
    ctx.audit({ id, details: { endedSessions: ended.length } });
    return { ended: ended.length };
  },
);
