import { and, eq, lt, notInArray } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { pruneDocuments } from './documents.ts';

/** Removes expired tokens, requests, grants and registered clients, and documents of clients without a grant. */
export async function pruneOauth(db: Db, now: number): Promise<void> {
  const { oauthClients, oauthGrants, oauthObjects } = tables;
  const before = new Date(now);
  await db.delete(oauthObjects).where(lt(oauthObjects.expiresAt, before));
  await db.delete(oauthGrants).where(lt(oauthGrants.expiresAt, before));
  await pruneDocuments(db);
  const inUse = db.select({ id: oauthGrants.clientId }).from(oauthGrants);
  await db
    .delete(oauthClients)
    .where(
      and(eq(oauthClients.kind, 'registered'), lt(oauthClients.expiresAt, before), notInArray(oauthClients.id, inUse)),
    );
}
