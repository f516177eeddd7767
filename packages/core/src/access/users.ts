import { asc, count, eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Clock } from '../ports.ts';
import { newId, randomToken } from '../secrets.ts';
import { parseInput } from '../verb.ts';
import { hashPassword } from './passwords.ts';
import { Password, Username, type Role, type UserView } from './schema.ts';
import { usernameKey } from './usernames.ts';

export type UserRow = typeof tables.users.$inferSelect;

export async function findUserByName(db: Db, username: string): Promise<UserRow | null> {
  const [row] = await db
    .select()
    .from(tables.users)
    .where(eq(tables.users.usernameKey, usernameKey(username)));
  return row ?? null;
}

/** The first admin: owner of what the local admin of an open hub makes, where something needs an owner. */
export async function findFirstAdmin(db: Db): Promise<UserRow | null> {
  const [row] = await db
    .select()
    .from(tables.users)
    .where(eq(tables.users.role, 'admin'))
    .orderBy(asc(tables.users.createdAt), asc(tables.users.id))
    .limit(1);
  return row ?? null;
}

export function toUserView(user: { id: string; username: string; role: Role }): UserView {
  return {
    id: user.id,
    username: user.username,
    role: user.role,
    permissions: permissionsOf(user.role),
  };
}

/** The most that a role may do, in the words of the documented API; groups and ownership decide each case. */
export function permissionsOf(role: Role): string[] {
  if (role === 'admin') return ['*'];
  const looking = ['servers:read', 'tools:read', 'groups:read'];
  if (role === 'viewer') return looking;
  const using = [...looking, 'servers:write', 'servers:execute', 'tools:execute'];
  return role === 'manager' ? [...using, 'groups:write'] : using;
}

export async function insertUser(
  db: Db,
  clock: Clock,
  user: { username: string; password: string; role: Role },
): Promise<UserRow> {
  const now = new Date(clock.now());
  const { username, role } = user;
  const passwordHash = await hashPassword(user.password);
  const [row] = await db
    .insert(tables.users)
    .values({
      id: newId(),
      username,
      usernameKey: usernameKey(username),
      role,
      passwordHash,
      approvedAt: now,
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  if (!row) throw new Error('The user was not stored.');
  return row;
}

/**
 * Makes the first admin of an empty hub; null where there are users already.
 * A password that was not given is generated: the caller stores it where the operator finds it.
 */
export async function bootstrapAdmin(
  deps: { db: Db; clock: Clock },
  options: { username?: string; password?: string },
): Promise<{ username: string; generatedPassword: string | null } | null> {
  const [found] = await deps.db.select({ users: count() }).from(tables.users);
  if ((found?.users ?? 0) > 0) return null;
  const username = parseInput(Username, options.username ?? 'admin');
  const given = options.password === undefined ? null : parseInput(Password, options.password);
  const password = given ?? randomToken().slice(0, 24);
  await insertUser(deps.db, deps.clock, { username, password, role: 'admin' });
  return { username, generatedPassword: given === null ? password : null };
}
