import { and, eq, inArray, lt, or, isNull } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { grantBounds } from '../access/grants.ts';
import type { Actor } from '../actor.ts';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';
import { sha256 } from '../secrets.ts';
import { noteArrived } from './refreshed.ts';
import { knownScopes } from './scopes.ts';

const { oauthGrants, oauthObjects, users } = tables;

export interface GrantTokens {
  /** Null for a token that is unknown or expired, or whose grant has ended. */
  verify(
    token: string,
    now: number,
  ): Promise<{ actor: Extract<Actor, { type: 'grant' }>; expiresAt: Date; disabled: boolean } | null>;
}

/** Whether a bearer has the form of the engine's opaque tokens, which no JWT and no API key has. */
export function isGrantToken(secret: string): boolean {
  return /^[\w-]{43}$/.test(secret);
}

const touchedMs = 60_000;

/** Looks tokens up by their hash, as API keys are. */
export function createGrantTokens(db: Db, log: Log): GrantTokens {
  async function touch(object: typeof oauthObjects.$inferSelect, now: number): Promise<void> {
    const { lastUsedAt } = oauthGrants;
    const id = object.grantId ?? '';
    if (object.model === 'AccessToken') await noteArrived(db, object);
    await db
      .update(oauthGrants)
      .set({ lastUsedAt: new Date(now) })
      .where(and(eq(oauthGrants.id, id), or(isNull(lastUsedAt), lt(lastUsedAt, new Date(now - touchedMs)))));
  }
  return {
    async verify(token, now) {
      const [found] = await db
        .select({ object: oauthObjects, grant: oauthGrants, user: users })
        .from(oauthObjects)
        .innerJoin(oauthGrants, eq(oauthGrants.id, oauthObjects.grantId))
        .innerJoin(users, eq(users.id, oauthGrants.userId))
        .where(
          and(inArray(oauthObjects.model, ['AccessToken', 'ClientCredentials']), eq(oauthObjects.id, sha256(token))),
        );
      if (!found || found.object.expiresAt.getTime() <= now) return null;
      const { object, grant, user } = found;
      if (grant.expiresAt && grant.expiresAt.getTime() <= now) return null;
      // The audience has to be exactly the grant's endpoint.
      if (object.payload['aud'] !== grant.endpoint) return null;
      touch(object, now).catch((error: unknown) => {
        tellFailure(log, 'warn', error, 'The last use of a grant was not stored');
      });
      const { scope } = object.payload;
      const granted = knownScopes(grant.scopes);
      const given = typeof scope === 'string' ? scope.split(' ') : granted;
      return {
        actor: {
          type: 'grant',
          id: grant.id,
          userId: user.id,
          username: user.username,
          role: user.role,
          scopes: granted.filter((name) => given.includes(name)),
          bounds: grantBounds(grant),
          endpoint: grant.endpoint,
        },
        expiresAt: object.expiresAt,
        disabled: user.disabled,
      };
    },
  };
}
