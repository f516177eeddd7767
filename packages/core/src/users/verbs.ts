import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { hashPassword } from '../access/passwords.ts';
import { may, requireRight } from '../access/require.ts';
import { usernameKey } from '../access/usernames.ts';
import { findUserByName, type UserRow } from '../access/users.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError, invalidField } from '../errors.ts';
import { autoAssign, joinGroups, requireGroupChange } from '../groups/membership.ts';
import { say } from '../reasons.ts';
import { newId, randomToken } from '../secrets.ts';
import { endGrants } from '../sign-ins/end-grants.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { absentUser, assertAdminLeft, endSessions, findUser, loadUser } from './queries.ts';
import { CreateUser, Register, UserById, type CreatedUser, type User } from './schema.ts';

const { users } = tables;

export function nameTaken(username: string): DomainError {
  return new DomainError('conflict', say('userNameTaken', { name: username }), {
    ...atField('username', say('isTaken')),
    value: username,
  });
}

/** A name must be free, and a password must not be that name. */
export async function assertFreeName(ctx: Ctx, username: string): Promise<void> {
  if (await findUserByName(ctx.db, username)) throw nameTaken(username);
}
export function assertOtherThanName(username: string, password: string, field = 'password'): void {
  if (usernameKey(password) === usernameKey(username)) throw invalidField(field, say('passwordIsName'));
}

type NewUser = Pick<UserRow, 'username' | 'passwordHash' | 'role' | 'email' | 'fullName'> &
  Partial<Omit<UserRow, 'usernameKey'>>;

/** Stores an account. Throws `conflict` where its name is taken. */
export async function insertAccount(ctx: VerbCtx, values: NewUser): Promise<UserRow> {
  const now = new Date(ctx.clock.now());
  const [row] = await ctx.db
    .insert(users)
    .values({ id: newId(), createdAt: now, updatedAt: now, ...values, usernameKey: usernameKey(values.username) })
    .onConflictDoNothing()
    .returning();
  if (!row) throw nameTaken(values.username);
  return row;
}

/** Creates an account for any caller, where this hub allows it: role `user`, without grants. */
export const register = verb(
  { name: 'user.register', access: 'write', input: Register, tx: false },
  async (ctx, input): Promise<User> => {
    const { allowed, approval } = ctx.settings.now().registration;
    if (!allowed) {
      throw new DomainError('forbidden', say('registrationClosed'));
    }
    ctx.access.limits.registration(ctx.address);
    assertOtherThanName(input.username, input.password);
    await assertFreeName(ctx, input.username);
    // Outside the transaction: it takes a while, and holds no connection meanwhile.
    const passwordHash = await hashPassword(input.password);
    const { username, email = null, fullName = null } = input;
    return inTransaction(ctx, async (tx) => {
      const values = { username, email, fullName, passwordHash, role: 'user' as const, disabled: approval };
      const row = await insertAccount(tx, values);
      tx.audit({ id: row.id, by: row, details: { username } });
      tx.emit({ type: 'user.changed', id: row.id });
      return loadUser(tx.db, row.id);
    });
  },
);

/** Makes an account. Without a password one is generated, shown once, and has to be changed at the first sign-in. */
export const createUser = verb(
  { name: 'user.create', access: 'write', input: CreateUser, tx: false },
  async (ctx, input): Promise<CreatedUser> => {
    const { username, role, profile, grants, groups, disabled = false } = input;
    if (role === 'admin' || role === 'manager' || grants.length > 0) requireRight(ctx, 'user.empower');
    await requireGroupChange(ctx, [], groups);
    const generatedPassword = input.password === undefined ? randomToken().slice(0, 20) : null;
    const password = input.password ?? generatedPassword ?? '';
    assertOtherThanName(input.username, password);
    await assertFreeName(ctx, input.username);
    const passwordHash = await hashPassword(password);
    return inTransaction(ctx, async (tx) => {
      const row = await insertAccount(tx, {
        username,
        email: input.email ?? null,
        fullName: input.fullName ?? null,
        passwordHash,
        role,
        profile,
        grants: [...new Set(grants)],
        mustChangePassword: input.mustChangePassword ?? generatedPassword !== null,
        disabled,
        approvedAt: new Date(tx.clock.now()),
      });
      await joinGroups(tx, row.id, groups);
      await autoAssign(tx, row.id);
      tx.audit({ id: row.id, details: { username, role, grants, groups, ...(disabled && { disabled }) } });
      tx.emit({ type: 'user.changed', id: row.id });
      return { ...(await loadUser(tx.db, row.id)), generatedPassword };
    });
  },
);

