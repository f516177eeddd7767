import { and, desc, eq, inArray, isNull, lt, sql, type SQL } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { PendingSignIn, UpstreamClient, UpstreamGrant } from '@switchboard/mcp-runtime/types';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId, openJson, sealJson, type Secrets } from '../secrets.ts';

const { upstreamClients, upstreamGrants, signInAttempts } = tables;

export type GrantRow = typeof upstreamGrants.$inferSelect;
export type AttemptRow = typeof signInAttempts.$inferSelect;

/** The only person of a hub without accounts, whose rows name nobody. */
export const localPerson = 'local';

/** The user in a row; null = everybody, or the only person there is. */
export function userOf(person: string | null): string | null {
  return person === localPerson ? null : person;
}

/** What the storage of sign-ins needs. */
export interface Stores {
  db: Db;
  secrets: Secrets;
}

/** A grant with the row that it lies in. */
export interface HeldGrant {
  row: GrantRow;
  grant: UpstreamGrant;
}

function grantPlace(row: string) {
  return { table: 'upstream_grants', row, column: 'grant' };
}

function clientPlace(serverId: string, issuer: string) {
  return { table: 'upstream_clients', row: JSON.stringify([serverId, issuer]), column: 'client' };
}

function pendingPlace(row: string) {
  return { table: 'sign_in_attempts', row, column: 'pending' };
}

function ofPerson(serverId: string, person: string | null): SQL | undefined {
  const { userId } = upstreamGrants;
  const user = userOf(person);
  return and(eq(upstreamGrants.serverId, serverId), user === null ? isNull(userId) : eq(userId, user));
}

/** The grant in a row. */
export function openGrant({ secrets }: Pick<Stores, 'secrets'>, row: GrantRow): HeldGrant {
  return { row, grant: openJson(secrets, grantPlace(row.id), row.grant) as UpstreamGrant };
}

/** What everybody uses some servers with. */
export async function loadSharedGrants(stores: Stores, serverIds: readonly string[]): Promise<HeldGrant[]> {
  const { serverId, userId } = upstreamGrants;
  const rows = await stores.db
    .select()
    .from(upstreamGrants)
    .where(and(inArray(serverId, [...serverIds]), isNull(userId)));
  return rows.map((row) => openGrant(stores, row));
}

/** What a person, or everybody, uses a server with. */
export async function loadGrant(stores: Stores, serverId: string, person: string | null): Promise<HeldGrant | null> {
  const [row] = await stores.db.select().from(upstreamGrants).where(ofPerson(serverId, person));
  return row ? openGrant(stores, row) : null;
}

/** Stores what came of a sign-in, in place of what was there. */
export async function storeGrant(
  { db, secrets }: Stores,
  { serverId, person, grant, now }: { serverId: string; person: string | null; grant: UpstreamGrant; now: Date },
): Promise<HeldGrant> {
  const id = newId();
  const sealed = sealJson(secrets, grantPlace(id), grant);
  const { scope, server } = grant;
  const values = { id, issuer: server.issuer, scope, grant: sealed, version: 1, createdAt: now, refreshedAt: now };
  const [row] = await db
    .insert(upstreamGrants)
    .values({ ...values, serverId, userId: userOf(person) })
    .onConflictDoUpdate({ target: [upstreamGrants.serverId, upstreamGrants.userId], set: values })
    .returning();
  if (!row) throw new DomainError('internal', say('databaseRefused'));
  return { row, grant };
}

/** Stores fresh tokens, before anything uses them; null where the grant is not there as it was. */
export async function storeFresh(
  { db, secrets }: Stores,
  { row: before, grant, now }: HeldGrant & { now: Date },
): Promise<HeldGrant | null> {
  const sealed = sealJson(secrets, grantPlace(before.id), grant);
  const [row] = await db
    .update(upstreamGrants)
    .set({ grant: sealed, scope: grant.scope, version: before.version + 1, refreshedAt: now })
    .where(and(eq(upstreamGrants.id, before.id), eq(upstreamGrants.version, before.version)))
    .returning();
  return row ? { row, grant } : null;
}

export async function removeGrant({ db }: Pick<Stores, 'db'>, { id, version }: GrantRow): Promise<boolean> {
  const gone = await db
    .delete(upstreamGrants)
    .where(and(eq(upstreamGrants.id, id), eq(upstreamGrants.version, version)))
    .returning({ id: upstreamGrants.id });
  return gone.length > 0;
}

/** The same, whatever became of it since it was read. */
export async function removeGrantOf(
  { db }: Pick<Stores, 'db'>,
  serverId: string,
  person: string | null,
): Promise<void> {
  await db.delete(upstreamGrants).where(ofPerson(serverId, person));
}

/** How the hub is known to an authorization server on account of a server. */
export async function loadClient(
  { db, secrets }: Stores,
  serverId: string,
  issuer: string,
): Promise<UpstreamClient | null> {
  const [row] = await db
    .select()
    .from(upstreamClients)
    .where(and(eq(upstreamClients.serverId, serverId), eq(upstreamClients.issuer, issuer)));
  if (!row) return null;
  return openJson(secrets, clientPlace(serverId, issuer), row.client) as UpstreamClient;
}

export async function storeClient({ db, secrets }: Stores, serverId: string, client: UpstreamClient): Promise<void> {
  const { issuer, kind } = client;
  const sealed = sealJson(secrets, clientPlace(serverId, issuer), client);
  await db
    .insert(upstreamClients)
    .values({ serverId, issuer, kind, client: sealed })
    .onConflictDoUpdate({ target: [upstreamClients.serverId, upstreamClients.issuer], set: { kind, client: sealed } });
}

