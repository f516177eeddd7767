import { and, eq, lt, notInArray } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { pruneDocuments } from './documents.ts';
import { isKnownSpent } from './refreshed.ts';

/** How long a refresh token that was used is known, so that its next use ends the grant. */
const spentMs = 24 * 3_600_000;

/**
 * Removes expired tokens, requests, grants and registered clients, and documents of clients without a grant;
 * gives the grants.
 */
export async function pruneOauth(db: Db, now: number): Promise<{ id: string; userId: string }[]> {
  const { oauthClients, oauthGrants, oauthObjects } = tables;
  const before = new Date(now);
  await db.delete(oauthObjects).where(lt(oauthObjects.expiresAt, before));
  const { id, userId, expiresAt } = oauthGrants;
  const ended = await db.delete(oauthGrants).where(lt(expiresAt, before)).returning({ id, userId });
  // One whose answer was lost may still be used by its client.
  const { model, consumedAt } = oauthObjects;
  const spent = and(eq(model, 'RefreshToken'), lt(consumedAt, new Date(now - spentMs)), isKnownSpent);
  await db.delete(oauthObjects).where(spent);
  await pruneDocuments(db);
  const inUse = db.select({ id: oauthGrants.clientId }).from(oauthGrants);
  await db
    .delete(oauthClients)
    .where(
      and(eq(oauthClients.kind, 'registered'), lt(oauthClients.expiresAt, before), notInArray(oauthClients.id, inUse)),
    );
  return ended;
}
