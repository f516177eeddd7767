import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tables, type Db } from '@switchboard/db';
import { sha256 } from '../secrets.ts';
import { mcpScopes } from './scopes.ts';

const { oauthObjects } = tables;

/** The part of an authorization request that the consent page shows, stored with the interaction. */
export const RequestDetails = z.object({
  issuer: z.string(),
  client: z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['registered', 'metadata-document']),
    uri: z.string().nullable(),
    host: z.string().nullable(),
  }),
  redirect: z.object({
    uri: z.string(),
    host: z.string(),
    scheme: z.string().nullable().default(null),
    isLoopback: z.boolean(),
  }),
  /** The endpoint, and the address that the client gave for it. */
  endpoint: z.string(),
  resource: z.string(),
  scopes: z.array(z.enum(mcpScopes)),
  /** The account that was signed in when the request came, or that read it since; null: none. */
  account: z.string().nullable(),
});
export type RequestDetails = z.infer<typeof RequestDetails>;

const Interaction = z.looseObject({
  prompt: z.looseObject({ details: z.looseObject({ request: RequestDetails }) }),
});

/** An authorization request without an answer. */
export interface WaitingRequest {
  details: RequestDetails;
  expiresAt: Date;
  payload: Record<string, unknown>;
}

function isOf(uid: string) {
  return and(eq(oauthObjects.model, 'Interaction'), eq(oauthObjects.id, sha256(uid)));
}

/** Finds an unanswered, unexpired request; locks its row within a transaction. */
export async function findRequest(db: Db, uid: string, now: Date): Promise<WaitingRequest | null> {
  const [row] = await db.select().from(oauthObjects).where(isOf(uid)).for('update');
  if (!row || row.expiresAt <= now || 'result' in row.payload) return null;
  const parsed = Interaction.safeParse(row.payload);
  if (!parsed.success) return null;
  return { details: parsed.data.prompt.details.request, expiresAt: row.expiresAt, payload: row.payload };
}

/** Stores the answer, which the engine reads when the browser comes back. */
export async function answerRequest(
  db: Db,
  uid: string,
  { payload }: WaitingRequest,
  result: Record<string, unknown>,
): Promise<void> {
  await db
    .update(oauthObjects)
    .set({ payload: { ...payload, result } })
    .where(isOf(uid));
}

/** Ties the request to another account, unless it was answered meanwhile. */
export async function tieRequest(db: Db, uid: string, account: string | null): Promise<void> {
  const value = JSON.stringify(account);
  await db
    .update(oauthObjects)
    .set({
      payload: sql`jsonb_set(${oauthObjects.payload}, '{prompt,details,request,account}', ${value}::text::jsonb)`,
    })
    .where(and(isOf(uid), sql`not jsonb_exists(${oauthObjects.payload}, 'result')`));
}

/** The URL at which the browser comes back to the engine. */
export function resumeUrl({ issuer }: RequestDetails, uid: string): string {
  return `${issuer}/oauth/authorize/${uid}`;
}