/** By id or name; everybody else's is absent for who is no admin. */
export const getUser = verb({ name: 'user.read', access: 'read', input: UserById }, async (ctx, input): Promise<User> =>
  loadUser(ctx.db, (await requireUser(ctx, 'user.read', input.id)).id),
);

export async function requireUser(
  ctx: Ctx,
  action: 'user.read' | 'user.update' | 'user.remove' | 'user.manage' | 'user.empower' | 'user.approve',
  id: string,
): Promise<UserRow> {
  const row = await findUser(ctx.db, id);
  function absent() {
    return absentUser(id);
  }
  if (!row || !may(ctx, 'user.read', { type: 'user', id: row.id })) throw absent();
  requireRight(ctx, action, { type: 'user', id: row.id }, absent);
  return row;
}

/** Removes an account with its sessions, keys and memberships. Its servers stay, without an owner. */
export const removeUser = verb(
  { name: 'user.remove', access: 'write', input: UserById },
  async (ctx, input): Promise<{ id: string }> => {
    const row = await requireUser(ctx, 'user.remove', input.id);
    if (userIdOf(ctx.actor) === row.id) {
      throw new DomainError('conflict', say('notYourself'), { value: row.id });
    }
    if (row.role === 'admin' && !row.disabled) await assertAdminLeft(ctx.db, row.id);
    tellEnded(ctx, row.id, await endSessions(ctx.db, row.id));
    await endGrants(ctx, eq(tables.upstreamGrants.userId, row.id));
    await ctx.db.delete(users).where(eq(users.id, row.id));
    ctx.audit({ id: row.id, details: { username: row.username } });
    ctx.emit({ type: 'user.changed', id: row.id });
    return { id: row.id };
  },
);

/** Lets a registered account in: it may sign in, and groups take it that take approved accounts by themselves. */
export const approveUser = verb(
  { name: 'user.approve', access: 'write', input: UserById },
  async (ctx, input): Promise<User> => {
    const row = await requireUser(ctx, 'user.approve', input.id);
    if (row.approvedAt === null) {
      const now = new Date(ctx.clock.now());
      // An account that waits for approval was disabled when it registered.
      await ctx.db.update(users).set({ approvedAt: now, updatedAt: now, disabled: false }).where(eq(users.id, row.id));
      await autoAssign(ctx, row.id);
    }
    ctx.audit({ id: row.id, details: { username: row.username } });
    ctx.emit({ type: 'user.changed', id: row.id });
    return loadUser(ctx.db, row.id);
  },
);

/** Signs somebody out everywhere. */
export const endUserSessions = verb(
  { name: 'user.manage', access: 'write', input: UserById },
  async (ctx, input): Promise<{ ended: number }> => {
    const row = await requireUser(ctx, 'user.manage', input.id);
    const ended = await endSessions(ctx.db, row.id);
    tellEnded(ctx, row.id, ended);
    ctx.audit({ id: row.id, details: { endedSessions: ended.length } });
    return { ended: ended.length };
  },
);

/** Takes the second factor off an account whose owner lost it. */
export const resetUserMfa = verb(
  { name: 'user.manage', access: 'write', input: UserById },
  async (ctx, input): Promise<User> => {
    const row = await requireUser(ctx, 'user.empower', input.id);
    const cleared = { totpSecret: null, totpPending: null, totpStep: null, recoveryCodes: [] };
    await ctx.db
      .update(users)
      .set({ ...cleared, updatedAt: new Date(ctx.clock.now()) })
      .where(eq(users.id, row.id));
    ctx.audit({ id: row.id, details: { secondFactorReset: true } });
    return loadUser(ctx.db, row.id);
  },
);

/** Tells that sessions ended, so that nothing remembered of them lasts. */
export function tellEnded(ctx: VerbCtx, userId: string, sids: readonly string[]): void {
  for (const sid of sids) ctx.emit({ type: 'session.ended', sid, userId });
}
