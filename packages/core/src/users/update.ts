import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { hashPassword } from '../access/passwords.ts';
import { requireRight } from '../access/require.ts';
import { usernameKey } from '../access/usernames.ts';
import type { UserRow } from '../access/users.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { requireGroupChange, setGroups } from '../groups/membership.ts';
import { say } from '../reasons.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { assertAdminLeft, endSessions, loadUser, lockUser, markSessionsDisabled } from './queries.ts';
import { UpdateUser, type User, type UserPatch } from './schema.ts';
import { assertFreeName, assertOtherThanName, requireUser, tellEnded } from './verbs.ts';

const { users } = tables;

/** The fields that only admins may change, of themselves too except the name. */
const managed = ['username', 'password', 'role', 'grants', 'groups', 'disabled', 'mustChangePassword'] as const;

/** The fields that raise the rights of an account or let somebody else into it: no key may change them. */
const empowering = ['password', 'role', 'grants'] as const;

/** Changes what is given; the rest keeps its value. */
export const updateUser = verb(
  { name: 'user.update', access: 'write', input: UpdateUser, tx: false },
  async (ctx, { id, patch }): Promise<User> => {
    const found = await requireUser(ctx, 'user.update', id);
    const before = await loadUser(ctx.db, found.id);
    const changed = changedFields(before, patch);
    const isSelf = userIdOf(ctx.actor) === found.id;
    if (isSelf && changed.includes('username')) requireRight(ctx, 'account.update');
    if (changed.some((field) => managed.some((name) => name === field && !(isSelf && name === 'username')))) {
      requireRight(ctx, 'user.manage', { type: 'user', id: found.id });
    }
    if (changed.some((field) => empowering.some((name) => name === field))) {
      requireRight(ctx, 'user.empower', { type: 'user', id: found.id });
    }
    if (patch.groups && changed.includes('groups')) {
      const ids = before.groups.map((group) => group.id);
      await requireGroupChange(ctx, ids, patch.groups);
    }
    await checkPatch(ctx, found, patch, changed);
    const passwordHash = patch.password === undefined ? undefined : await hashPassword(patch.password);
    return inTransaction(ctx, (tx) => write(tx, found.id, patch, passwordHash, changed));
  },
);

/** The fields that a patch really changes: writing back a value needs no right. */
function changedFields(before: User, patch: UserPatch): (keyof UserPatch)[] {
  const current: UserPatch = { ...before, groups: before.groups.map((group) => group.id) };
  return (Object.keys(patch) as (keyof UserPatch)[]).filter((field) => {
    if (patch[field] === undefined) return false;
    if (field === 'groups' || field === 'grants') return !sameSet(patch[field] ?? [], current[field] ?? []);
    return field === 'password' || !isDeepStrictEqual(patch[field], current[field]);
  });
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return isDeepStrictEqual(new Set(a), new Set(b));
}

async function checkPatch(ctx: Ctx, row: UserRow, patch: UserPatch, changed: string[]): Promise<void> {
  const self = userIdOf(ctx.actor) === row.id;
  if (self && changed.includes('password')) {
    throw invalidField('password', say('passwordNeedsCurrent'));
  }
  if (self && (changed.includes('role') || changed.includes('disabled'))) {
    throw new DomainError('conflict', say('notOwnRole'));
  }
  if (changed.includes('username') && patch.username && usernameKey(patch.username) !== row.usernameKey) {
    await assertFreeName(ctx, patch.username);
  }
  if (patch.password !== undefined) assertOtherThanName(patch.username ?? row.username, patch.password);
}

async function write(
  tx: VerbCtx,
  id: string,
  patch: UserPatch,
  passwordHash: string | undefined,
  changed: (keyof UserPatch)[],
): Promise<User> {
  const before = await lockUser(tx.db, id);
  const losesAdmin = (patch.role !== undefined && patch.role !== 'admin') || patch.disabled === true;
  if (before.role === 'admin' && !before.disabled && losesAdmin) await assertAdminLeft(tx.db, id);
  const { password: _password, groups, ...plain } = patch;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  await tx.db
    .update(users)
    .set({
      ...given,
      ...(patch.username !== undefined && { usernameKey: usernameKey(patch.username) }),
      ...(passwordHash !== undefined && {
        passwordHash,
        // An admin knows the password: the owner has to choose another, unless the admin says otherwise.
        mustChangePassword: patch.mustChangePassword ?? true,
      }),
      updatedAt: new Date(tx.clock.now()),
    })
    .where(eq(users.id, id));
  if (groups !== undefined && changed.includes('groups')) await setGroups(tx, id, groups);
  if (patch.disabled === true) tellEnded(tx, id, await markSessionsDisabled(tx, id));
  else if (passwordHash !== undefined) tellEnded(tx, id, await endSessions(tx.db, id));
  const { role, grants, disabled } = patch;
  tx.audit({ id, details: { changed, role, grants, groups, disabled } });
  tx.emit({ type: 'user.changed', id });
  return loadUser(tx.db, id);
}
