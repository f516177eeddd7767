import { and, eq, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { sha256 } from '../secrets.ts';
import { storable } from '../storable.ts';

const { oauthGrants, oauthObjects } = tables;

const model = 'ClientDocument';
/** As long as a client that registered is kept after its last token. */
const keptMs = 365 * 24 * 3_600_000;
const mostCharacters = 64 * 1024;

function isOf(clientId: string) {
  return and(eq(oauthObjects.model, model), eq(oauthObjects.id, sha256(clientId)));
}

/** Keeps the metadata document of a client that got a token, for when its host is away. */
export async function keepDocument(db: Db, clientId: string, text: string, now: number): Promise<void> {
  const expiresAt = new Date(now + keptMs);
  const payload = { clientId, text: storable(text, mostCharacters) };
  await db
    .insert(oauthObjects)
    .values({ model, id: sha256(clientId), payload, createdAt: new Date(now), expiresAt })
    .onConflictDoUpdate({ target: [oauthObjects.model, oauthObjects.id], set: { payload, expiresAt } });
}

/** The document as it last was when the client got a token; null where none is kept. */
export async function keptDocument(db: Db, clientId: string, now: number): Promise<string | null> {
  const [row] = await db.select().from(oauthObjects).where(isOf(clientId));
  const text = row && row.expiresAt.getTime() > now ? row.payload['text'] : null;
  return typeof text === 'string' ? text : null;
}

/** Removes the documents of clients without a grant. */
export async function pruneDocuments(db: Db): Promise<void> {
  const clientId = sql`${oauthObjects.payload} ->> 'clientId'`;
  const isNeeded = sql`exists (select 1 from ${oauthGrants} where ${oauthGrants.clientId} = ${clientId})`;
  await db.delete(oauthObjects).where(and(eq(oauthObjects.model, model), sql`not ${isNeeded}`));
}
