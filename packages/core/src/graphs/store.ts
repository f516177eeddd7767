import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { VerbCtx } from '../verb.ts';
import { recordVersion } from '../versions/versions.ts';
import { sightOf } from './queries.ts';
import type { GraphRow } from './rows.ts';

const { graphs } = tables;

export function versionedGraph({ id }: Pick<GraphRow, 'id'>) {
  return { kind: 'graph', id } as const;
}

export function versionOf({ config }: Pick<GraphRow, 'config'>) {
  return { snapshot: config, fingerprints: {} };
}

/** Stores a change, with what it was before. */
export async function store(
  ctx: VerbCtx,
  before: GraphRow,
  change: Partial<Pick<GraphRow, 'config' | 'name' | 'nameKey' | 'visibility'>>,
  restored?: number,
): Promise<GraphRow> {
  const next: GraphRow = { ...before, ...change, updatedAt: new Date(ctx.clock.now()) };
  const { groups: _groups, ...values } = next;
  await ctx.db.update(graphs).set(values).where(eq(graphs.id, before.id));
  const was = { ...versionOf(before), at: before.updatedAt };
  const more = { before: was, ...(restored !== undefined && { restored }) };
  await recordVersion(ctx, versionedGraph(next), versionOf(next), more);
  ctx.emit({ type: 'graph.changed', id: before.id, sights: [sightOf(before), sightOf(next)] });
  return next;
}
