import { asc, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { serverResource } from './queries.ts';
import type { ServerRow } from './rows.ts';

/** The form of a name that is compared: trimmed, Unicode NFC, without case. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase().normalize('NFC');
}

export type NamedServer = Pick<ServerRow, 'id' | 'name' | 'createdBy' | 'visibility'>;

/** Every server as far as names need it, in the order of registration. */
export function loadNames(db: Db): Promise<NamedServer[]> {
  const { id, name, createdBy, visibility, seq } = tables.servers;
  return db.select({ id, name, createdBy, visibility }).from(tables.servers).orderBy(asc(seq));
}

/** Of these servers, those of a name that one owner has or the actor may see. */
export function calledSo(ctx: Ctx, rows: readonly NamedServer[], name: string, owner: string | null): NamedServer[] {
  const key = nameKey(name);
  return rows.filter(
    (row) => nameKey(row.name) === key && (row.createdBy === owner || may(ctx, 'server.read', serverResource(row))),
  );
}

/**
 * Names are unique among those who see them, which no index can check: a writer of a name waits for the others, until
 * its transaction ends.
 */
export async function lockNames(ctx: Ctx): Promise<void> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('switchboard:server-names'))`);
}

/**
 * Throws `conflict` where the owner has another server of that name already, or the actor sees one;
 * `owned` asks about the owner's alone, for who gives a server away.
 */
export async function requireNameFree(
  ctx: Ctx,
  { id, name, createdBy }: Pick<NamedServer, 'id' | 'name' | 'createdBy'>,
  among: 'seen' | 'owned' = 'seen',
): Promise<void> {
  const other = calledSo(ctx, await loadNames(ctx.db), name, createdBy).find(
    (row) => row.id !== id && (among === 'seen' || row.createdBy === createdBy),
  );
  if (!other) return;
  const why = say('serverNameTaken', { name: other.name });
  throw new DomainError('conflict', say('sentence', { reason: why }), {
    ...atField('name', why),
    value: name,
    conflictingResourceId: other.id,
  });
}
