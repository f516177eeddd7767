import { and, asc, eq, or } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { may } from '../access/require.ts';
import type { ServerResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError } from '../errors.ts';
import { forgetInKeys } from '../keys/bounds-of-gone.ts';
import { say } from '../reasons.ts';
import { isSecret } from '../secrecy.ts';
import { openJson, sealJson, type Secrets } from '../secrets.ts';
import type { VerbCtx } from '../verb.ts';
import type { Expandable } from './expand.ts';
import type { ServerRow } from './rows.ts';
import { secretMask, type ItemType, type KeptContainer, type SignInSettings } from './schema.ts';

/** Columns that hold a sealed map. */
export const secretColumns = ['env', 'headers', 'secrets'] as const;
export type SecretColumn = (typeof secretColumns)[number];

export function serverResource({
  id,
  createdBy,
  visibility,
}: Pick<ServerRow, 'id' | 'createdBy' | 'visibility'>): ServerResource {
  return {
    type: 'server',
    id,
    createdBy,
    visibility,
  };
}

export function absentServer(id: string): DomainError {
  return new DomainError('not_found', say('noServer', { id }), { value: id });
}

/** Every server in the order of registration. */
export function loadServers(db: Db): Promise<ServerRow[]> {
  return db.select().from(tables.servers).orderBy(asc(tables.servers.seq));
}

/** By id, else by name; null where the actor may do none of the actions. A name that several have is a `conflict`. */
export async function findServer(
  ctx: Ctx,
  idOrName: string,
  actions: readonly Action[] = ['server.read'],
): Promise<ServerRow | null> {
  const rows = await ctx.db
    .select()
    .from(tables.servers)
    .where(or(eq(tables.servers.id, idOrName), eq(tables.servers.name, idOrName)))
    .orderBy(asc(tables.servers.seq));
  const seen = rows.filter((row) => actions.some((action) => may(ctx, action, serverResource(row))));
  const exact = seen.find((row) => row.id === idOrName);
  if (!exact && seen.length > 1) throw ambiguousName(idOrName, seen);
  return exact ?? seen[0] ?? null;
}

const mostNamed = 10;

/** Of many servers the first few are named. */
function ambiguousName(name: string, rows: readonly ServerRow[]): DomainError {
  const ids = rows.slice(0, mostNamed).map(({ id }) => id);
  const named = rows.length > mostNamed ? [...ids, '…'] : ids;
  const reason = say('severalServers', { number: rows.length, name, ids: named.join(', ') });
  return new DomainError('conflict', say('severalGive', { reason }), { field: 'id', value: name, ids });
}

/** By its id alone; null where the actor sees none. */
export async function findSeen(ctx: Ctx, id: string): Promise<ServerRow | null> {
  const [row] = await ctx.db.select().from(tables.servers).where(eq(tables.servers.id, id));
  return row && may(ctx, 'server.read', serverResource(row)) ? row : null;
}

/** For who means to use it: a key may use what it may not look at. */
export async function requireUsable(ctx: Ctx, idOrName: string): Promise<ServerRow> {
  const row = await findServer(ctx, idOrName, ['server.read', 'server.use']);
  if (!row) throw absentServer(idOrName);
  return row;
}

/** The server, or `not_found` where the actor sees none of that id or name. */
export async function requireServer(ctx: Ctx, idOrName: string): Promise<ServerRow> {
  const row = await findServer(ctx, idOrName);
  if (!row) throw absentServer(idOrName);
  return row;
}

/** Takes the row until the transaction ends, so that two changes of one server follow each other. */
export async function lockServer(ctx: Ctx, id: string): Promise<ServerRow> {
  const [row] = await ctx.db.select().from(tables.servers).where(eq(tables.servers.id, id)).for('update');
  if (!row) throw absentServer(id);
  return row;
}

/** Takes a name in the one namespace of servers, groups, apps and graphs. */
export async function claimSlug(db: Db, kind: 'server' | 'group', id: string): Promise<void> {
  const taken = await findClaim(db, id);
  const [row] = taken
    ? []
    : await db.insert(tables.slugs).values({ slug: id.toLowerCase(), kind, ref: id }).onConflictDoNothing().returning();
  if (!row) throw slugTaken(id, taken?.ref ?? id);
}

