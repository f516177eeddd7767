import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, lte, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { snapshots, type Versioned, type VersionedKind } from './kinds.ts';
import type { VersionSummary } from './schema.ts';

/** Of one entity the newest are kept, up to this many and this much JSON; the newest itself whatever its size. */
export const mostVersions = 100;
const mostBytes = 8 * 1024 ** 2;

interface Entity<Kind extends VersionedKind> {
  kind: Kind;
  id: string;
}
type Writing = Pick<Ctx, 'db' | 'actor' | 'clock'>;

const { versions } = tables;

function isOf({ kind, id }: Entity<VersionedKind>) {
  return and(eq(versions.kind, kind), eq(versions.entityId, id));
}

function nameOf({ actor }: Writing): string | null {
  if ('username' in actor) return actor.username;
  return actor.type === 'system' ? actor.job : null;
}

function rowOf<Kind extends VersionedKind>({ kind, id }: Entity<Kind>, number: number, state: Versioned<Kind>) {
  const snapshot: Record<string, unknown> = Object.fromEntries(Object.entries(state.snapshot));
  const kept = { snapshot, fingerprints: { ...state.fingerprints } };
  return { kind, entityId: id, number, ...kept, bytes: Buffer.byteLength(JSON.stringify(kept)) };
}

/** Forgets the oldest of an entity beyond what is kept. */
async function prune({ db }: Writing, entity: Entity<VersionedKind>): Promise<void> {
  const rows = await db
    .select({ number: versions.number, bytes: versions.bytes })
    .from(versions)
    .where(isOf(entity))
    .orderBy(desc(versions.number));
  let sum = 0;
  const surplus = rows.find(({ bytes }, at) => {
    sum += bytes;
    return at > 0 && (at >= mostVersions || sum > mostBytes);
  });
  if (surplus) await db.delete(versions).where(and(isOf(entity), lte(versions.number, surplus.number)));
}

/**
 * Keeps what an entity is after a change, in the transaction that `ctx.db` is; a change that leaves it as the newest
 * version is makes none. `before` is what it was: the first change of what is older than its versions keeps that too.
 */
export async function recordVersion<Kind extends VersionedKind>(
  ctx: Writing,
  entity: Entity<Kind>,
  now: Versioned<Kind>,
  more: { before?: Versioned<Kind> & { at: Date }; restored?: number } = {},
): Promise<void> {
  const { db } = ctx;
  // Two changes at once get two numbers.
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`version ${entity.kind} ${entity.id}`}, 0))`);
  const [newest] = await db.select().from(versions).where(isOf(entity)).orderBy(desc(versions.number)).limit(1);
  const { before, restored = null } = more;
  const last = newest ?? (before && rowOf(entity, 1, before));
  if (!newest && last && before) await db.insert(versions).values({ ...last, at: before.at });
  const next = rowOf(entity, (last?.number ?? 0) + 1, now);
  const isSame =
    last && isDeepStrictEqual(last.snapshot, next.snapshot) && isDeepStrictEqual(last.fingerprints, next.fingerprints);
  if (isSame) return;
  const by = { at: new Date(ctx.clock.now()), byId: userIdOf(ctx.actor), byName: nameOf(ctx) };
  await db.insert(versions).values({ ...next, ...by, restored });
  await prune(ctx, entity);
}

/** Newest first. */
export async function listVersions({ db }: Pick<Ctx, 'db'>, entity: Entity<VersionedKind>): Promise<VersionSummary[]> {
  return await db
    .select({ number: versions.number, at: versions.at, by: versions.byName, restored: versions.restored })
    .from(versions)
    .where(isOf(entity))
    .orderBy(desc(versions.number));
}

/** One version; throws `not_found` where it is not kept. */
export async function requireVersion<Kind extends VersionedKind>(
  { db }: Pick<Ctx, 'db'>,
  entity: Entity<Kind>,
  number: number,
): Promise<Versioned<Kind>> {
  const [row] = await db
    .select()
    .from(versions)
    .where(and(isOf(entity), eq(versions.number, number)));
  if (!row) {
    const why = say('noVersionKept', { number, kind: entity.kind, most: mostVersions });
    throw new DomainError('not_found', why, { value: String(number) });
  }
  return { snapshot: snapshots[entity.kind].parse(row.snapshot), fingerprints: row.fingerprints };
}

/** Names whose secret value is another one in the second. */
export function changedSecrets(from: Versioned<VersionedKind>, to: Versioned<VersionedKind>): string[] {
  return Object.entries(to.fingerprints).flatMap(([name, mark]) => {
    const before = Object.hasOwn(from.fingerprints, name) ? from.fingerprints[name] : undefined;
    return before === undefined || before === mark ? [] : [name];
  });
}

/** Refuses to restore what refers to something that is gone, and names all of it; `gone` says what each is. */
export function requireReferences(number: number, gone: readonly { field: string; why: Reason }[]): void {
  const [first, ...others] = gone;
  if (!first) return;
  const more = others.reduceRight<Reason | ''>((rest, { why }) => say('alsoGone', { reason: why, more: rest }), '');
  throw new DomainError('precondition', say('cannotRestore', { number, reason: first.why, more }), {
    field: first.field,
    errors: gone.map(({ field, why }) => ({ field, message: why.text, why })),
  });
}

/** Forgets all versions of an entity that is removed, in the same transaction. */
export async function removeVersions({ db }: Pick<Ctx, 'db'>, entity: Entity<VersionedKind>): Promise<void> {
  await db.delete(versions).where(isOf(entity));
}
