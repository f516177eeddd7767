import { eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { usernameKey } from '../access/usernames.ts';
import { userIdOf } from '../actor.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import type { VerbCtx } from '../verb.ts';
import type { FileEntry } from './section.ts';

/** User names by id. */
export async function namesOf(db: Db): Promise<ReadonlyMap<string, string>> {
  const { id, username } = tables.users;
  return new Map((await db.select({ id, username }).from(tables.users)).map((row) => [row.id, row.username]));
}

/** The id of a person that an entry names. Throws `invalid` where there is none. */
export async function idOfPerson(db: Db, username: string, field: string): Promise<string> {
  const key = usernameKey(username);
  const { id, usernameKey: keyOf } = tables.users;
  const [found] = await db.select({ id }).from(tables.users).where(eq(keyOf, key));
  if (!found) throw invalidField(field, say('noUserCalled', { name: username }));
  return found.id;
}

/**
 * The owner of an entry; null means that the admins own it. An owner other than the actor takes the right to transfer
 * ownership.
 */
export async function ownerOf(ctx: VerbCtx, { owner }: FileEntry, before: FileEntry | null): Promise<string | null> {
  const id = typeof owner === 'string' ? await idOfPerson(ctx.db, owner, 'owner') : null;
  const isChange = before === null ? id !== userIdOf(ctx.actor) : before['owner'] !== owner;
  if (isChange) requireRight(ctx, 'server.give');
  return id;
}
