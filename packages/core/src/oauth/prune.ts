import { and, eq, lt, notInArray } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';

/** Removes expired tokens, requests, grants and registered clients. */
export async function pruneOauth(db: Db, now: number): Promise<void> {
  const { oauthClients, oauthGrants, oauthObjects } = tables;
  const before = new Date(now);
  await db.delete(oauthObjects).where(lt(oauthObjects.expiresAt, before));
  await db.delete(oauthGrants).where(lt(oauthGrants.expiresAt, before));
  const inUse = db.select({ id: oauthGrants.clientId }).from(oauthGrants);
  await db
    .delete(oauthClients)
    .where(
      and(eq(oauthClients.kind, 'registered'), lt(oauthClients.expiresAt, before), notInArray(oauthClients.id, inUse)),
    );
}