export async function removeClient({ db }: Pick<Stores, 'db'>, serverId: string, issuer: string): Promise<void> {
  await db
    .delete(upstreamClients)
    .where(and(eq(upstreamClients.serverId, serverId), eq(upstreamClients.issuer, issuer)));
}

/** Notes that a server asks people to sign in; false where that was known. */
export async function noteAsking(db: Db, serverId: string): Promise<boolean> {
  const { servers } = tables;
  const noted = await db
    .update(servers)
    .set({ asksSignIn: 'start', revision: newId() })
    .where(and(eq(servers.id, serverId), isNull(servers.asksSignIn)))
    .returning({ id: servers.id });
  return noted.length > 0;
}

/**
 * Forgets how the hub is known on account of a server; with `moved`, also what anybody signed in to it with, and ends
 * what anybody is about to sign in with. Whoever calls it has locked the server.
 */
export async function forgetUpstream(
  { db }: Pick<Stores, 'db'>,
  serverId: string,
  { moved, now }: { moved: boolean; now: Date },
): Promise<void> {
  await db.delete(upstreamClients).where(eq(upstreamClients.serverId, serverId));
  if (!moved) return;
  await db.delete(upstreamGrants).where(eq(upstreamGrants.serverId, serverId));
  await db
    .update(signInAttempts)
    .set({ state: null, pending: null, failure: say('signInMeanwhile'), endedAt: now })
    .where(and(eq(signInAttempts.serverId, serverId), isNull(signInAttempts.endedAt)));
}

/** The issuer that the owner's client id was first used with; null = none yet. */
export async function pinnedIssuer({ db }: Pick<Stores, 'db'>, serverId: string): Promise<string | null> {
  const [row] = await db
    .select({ issuer: upstreamClients.issuer })
    .from(upstreamClients)
    .where(and(eq(upstreamClients.serverId, serverId), eq(upstreamClients.kind, 'given')));
  return row?.issuer ?? null;
}

/** Attempts of one person at one server that are kept; the newest may wait for its answer in several tabs. */
const keptAttempts = 5;
export const attemptMs = 10 * 60_000;

function attemptsOf(serverId: string, person: string | null): SQL | undefined {
  const { userId } = signInAttempts;
  return and(eq(signInAttempts.serverId, serverId), person === null ? isNull(userId) : eq(userId, person));
}

export type NewAttempt = Pick<
  AttemptRow,
  'serverId' | 'userId' | 'shared' | 'session' | 'state' | 'steps' | 'failure' | 'createdAt' | 'endedAt'
>;

/** Writes an attempt down, and forgets older ones of the same person. */
export async function storeAttempt(
  { db, secrets }: Stores,
  attempt: NewAttempt,
  pending: PendingSignIn | null,
): Promise<void> {
  const id = newId();
  const sealed = pending && sealJson(secrets, pendingPlace(id), pending);
  await db.insert(signInAttempts).values({ id, ...attempt, pending: sealed });
  const { serverId, userId, createdAt } = attempt;
  const kept = db
    .select({ id: signInAttempts.id })
    .from(signInAttempts)
    .where(attemptsOf(serverId, userId))
    .orderBy(desc(signInAttempts.createdAt))
    .limit(keptAttempts);
  await db.delete(signInAttempts).where(and(attemptsOf(serverId, userId), sql`${signInAttempts.id} not in ${kept}`));
  // What nobody came back for has no use for its secrets.
  const before = new Date(createdAt.getTime() - attemptMs);
  await db.update(signInAttempts).set({ pending: null, state: null }).where(lt(signInAttempts.createdAt, before));
}

export async function findAttempt({ db }: Pick<Stores, 'db'>, state: string): Promise<AttemptRow | null> {
  const [row] = await db.select().from(signInAttempts).where(eq(signInAttempts.state, state));
  return row ?? null;
}

/** Takes an attempt for its one answer; null where another answer was first. */
export async function takeAttempt({ db, secrets }: Stores, { id, state }: AttemptRow): Promise<PendingSignIn | null> {
  if (state === null) return null;
  const [before] = await db.select().from(signInAttempts).where(eq(signInAttempts.id, id));
  const taken = await db
    .update(signInAttempts)
    .set({ state: null, pending: null })
    .where(and(eq(signInAttempts.id, id), eq(signInAttempts.state, state)))
    .returning({ id: signInAttempts.id });
  if (taken.length === 0 || !before?.pending) return null;
  return openJson(secrets, pendingPlace(id), before.pending) as PendingSignIn;
}

/** Writes down how an attempt ended; false where it has ended already. */
export async function endAttempt(
  { db }: Pick<Stores, 'db'>,
  id: string,
  end: Pick<AttemptRow, 'steps' | 'failure' | 'endedAt'>,
): Promise<boolean> {
  const ended = await db
    .update(signInAttempts)
    .set(end)
    .where(and(eq(signInAttempts.id, id), isNull(signInAttempts.endedAt)))
    .returning({ id: signInAttempts.id });
  return ended.length > 0;
}

export async function lastAttempt(
  { db }: Pick<Stores, 'db'>,
  serverId: string,
  person: string | null,
): Promise<AttemptRow | null> {
  const [row] = await db
    .select()
    .from(signInAttempts)
    .where(attemptsOf(serverId, person))
    .orderBy(desc(signInAttempts.createdAt))
    .limit(1);
  return row ?? null;
}
