import { and, asc, desc, eq, ilike, inArray, like, or, sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { HiddenBy } from '@switchboard/mcp-runtime/types';
import { credentialText, holderOf, readCredential } from '../access/credential.ts';
import type { Directory } from '../access/directory.ts';
import { may, type ActorContext } from '../access/require.ts';
import { keyIdOf, userIdOf } from '../actor.ts';
import { distinct, keyNames, removedLike, revokedLike, userNames } from '../audit/names.ts';
import { likePattern } from '../contains.ts';
import type { Ctx, HubServices } from '../context.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { keepableFailure } from './keepable.ts';
import { ListCallers, type Caller, type CallEntry, type Callers, type CallRecord } from './schema.ts';

const { apiKeys, audit, callRecords, oauthGrants, users } = tables;

/** Whether the actor may read calls of others. */
export function mayReadOthers(ctx: ActorContext): boolean {
  return may(ctx, 'call.read', { type: 'call', userId: null, keyId: null });
}

const keptBy: Readonly<Record<HiddenBy, (endpoint: string) => Reason>> = {
  key: () => say('hiddenByKey'),
  group: (id) => say('hiddenByGroup', { id }),
  server: () => say('hiddenByServer'),
  person: () => say('hiddenByCaller'),
};

type CallFailure = Pick<CallRecord, 'errorMessage' | 'errorReason'>;

/**
 * The reason why a call failed, for a reader. Only readers of everybody's calls learn that a tool exists which its
 * caller does not have, and the caller's person where only the key hides it.
 */
export function describeError(
  ctx: ActorContext,
  { hidden, endpoint, errorMessage, errorReason = null }: Pick<CallRecord, 'hidden' | 'endpoint'> & CallFailure,
): CallFailure {
  const told = { errorMessage, errorReason };
  if (!hidden) return told;
  const isOwn = hidden === 'key' && may(ctx, 'call.read', { type: 'call', userId: userIdOf(ctx.actor), keyId: null });
  if (!isOwn && !mayReadOthers(ctx)) return told;
  const why = keptBy[hidden](endpoint);
  return { errorMessage: why.text, errorReason: why };
}

/** The calls that were made with a key or a grant, of any owner; `owner` where it is known. */
export function madeWithKey(keyId: string, owner: string | null = null): SQL | undefined {
  if (owner === null) {
    const id = likePattern(keyId).slice(1, -1);
    return or(like(callRecords.credential, `key:%:${id}`), like(callRecords.credential, `grant:%:${id}`));
  }
  return inArray(callRecords.credential, [
    credentialText({ type: 'key', userId: owner, keyId }),
    credentialText({ type: 'grant', userId: owner, grantId: keyId }),
  ]);
}

/** Calls made with any of the keys that a query finds. */
export function madeWithKeys(...found: readonly SQLWrapper[]): SQL | undefined {
  const keyId = sql`split_part(${callRecords.credential}, ':', 3)`;
  const isKeyed = or(like(callRecords.credential, 'key:%'), like(callRecords.credential, 'grant:%'));
  return and(isKeyed, or(...found.map((keys) => inArray(keyId, keys))));
}

/** The calls with the names of who made them. */
export async function withCallers(ctx: Ctx, calls: readonly CallRecord[]): Promise<CallEntry[]> {
  const known = calls.map((call) => ({ ...call, ...holderOf(readCredential(call.credential)) }));
  const [people, keys] = await Promise.all([
    userNames(ctx, distinct(known.map(({ userId }) => userId))),
    keyNames(ctx, distinct(known.map(({ keyId }) => keyId))),
  ]);
  return known.map((call) => ({
    ...call,
    userName: people.get(call.userId ?? '') ?? null,
    keyName: keys.get(call.keyId ?? '') ?? null,
  }));
}

function nameOfKey({ key, grant }: Pick<Directory, 'key' | 'grant'>, id: string): string | undefined {
  return key(id)?.name ?? grant(id)?.name;
}

/**
 * The record of a call that just ended, as history will show it: names from memory, without arguments, result and
 * secrets.
 */
export function describeCall(
  ctx: ActorContext & { hub: Pick<HubServices, 'secretsOf'> },
  record: CallRecord,
): CallEntry {
  const { arguments: _arguments, result: _result, given: _given, hidden: _hidden, ...rest } = record;
  const { userId, keyId } = holderOf(readCredential(record.credential));
  const secrets = record.errorMessage !== null && record.serverId !== null ? ctx.hub.secretsOf(record.serverId) : [];
  return {
    ...rest,
    ...describeError(ctx, { ...record, ...keepableFailure(record, secrets) }),
    userId,
    userName: (userId === null ? undefined : ctx.access.directory.user(userId)?.username) ?? null,
    keyId,
    keyName: (keyId === null ? undefined : nameOfKey(ctx.access.directory, keyId)) ?? null,
  };
}

function anyOf(pattern: string | null, column: PgColumn): SQL | undefined {
  return pattern === null ? undefined : ilike(column, pattern);
}

async function peopleHere(ctx: Ctx, fits: SQL | undefined, limit: number): Promise<Caller[]> {
  const rows = await ctx.db
    .select({ id: users.id, name: users.username })
    .from(users)
    .where(fits)
    .orderBy(asc(sql`lower(${users.username})`))
    .limit(limit);
  return rows.map((row) => ({ ...row, removed: false }));
}

type KeyCaller = Callers['keys'][number];

async function keysHere(ctx: Ctx, fits: SQL | undefined, limit: number): Promise<KeyCaller[]> {
  const rows = await ctx.db
    .select({ id: apiKeys.id, name: apiKeys.name, userName: users.username })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(fits)
    .orderBy(asc(sql`lower(${apiKeys.name})`), desc(apiKeys.createdAt))
    .limit(limit);
  return rows.map((row) => ({ ...row, removed: false }));
}

/** Grants of clients are listed with the keys, because calls can be filtered by both. */
async function grantsHere(ctx: Ctx, fits: SQL | undefined, limit: number): Promise<KeyCaller[]> {
  const rows = await ctx.db
    .select({ id: oauthGrants.id, name: oauthGrants.clientName, userName: users.username })
    .from(oauthGrants)
    .innerJoin(users, eq(users.id, oauthGrants.userId))
    .where(fits)
    .orderBy(asc(sql`lower(${oauthGrants.clientName})`), desc(oauthGrants.createdAt))
    .limit(limit);
  return rows.map((row) => ({ ...row, removed: false }));
}

/** Those whose ids the query gives and that are not among the others. */
async function gone(
  ids: readonly (string | null)[],
  here: readonly Caller[],
  namesOf: (ids: string[]) => Promise<Map<string, string>>,
): Promise<Caller[]> {
  const left = distinct(ids).filter((id) => here.every((caller) => caller.id !== id));
  const names = await namesOf(left);
  return left.flatMap((id) => ({ id, name: names.get(id) ?? id, removed: true }));
}

function idsOf(rows: readonly { id: string | null }[]) {
  return rows.map(({ id }) => id);
}

async function everybody(ctx: Ctx, { search, chosen, limit }: ListCallers): Promise<Callers> {
  const word = search?.trim() ?? '';
  const pattern = word === '' ? null : likePattern(word);
  function wanted(among: SQL | undefined, byId: SQL | undefined) {
    return among ? or(among, byId) : undefined;
  }
  const isChosen = chosen.length > 0;
  const people = await peopleHere(
    ctx,
    wanted(
      anyOf(pattern, users.username),
      isChosen ? or(inArray(users.id, chosen), inArray(users.username, chosen)) : undefined,
    ),
    limit + chosen.length,
  );
  const most = limit + chosen.length;
  const keys = [
    ...(await keysHere(
      ctx,
      wanted(anyOf(pattern, apiKeys.name), isChosen ? inArray(apiKeys.id, chosen) : undefined),
      most,
    )),
    ...(await grantsHere(
      ctx,
      wanted(anyOf(pattern, oauthGrants.clientName), isChosen ? inArray(oauthGrants.id, chosen) : undefined),
      most,
    )),
  ];
  const any = pattern ?? '%';
  const [removed, revoked] = await Promise.all([
    removedLike(ctx, any).orderBy(desc(audit.at)).limit(limit),
    revokedLike(ctx, any).orderBy(desc(audit.at)).limit(limit),
  ]);
  return {
    people: [...people, ...(await gone(idsOf(removed), people, (ids) => userNames(ctx, ids)))],
    keys: [
      ...keys,
      ...(await gone(idsOf(revoked), keys, (ids) => keyNames(ctx, ids))).map((key) => ({ ...key, userName: null })),
    ],
  };
}

/** The actor itself with the keys it made; a confined key knows only itself. */
async function oneself(ctx: Ctx, { search, limit }: ListCallers): Promise<Callers> {
  const userId = userIdOf(ctx.actor) ?? '';
  const isWhole = may(ctx, 'call.read', { type: 'call', userId, keyId: null });
  const people = isWhole ? await peopleHere(ctx, eq(users.id, userId), 1) : [];
  const own = isWhole ? eq(apiKeys.userId, userId) : eq(apiKeys.id, keyIdOf(ctx.actor) ?? '');
  const word = search?.trim() ?? '';
  const keys = await keysHere(ctx, and(own, word === '' ? undefined : ilike(apiKeys.name, likePattern(word))), limit);
  if (!isWhole) return { people, keys };
  const named = word === '' ? undefined : ilike(oauthGrants.clientName, likePattern(word));
  keys.push(...(await grantsHere(ctx, and(eq(oauthGrants.userId, userId), named), limit)));
  const made = await ctx.db
    .select({ id: audit.subject })
    .from(audit)
    .where(and(eq(audit.userId, userId), eq(audit.action, 'key.revoke')))
    .orderBy(desc(audit.at))
    .limit(limit);
  const revoked = await gone(idsOf(made), keys, (ids) => keyNames(ctx, ids));
  const fits = revoked.filter(({ name }) => name.toLowerCase().includes(word.toLowerCase()));
  return { people, keys: [...keys, ...fits.map((key) => ({ ...key, userName: null }))] };
}

/** People and keys whose calls the actor may look for, those that are gone after the others. */
export const listCallers = verb(
  { name: 'call.read', access: 'read', input: ListCallers },
  async (ctx, input): Promise<Callers> => (mayReadOthers(ctx) ? everybody(ctx, input) : oneself(ctx, input)),
);
