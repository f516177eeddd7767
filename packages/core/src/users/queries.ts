import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { usernameKey } from '../access/usernames.ts';
import { permissionsOf, type UserRow } from '../access/users.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Grant, User, UserGroup } from './schema.ts';

const { groupMembers, groups, sessions, users } = tables;

export function absentUser(id: string): DomainError {
  return new DomainError('not_found', say('noUser', { id }), { value: id });
}

/** By id, else by name. */
export async function findUser(db: Db, idOrName: string): Promise<UserRow | null> {
  const rows = await db
    .select()
    .from(users)
    .where(or(eq(users.id, idOrName), eq(users.usernameKey, usernameKey(idOrName))));
  return rows.find(({ id }) => id === idOrName) ?? rows[0] ?? null;
}

/** Takes the row until the transaction ends. */
export async function lockUser(db: Db, id: string): Promise<UserRow> {
  const [row] = await db.select().from(users).where(eq(users.id, id)).for('update');
  if (!row) throw absentUser(id);
  return row;
}

/**
 * Refuses to take the last admin who can still sign in. Admins are locked first, so that two requests cannot each
 * remove the other one's.
 */
export async function assertAdminLeft(db: Db, without: string): Promise<void> {
  const admins = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), eq(users.disabled, false)))
    .orderBy(asc(users.id))
    .for('update');
  if (admins.some(({ id }) => id !== without)) return;
  throw new DomainError('conflict', say('lastAdmin'), {
    field: 'id',
    value: without,
  });
}

/** Groups of these users, pending ones too. */
export async function groupsOfUsers(db: Db, ids: readonly string[]): Promise<Map<string, UserGroup[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      userId: groupMembers.userId,
      id: groups.id,
      displayName: groups.displayName,
      role: groupMembers.role,
      status: groupMembers.status,
    })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.id, groupMembers.groupId))
    .where(inArray(groupMembers.userId, [...ids]))
    .orderBy(asc(groups.id));
  const found = new Map<string, UserGroup[]>();
  for (const { userId, ...group } of rows) found.set(userId, [...(found.get(userId) ?? []), group]);
  return found;
}

export function toUser(row: UserRow, inGroups: readonly UserGroup[]): User {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    fullName: row.fullName,
    profile: row.profile,
    role: row.role,
    grants: row.grants as Grant[],
    permissions: permissionsOf(row.role),
    groups: [...inGroups],
    disabled: row.disabled,
    approved: row.approvedAt !== null,
    mustChangePassword: row.mustChangePassword,
    mfaEnabled: row.totpSecret !== null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    lastLoginAt: row.lastLoginAt,
  };
}

/** The account with its groups as it is now. */
export async function loadUser(db: Db, id: string): Promise<User> {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  if (!row) throw absentUser(id);
  return toUser(row, (await groupsOfUsers(db, [id])).get(id) ?? []);
}

/** Ends sessions of a user, one apart; gives the handles of those that ended. */
export async function endSessions(db: Db, userId: string, except: string | null = null): Promise<string[]> {
  const ended = await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), except === null ? undefined : sql`${sessions.sid} <> ${except}`))
    .returning({ sid: sessions.sid });
  return ended.map(({ sid }) => sid);
}

/**
 * Marks every session of a disabled account, so that its callers get the reason, and no session is valid again later.
 */
export async function markSessionsDisabled(ctx: Ctx, userId: string): Promise<string[]> {
  const marked = await ctx.db
    .update(sessions)
    .set({ disabledAt: new Date(ctx.clock.now()) })
    .where(eq(sessions.userId, userId))
    .returning({ sid: sessions.sid });
  return marked.map(({ sid }) => sid);
}
