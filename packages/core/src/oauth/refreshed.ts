import { and, eq, gte, isNull, lt, lte, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { sha256 } from '../secrets.ts';

const { oauthObjects } = tables;
const { model, id, grantId, payload, consumedAt, createdAt } = oauthObjects;

type Row = typeof oauthObjects.$inferSelect;

/** A spent refresh token is accepted again for this long: the answer to its first use may have been lost. */
export const graceMs = 30_000;

/**
 * Marks of spent refresh tokens, besides their time. `arrived`: what the first use gave was used in turn, so the client
 * has it. `replaced`: the answer with this token was lost, and the client has got another one since.
 */
const marks = { arrived: sql`'{"arrived": true}'::jsonb`, replaced: sql`'{"replaced": true}'::jsonb` };

/** Spent refresh tokens whose next use is theft. */
export const isKnownSpent = sql`(jsonb_exists(${payload}, 'arrived') or jsonb_exists(${payload}, 'replaced'))`;

/** Tokens that one sign-in of a client led to: programs that share a grant have each their own. */
function ofFamily(grant: string, family: unknown) {
  return and(eq(grantId, grant), sql`${payload} ->> 'sessionUid' = ${String(family)}`);
}

/** Whether the next use of a refresh token is one of a token that somebody else has used. */
export function isSpent({ model: kind, consumedAt: at, payload: given }: Row, now: number): boolean {
  if (at === null) return false;
  if (kind !== 'RefreshToken' || 'replaced' in given) return true;
  return 'arrived' in given && now - at.getTime() > graceMs;
}

/** Notes that a token came to its client: later uses of the refresh tokens that were spent before it are theft. */
export async function noteArrived(db: Db, { grantId: grant, payload: given, createdAt: made }: Row): Promise<void> {
  if (grant === null) return;
  await db
    .update(oauthObjects)
    .set({ payload: sql`${payload} || ${marks.arrived}` })
    .where(
      and(
        ofFamily(grant, given['sessionUid']),
        eq(model, 'RefreshToken'),
        lte(consumedAt, made),
        sql`not ${isKnownSpent}`,
      ),
    );
}

/** Ends the tokens of an answer that was lost: if somebody has them after all, their next use ends the grant. */
async function replaceLost(db: Db, { grantId: grant, payload: given, consumedAt: at }: Row, now: Date): Promise<void> {
  if (grant === null || at === null) return;
  const since = and(ofFamily(grant, given['sessionUid']), gte(createdAt, at));
  await db
    .update(oauthObjects)
    .set({ consumedAt: now, payload: sql`${payload} || ${marks.replaced}` })
    .where(and(since, eq(model, 'RefreshToken'), isNull(consumedAt)));
  await db.delete(oauthObjects).where(and(since, eq(model, 'AccessToken')));
}

/**
 * Spends a refresh token; false where it was spent before. A token that is spent again long after its first use, whose
 * answer was lost, has its grace anew: several requests of one client may come at once. The others wait for the first:
 * what they are given is not among what was lost.
 */
export async function spendRefreshToken(db: Db, token: string, now: number): Promise<boolean> {
  return await db.transaction((tx) => spend(tx, token, now));
}

async function spend(db: Db, token: string, now: number): Promise<boolean> {
  const at = and(eq(model, 'RefreshToken'), eq(id, sha256(token)));
  const [row] = await db.select().from(oauthObjects).where(at);
  if (!row) return false;
  const isFirst = row.consumedAt === null;
  const free = isFirst ? isNull(consumedAt) : lt(consumedAt, new Date(now - graceMs));
  const taken = await db
    .update(oauthObjects)
    .set({ consumedAt: new Date(now) })
    .where(and(at, free))
    .returning({ id });
  if (taken.length === 0) return false;
  await (isFirst ? noteArrived(db, row) : replaceLost(db, row, new Date(now)));
  return isFirst;
}
