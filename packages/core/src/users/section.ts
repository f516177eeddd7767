import { z } from 'zod';
import { tables } from '@switchboard/db';
import { hashPassword } from '../access/passwords.ts';
import { requireRight } from '../access/require.ts';
import { Role, Username } from '../access/schema.ts';
import { findUserByName } from '../access/users.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { randomToken } from '../secrets.ts';
import { parseInput } from '../verb.ts';
import { saidOnly } from '../versions/said.ts';
import { absentUser } from './queries.ts';
import { Email, FullName, Grant, Profile } from './schema.ts';
import { updateUser } from './update.ts';
import { insertAccount } from './verbs.ts';

const Entry = z.strictObject({
  role: Role,
  email: Email.optional(),
  fullName: FullName.optional(),
  profile: Profile.default({}),
  grants: z.array(Grant).max(20).default([]),
  disabled: z.boolean().default(false),
  password: z.literal('***').optional(),
});

let unknowable: Promise<string> | null = null;

/** A password that nobody knows: an admin sets one before the person can sign in. */
function noPassword(): Promise<string> {
  unknowable ??= hashPassword(randomToken());
  return unknowable;
}

/** People, by user name, without what they sign in with. */
export const peopleInFile: Section = {
  name: 'people',
  tables: ['users'],
  rights: { read: 'user.list', write: 'user.create' },
  entry: Entry,
  secrets: ['*.password'],
  async read(ctx) {
    const rows = await ctx.db.select().from(tables.users).orderBy(tables.users.usernameKey);
    return new Map(
      rows.map(({ username, role, email, fullName, profile, grants, disabled }): [string, FileEntry] => [
        username,
        {
          role,
          ...saidOnly({ email, fullName, profile, grants: grants.toSorted() }),
          ...(disabled && { disabled }),
          password: '***',
        },
      ]),
    );
  },
  async write(ctx, name, told, before) {
    const { role, email = null, fullName = null, profile, grants, disabled } = parseInput(Entry, told);
    const values = { role, email, fullName, profile, grants: [...new Set(grants)].toSorted(), disabled };
    if (before) {
      const row = await findUserByName(ctx.db, name);
      if (!row) throw absentUser(name);
      await updateUser(ctx, { id: row.id, patch: values });
      return;
    }
    requireRight(ctx, 'user.create');
    requireRight(ctx, 'user.empower');
    const username = parseInput(Username, name);
    const approvedAt = new Date(ctx.clock.now());
    const passwordHash = await noPassword();
    const { id } = await insertAccount(ctx, {
      ...values,
      username,
      passwordHash,
      mustChangePassword: true,
      approvedAt,
    });
    ctx.audit({ id, details: { username, role, grants } });
    ctx.emit({ type: 'user.changed', id });
  },
};