export async function findClaim(db: Db, id: string): Promise<{ kind: string; ref: string } | null> {
  const [row] = await db.select().from(tables.slugs).where(eq(tables.slugs.slug, id.toLowerCase()));
  return row ?? null;
}

export function slugTaken(id: string, holder: string): DomainError {
  const why = say('takenName', { id });
  return new DomainError('conflict', say('sentence', { reason: why }), {
    ...atField('name', why),
    value: id,
    conflictingResourceId: holder,
  });
}

/** Frees a name that its holder leaves for good, with what keys had been given for it. */
export async function releaseSlug(
  ctx: Pick<VerbCtx, 'db' | 'emit'>,
  kind: 'server' | 'group',
  id: string,
): Promise<void> {
  const { db } = ctx;
  await db.delete(tables.slugs).where(and(eq(tables.slugs.slug, id.toLowerCase()), eq(tables.slugs.kind, kind)));
  await forgetInKeys(ctx, id);
}

type Values = Readonly<Record<string, string>>;
type SealedRow = Pick<ServerRow, 'id' | SecretColumn>;

/** Variables with the names of those that may be shown where neither name nor value is secret. */
export interface KeptEnv {
  values: Record<string, string>;
  shown: ReadonlySet<string>;
}

function seal(secrets: Secrets, row: string, column: SecretColumn, what: unknown): string {
  return sealJson(secrets, { table: 'servers', row, column }, what);
}

/** Headers and secrets are stored as one sealed JSON object each, names included. */
export function sealMap(secrets: Secrets, id: string, column: 'headers' | 'secrets', map: Values): string | null {
  return Object.keys(map).length === 0 ? null : seal(secrets, id, column, map);
}

/** Variables are stored with the names that may be shown. A bare map was stored when no name was given. */
export function sealEnv(secrets: Secrets, id: string, { values, shown }: KeptEnv): string | null {
  return Object.keys(values).length === 0 ? null : seal(secrets, id, 'env', { values, shown: [...shown] });
}

/** The variables of a server; those given as they are may be shown from then on, and those kept as before. */
export function keptEnv(given: Values, values: Record<string, string>, before: ReadonlySet<string>): KeptEnv {
  return {
    values,
    shown: new Set(Object.keys(values).filter((name) => given[name] !== secretMask || before.has(name))),
  };
}

export function openEnv(secrets: Secrets, row: SealedRow): KeptEnv {
  if (row.env === null) return { values: {}, shown: new Set() };
  const opened = openJson(secrets, { table: 'servers', row: row.id, column: 'env' }, row.env);
  const { values, shown } = opened as { values: unknown; shown: string[] };
  return typeof values === 'object'
    ? { values: values as Record<string, string>, shown: new Set(shown) }
    : { values: opened as Record<string, string>, shown: new Set() };
}

export function openMap(secrets: Secrets, row: SealedRow, column: SecretColumn): Record<string, string> {
  if (column === 'env') return openEnv(secrets, row).values;
  const sealed = row[column];
  if (sealed === null) return {};
  return openJson(secrets, { table: 'servers', row: row.id, column }, sealed) as Record<string, string>;
}

/** Names of variables whose values are shown to callers who may see the configuration. */
export function shownEnv({ values, shown }: KeptEnv): Set<string> {
  return new Set(
    Object.entries(values).flatMap(([name, value]) => (shown.has(name) && !isSecret(name, value) ? name : [])),
  );
}

/** Everything a server is launched with, its sealed maps opened. */
export function openLaunch(secrets: Secrets, row: Omit<ServerRow, 'seq'>): Expandable {
  return {
    command: row.command,
    args: row.args,
    env: openMap(secrets, row, 'env'),
    cwd: row.cwd,
    url: row.url,
    headers: openMap(secrets, row, 'headers'),
    secrets: openMap(secrets, row, 'secrets'),
  };
}

/** How a server is kept in its container; null where it is in none. */
export function containerOf(row: Pick<ServerRow, 'container'>): KeptContainer | null {
  return row.container as KeptContainer | null;
}

/** How people sign in to a remote server; null = as usual. */
export function signInOf(row: Pick<ServerRow, 'signIn'>): SignInSettings | null {
  return row.signIn as SignInSettings | null;
}

export function absentItem(serverId: string, type: ItemType, name: string): DomainError {
  return new DomainError('not_found', say('noItem', { type, server: serverId, name }), { value: name });
}
