import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';
import { randomToken, sameText, sha256 } from '../secrets.ts';

const prefix = 'sbk_';
const lookupLength = 8;

export interface KeyStore {
  /** Null for a key that is unknown, expired or whose owner is disabled. */
  verify(key: string, now: number): Promise<{ actor: Extract<Actor, { type: 'key' }>; expiresAt: Date | null } | null>;
}

/** `sbk_` + 8 characters to look up + 256 random bits. */
export function makeKey(): { key: string; lookup: string; hash: string } {
  const lookup = randomBytes(6).toString('base64url');
  const key = prefix + lookup + randomToken();
  return { key, lookup, hash: sha256(key) };
}

export function createKeyStore(db: Db, log: Log): KeyStore {
  return {
    async verify(key, now) {
      if (!key.startsWith(prefix) || key.length !== prefix.length + lookupLength + 43) return null;
      const rows = await db
        .select({ key: tables.apiKeys, user: tables.users })
        .from(tables.apiKeys)
        .innerJoin(tables.users, eq(tables.apiKeys.userId, tables.users.id))
        .where(eq(tables.apiKeys.lookup, key.slice(prefix.length, prefix.length + lookupLength)));
      const hash = sha256(key);
      const found = rows.find((row) => sameText(row.key.hash, hash));
      if (!found || found.user.disabled) return null;
      if (found.key.expiresAt && found.key.expiresAt.getTime() <= now) return null;
      db.update(tables.apiKeys)
        .set({ lastUsedAt: new Date(now) })
        .where(eq(tables.apiKeys.id, found.key.id))
        .catch((error: unknown) => tellFailure(log, 'warn', error, 'The last use of a key was not stored'));
      const { id, username, role } = found.user;
      const { scopes, endpoints, groups, servers, tools, resources } = found.key;
      return {
        actor: {
          type: 'key',
          id: found.key.id,
          userId: id,
          username,
          role,
          scopes,
          bounds: { endpoints, groups, servers, tools, resources },
        },
        expiresAt: found.key.expiresAt,
      };
    },
  };
}
