import { and, desc, eq, ilike, inArray, sql, type SQL } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { findUser } from '../users/queries.ts';
import type { AuditEntry } from './schema.ts';

const { apiKeys, audit, oauthGrants, users } = tables;

function told(field: 'username' | 'name'): SQL<string | null> {
  return sql<string | null>`${audit.details} ->> ${field}`;
}

/** As the condition of the index on these entries says it: a parameter in its place would not be seen to match. */
const isRemoval = sql`${audit.action} = 'user.remove'`;

/** The name of a removed account, from the audit entry of its removal. */
function removals(ctx: Pick<Ctx, 'db'>, fits: SQL | undefined) {
  return ctx.db
    .select({ id: audit.subject, name: told('username') })
    .from(audit)
    .where(and(isRemoval, eq(audit.outcome, 'ok'), fits))
    .orderBy(desc(audit.at), desc(audit.id));
}

/**
 * The id of the account with this id or name, also of a removed one; a text that matches no account is returned
 * unchanged.
 */
export async function userIdOfName(ctx: Ctx, idOrName: string): Promise<string> {
  const user = await findUser(ctx.db, idOrName);
  if (user) return user.id;
  const [gone] = await removals(ctx, eq(sql`lower(${told('username')})`, idOrName.toLowerCase())).limit(1);
  return gone?.id ?? idOrName;
}

/** As the condition of the index on these entries says it. */
const isRevocation = sql`${audit.action} = 'key.revoke'`;

/** Ids of keys that are gone and whose names fit the pattern, as a subquery. */
export function revokedLike(ctx: Pick<Ctx, 'db'>, pattern: string) {
  return ctx.db
    .select({ id: audit.subject })
    .from(audit)
    .where(and(isRevocation, ilike(told('name'), pattern)));
}

/** The owner of a key or grant, also of a removed one; null for an unknown id. */
export async function ownerOfKey(ctx: Ctx, id: string): Promise<string | null> {
  const [key] = await ctx.db.select({ owner: apiKeys.userId }).from(apiKeys).where(eq(apiKeys.id, id));
  if (key) return key.owner;
  const [grant] = await ctx.db.select({ owner: oauthGrants.userId }).from(oauthGrants).where(eq(oauthGrants.id, id));
  if (grant) return grant.owner;
  const [made] = await ctx.db
    .select({ owner: audit.userId })
    .from(audit)
    .where(and(eq(audit.subject, id), inArray(audit.action, ['key.create', 'grant.create'])))
    .limit(1);
  return made?.owner ?? null;
}

/** Ids of accounts that are gone and whose names fit the pattern, as a subquery. */
export function removedLike(ctx: Pick<Ctx, 'db'>, pattern: string) {
  return ctx.db
    .select({ id: audit.subject })
    .from(audit)
    .where(and(isRemoval, ilike(told('username'), pattern)));
}

export function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))];
}

/** Newest first, so that the first of an id counts. */
function firstNames(rows: readonly { id: string | null; name: string | null }[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { id, name } of rows) if (id !== null && name !== null && !names.has(id)) names.set(id, name);
  return names;
}

/** Names of accounts, of those that are gone too; an id that nobody had has none. */
export async function userNames(ctx: Ctx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const here = await ctx.db.select({ id: users.id, name: users.username }).from(users).where(inArray(users.id, ids));
  const names = firstNames(here);
  const gone = ids.filter((id) => !names.has(id));
  if (gone.length === 0) return names;
  return new Map([...firstNames(await removals(ctx, inArray(audit.subject, gone))), ...names]);
}

/** Names of keys and of the clients of grants, of those that are gone too. */
export async function keyNames(ctx: Ctx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const names = firstNames([
    ...(await ctx.db.select({ id: apiKeys.id, name: apiKeys.name }).from(apiKeys).where(inArray(apiKeys.id, ids))),
    ...(await ctx.db
      .select({ id: oauthGrants.id, name: oauthGrants.clientName })
      .from(oauthGrants)
      .where(inArray(oauthGrants.id, ids))),
  ]);
  const gone = ids.filter((id) => !names.has(id));
  if (gone.length === 0) return names;
  const rows = await ctx.db
    .select({ id: audit.subject, name: told('name') })
    .from(audit)
    .where(
      and(
        inArray(audit.action, ['key.create', 'key.revoke', 'grant.create', 'grant.revoke']),
        inArray(audit.subject, gone),
      ),
    )
    .orderBy(desc(audit.at), desc(audit.id));
  return new Map([...firstNames(rows), ...names]);
}

/** The type of a target whose id was generated. */
function kindOfTarget({ kind, action }: AuditEntry): 'user' | 'key' | null {
  if (kind !== 'change') return null;
  if (/^(?:user|session|account)\./.test(action)) return 'user';
  return /^(?:key|grant)\./.test(action) ? 'key' : null;
}

function targetsOf(entries: readonly AuditEntry[], kind: 'user' | 'key') {
  return entries.filter((entry) => kindOfTarget(entry) === kind).map(({ target }) => target);
}

/** Audit entries that hold the name of their target, as it was then. */
const toldNames: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^stack\./, ['project']],
  [/^(?:container|network)\./, ['name']],
  [/^image\.tag$/, ['as']],
  [/^image\.remove$/, ['tags']],
];

function toldName({ kind, action, target, details }: AuditEntry): string | null {
  const [, fields = []] = toldNames.find(([family]) => kind === 'change' && family.test(action)) ?? [];
  if (target === null || typeof details !== 'object' || details === null) return null;
  const values = fields.map((field): unknown => Reflect.get(details, field));
  const name = values.flat().find((value) => typeof value === 'string');
  return typeof name === 'string' && name !== target ? name : null;
}

/** The entries with the names of keys and people, of those that are gone too. */
export async function withNames(ctx: Ctx, entries: readonly AuditEntry[]): Promise<AuditEntry[]> {
  const nameless = entries.filter(({ userName }) => userName === null).map(({ userId }) => userId);
  const [people, keys] = await Promise.all([
    userNames(ctx, distinct([...nameless, ...targetsOf(entries, 'user')])),
    keyNames(ctx, distinct([...entries.map(({ keyId }) => keyId), ...targetsOf(entries, 'key')])),
  ]);
  function nameIn(names: ReadonlyMap<string, string>, id: string | null) {
    return id === null ? null : (names.get(id) ?? null);
  }
  return entries.map((entry) => {
    const kind = kindOfTarget(entry);
    return {
      ...entry,
      userName: entry.userName ?? nameIn(people, entry.userId),
      keyName: nameIn(keys, entry.keyId),
      targetName: kind === null ? toldName(entry) : nameIn(kind === 'user' ? people : keys, entry.target),
    };
  });
}
