import { and, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { sqlStateOf, tables, type Db } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { sha256, type Secrets } from '../secrets.ts';
import { storable, storableJson } from '../storable.ts';
import { keepDocument, keptDocument } from './documents.ts';
import { revokeGrant } from './grants.ts';
import { secretPlace } from './machines.ts';
import { isSpent, spendRefreshToken } from './refreshed.ts';
import { knownScopes, type McpScope } from './scopes.ts';

const { oauthClients, oauthGrants, oauthObjects } = tables;

/** The engine's data of one object. */
export type Payload = Record<string, unknown>;

/** Metadata by which the engine knows a machine; no registration stores it. */
export const machineMark = 'switchboard_machine';

/** Lifetime of registered clients without a token, and since the last token. */
const unusedMs = 7 * 24 * 3_600_000;
const usedMs = 365 * 24 * 3_600_000;
/** Most registered clients without a token; where there are more, those go first whose person does not answer any more. */
const mostUnused = 2_000;
const unansweredMs = 3_600_000;

/** Storage of the engine. */
export interface OauthStore {
  find(model: string, id: string): Promise<Payload | undefined>;
  upsert(model: string, id: string, payload: Payload, expiresInSeconds: number | undefined): Promise<void>;
  /** Marks the object as used; false where it was used before. */
  consume(model: string, id: string): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  /** Keeps the metadata document of a client that got a token. */
  keepDocument(clientId: string, text: string): Promise<void>;
  /** The document that was kept last; null where there is none. */
  keptDocument(clientId: string): Promise<string | null>;
  /** Whether a person has let a client in, and that has not ended. */
  isLetIn(userId: string, clientId: string): Promise<boolean>;
  /** The endpoint and scopes of a machine; null for other clients. */
  machine(clientId: string): Promise<{ endpoint: string; scopes: McpScope[] } | null>;
}

interface StoreOptions {
  db: Db;
  secrets: Secrets;
  now(): number;
  /** A context of the hub itself. */
  ctx(): Ctx;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isToken(model: string): boolean {
  return model === 'AccessToken' || model === 'ClientCredentials' || model === 'RefreshToken';
}

/** The raw id is a credential and is not stored: neither as `jti` nor at the end of `returnTo`. */
function withoutId({ jti: _jti, returnTo: _returnTo, ...rest }: Payload): Payload {
  return rest;
}

async function findClient({ db, secrets }: StoreOptions, id: string): Promise<Payload | undefined> {
  const [row] = await db.select().from(oauthClients).where(eq(oauthClients.id, id));
  if (!row) return undefined;
  const secret = row.secret === null ? {} : { client_secret: secrets.open(secretPlace(id), row.secret) };
  const isMachine = row.kind === 'machine' && { [machineMark]: true };
  return { ...row.payload, client_id: id, ...(row.name !== '' && { client_name: row.name }), ...secret, ...isMachine };
}

/** Removes the oldest registered client without a token that is older than this; false where there is none. */
async function removeOldest(db: Db, than: Date): Promise<boolean> {
  const { id, kind, lastUsedAt, createdAt } = oauthClients;
  const oldest = db
    .select({ id })
    .from(oauthClients)
    .where(and(eq(kind, 'registered'), isNull(lastUsedAt), lt(createdAt, than)))
    .orderBy(createdAt)
    .limit(1);
  return (await db.delete(oauthClients).where(inArray(id, oldest)).returning({ id })).length > 0;
}

async function saveClient({ db, secrets, now }: StoreOptions, id: string, payload: Payload): Promise<void> {
  const unused = and(eq(oauthClients.kind, 'registered'), isNull(oauthClients.lastUsedAt));
  await db.delete(oauthClients).where(and(unused, lt(oauthClients.expiresAt, new Date(now()))));
  if (
    (await db.$count(oauthClients, unused)) >= mostUnused &&
    !(await removeOldest(db, new Date(now() - unansweredMs)))
  )
    throw new DomainError('limit_exceeded', say('tooManyRegistered'));
  const { client_secret: secret, client_id: _id, client_name: name, [machineMark]: _mark, ...rest } = payload;
  const sealed = typeof secret === 'string' ? secrets.seal(secretPlace(id), secret) : null;
  await db.insert(oauthClients).values({
    id,
    kind: 'registered',
    name: storable(textOf(name) ?? '', 200),
    payload: storableJson(rest),
    secret: sealed,
    createdAt: new Date(now()),
    expiresAt: new Date(now() + unusedMs),
  });
}

/** A grant's row in the shape that the engine reads. */
async function findGrant({ db }: StoreOptions, id: string): Promise<Payload | undefined> {
  const [row] = await db.select().from(oauthGrants).where(eq(oauthGrants.id, id));
  if (!row) return undefined;
  const scope = row.scopes.join(' ');
  return {
    jti: id,
    kind: 'Grant',
    accountId: row.userId,
    clientId: row.clientId,
    resources: Object.fromEntries(namesOf(row.resource).map((name) => [name, scope])),
    iat: Math.floor(row.createdAt.getTime() / 1000),
    ...(row.expiresAt && { exp: Math.floor(row.expiresAt.getTime() / 1000) }),
  };
}

const ownNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Every way in which a client may write the address of an endpoint, the given one first: over either transport, with and
 * without a slash at its end, and by any name of this machine.
 */
function namesOf(resource: string): string[] {
  const url = URL.parse(resource);
  if (url === null) return [resource];
  const hosts = ownNames.includes(url.hostname) ? ownNames : [url.hostname];
  const path = url.pathname.replace(/^\/(?:mcp|sse)/, '');
  const origins = hosts.map((host) => `${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`);
  const all = origins.flatMap((origin) => ['/mcp', '/sse'].map((root) => `${origin}${root}${path}`));
  return [...new Set([resource, ...all.flatMap((name) => [name, `${name}/`])])];
}

async function findObject({ db, now }: StoreOptions, model: string, id: string): Promise<Payload | undefined> {
  const at = and(eq(oauthObjects.model, model), eq(oauthObjects.id, sha256(id)));
  const [row] = await db.select().from(oauthObjects).where(at);
  if (!row || row.expiresAt.getTime() <= now()) return undefined;
  const { payload, consumedAt } = row;
  const issuer = Reflect.get(Object(Reflect.get(Object(payload['prompt']), 'details')), 'request') as unknown;
  return {
    ...payload,
    jti: id,
    ...(model === 'Interaction' && {
      returnTo: `${String(Reflect.get(Object(issuer), 'issuer'))}/oauth/authorize/${id}`,
    }),
    ...(typeof payload['resource'] === 'string' && { resource: namesOf(payload['resource']) }),
    ...(consumedAt && isSpent(row, now()) && { consumed: Math.floor(consumedAt.getTime() / 1000) }),
  };
}

/** Id of the grant behind an object; tokens of a machine belong to the machine's grant. */
async function grantIdOf({ db }: StoreOptions, model: string, payload: Payload): Promise<string | null> {
  if (model !== 'ClientCredentials')
    return isToken(model) || model === 'AuthorizationCode' ? textOf(payload['grantId']) : null;
  const clientId = textOf(payload['clientId']) ?? '';
  const isMachine = and(eq(oauthGrants.clientId, clientId), eq(oauthGrants.clientKind, 'machine'));
  const [grant] = await db.select().from(oauthGrants).where(isMachine);
  if (grant?.endpoint !== payload['aud']) throw new DomainError('invalid', say('oauthOtherEndpoint'));
  return grant?.id ?? null;
}

/** Prolongs the client and the grant for which a token was made. */
async function noteUse({ db, now }: StoreOptions, payload: Payload, grantId: string, until: Date): Promise<void> {
  const clientId = textOf(payload['clientId']) ?? '';
  await db
    .update(oauthClients)
    .set({ lastUsedAt: new Date(now()), expiresAt: new Date(now() + usedMs) })
    .where(and(eq(oauthClients.id, clientId), eq(oauthClients.kind, 'registered')));
  const expiresAt = sql`greatest(${oauthGrants.expiresAt}, ${until.toISOString()}::timestamptz)`;
  await db
    .update(oauthGrants)
    .set({ expiresAt })
    .where(and(eq(oauthGrants.id, grantId), sql`${oauthGrants.expiresAt} is not null`));
}

async function saveObject(
  options: StoreOptions,
  model: string,
  id: string,
  payload: Payload,
  expiresInSeconds: number,
): Promise<void> {
  const { db, now } = options;
  const expiresAt = new Date(now() + expiresInSeconds * 1000);
  const grantId = await grantIdOf(options, model, payload);
  const { resource } = payload;
  const kept = { ...withoutId(payload), ...(Array.isArray(resource) && { resource: resource[0] as unknown }) };
  const values = {
    payload: storableJson(kept),
    grantId,
    userId: textOf(payload['accountId']),
    expiresAt,
  };
  try {
    await db
      .insert(oauthObjects)
      .values({ model, id: sha256(id), createdAt: new Date(now()), ...values })
      .onConflictDoUpdate({ target: [oauthObjects.model, oauthObjects.id], set: values });
  } catch (error) {
    // The grant ended meanwhile.
    if (sqlStateOf(error) === '23503') throw new DomainError('not_found', say('grantEnded'));
    throw error;
  }
  if (grantId !== null && isToken(model)) await noteUse(options, payload, grantId, expiresAt);
}

/** Ends a grant for the engine; a grant that is gone is no error. */
async function endGrant({ ctx }: StoreOptions, id: string): Promise<void> {
  try {
    await revokeGrant(ctx(), { id });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
  }
}

async function destroyObject({ db, ctx }: StoreOptions, model: string, id: string): Promise<void> {
  const [gone] = await db
    .delete(oauthObjects)
    .where(and(eq(oauthObjects.model, model), eq(oauthObjects.id, sha256(id))))
    .returning();
  if (!gone?.grantId || !isToken(model)) return;
  const [grant] = await db.select().from(oauthGrants).where(eq(oauthGrants.id, gone.grantId));
  if (!grant) return;
  // Authenticators drop the token from memory.
  const hub = ctx();
  const event = { type: 'grant.changed', id: grant.id, userId: grant.userId } as const;
  hub.events.emit(event);
  await hub.hub.tellReplicas([event]);
}

/** Stores the engine's objects in PostgreSQL: ids hashed, secrets sealed, sessions not at all. */
export function createOauthStore(options: StoreOptions): OauthStore {
  const { db, now } = options;
  return {
    async find(model, id) {
      // PostgreSQL has no such text, so nothing has this id.
      if (id.includes('\0')) return undefined;
      if (model === 'Client') return findClient(options, id);
      if (model === 'Grant') return findGrant(options, id);
      return model === 'Session' ? undefined : findObject(options, model, id);
    },
    async upsert(model, id, payload, expiresInSeconds) {
      // The hub's own sign-in identifies the person, and `decideRequest` makes the grants.
      if (model === 'Session' || model === 'Grant') return;
      if (model === 'Client') return saveClient(options, id, payload);
      return saveObject(options, model, id, payload, expiresInSeconds ?? 60);
    },
    async consume(model, id) {
      if (model === 'RefreshToken') return spendRefreshToken(db, id, now());
      const at = and(eq(oauthObjects.model, model), eq(oauthObjects.id, sha256(id)), isNull(oauthObjects.consumedAt));
      const first = await db
        .update(oauthObjects)
        .set({ consumedAt: new Date(now()) })
        .where(at)
        .returning({ id: oauthObjects.id });
      return first.length > 0;
    },
    async destroy(model, id) {
      if (model === 'Grant') return endGrant(options, id);
      if (model !== 'Session' && model !== 'Client') await destroyObject(options, model, id);
    },
    keepDocument: (clientId, text) => keepDocument(db, clientId, text, now()),
    keptDocument: (clientId) => keptDocument(db, clientId, now()),
    async isLetIn(userId, clientId) {
      if (clientId.includes('\0')) return false;
      const { userId: person, clientId: client, expiresAt } = oauthGrants;
      const isLive = or(isNull(expiresAt), gt(expiresAt, new Date(now())));
      return (await db.$count(oauthGrants, and(eq(person, userId), eq(client, clientId), isLive))) > 0;
    },
    async machine(clientId) {
      const isMachine = and(eq(oauthGrants.clientId, clientId), eq(oauthGrants.clientKind, 'machine'));
      const [grant] = await db.select().from(oauthGrants).where(isMachine);
      return grant ? { endpoint: grant.endpoint, scopes: knownScopes(grant.scopes) } : null;
    },
  };
}
