import { asc, eq, getTableColumns, inArray, or, sql } from 'drizzle-orm';
import { graphConfig, type Graph } from '@switchboard/agents/graphs';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { may, requireRight } from '../access/require.ts';
import type { GraphResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { GraphSight } from '../events.ts';
import { nameKeyOf } from '../models/queries.ts';
import { say } from '../reasons.ts';
import type { GraphRow } from './rows.ts';

const { graphs, groupGraphs } = tables;

const columns = {
  ...getTableColumns(graphs),
  groups: sql<string[]>`coalesce((select array_agg(${groupGraphs.groupId} order by ${groupGraphs.groupId})
    from ${groupGraphs} where ${groupGraphs.graphId} = ${graphs.id}), '{}')`,
};

export function sightOf({ createdBy, visibility, groups }: GraphRow): GraphSight {
  return { owner: createdBy, visibility, groups };
}

export function graphResource(row: GraphRow): GraphResource {
  return { type: 'graph', ...sightOf(row) };
}

export function absentGraph(name: string): DomainError {
  return new DomainError('not_found', say('noGraph', { name }), { value: name });
}

/** A stored graph as it is written. */
export function configOf({ config, name }: Pick<GraphRow, 'config' | 'name'>): Graph {
  return { ...graphConfig.parse(config), name };
}

/** Finds a graph by id, else by name, without a check of rights. */
export async function findGraph(db: Db, idOrName: string): Promise<GraphRow | null> {
  // No text of the database has one.
  if (idOrName.includes('\0')) return null;
  const rows = await db
    .select(columns)
    .from(graphs)
    .where(or(eq(graphs.id, idOrName), eq(graphs.name, idOrName)));
  return rows.find(({ id }) => id === idOrName) ?? rows[0] ?? null;
}

export async function findByKey(db: Db, name: string): Promise<GraphRow | null> {
  const [row] = await db
    .select(columns)
    .from(graphs)
    .where(eq(graphs.nameKey, nameKeyOf(name)));
  return row ?? null;
}

/** Graphs of these names that the actor may run. */
export async function usableGraphs(ctx: Ctx, names: readonly string[]): Promise<GraphRow[]> {
  if (names.length === 0) return [];
  const rows = await ctx.db
    .select(columns)
    .from(graphs)
    .where(inArray(graphs.name, [...names]));
  return rows.filter((row) => may(ctx, 'graph.use', graphResource(row)));
}

/** The graph, where the actor may do this with it; absent where it sees none of that id or name. */
export async function requireGraph(ctx: Ctx, idOrName: string, action: Action = 'graph.read'): Promise<GraphRow> {
  const row = await findGraph(ctx.db, idOrName);
  if (!row) throw absentGraph(idOrName);
  requireRight(ctx, action, graphResource(row), () => absentGraph(idOrName));
  return row;
}

/** Graphs that the actor sees, by name. */
export async function seenGraphs(ctx: Ctx): Promise<GraphRow[]> {
  const rows = await ctx.db.select(columns).from(graphs).orderBy(asc(graphs.nameKey));
  return rows.filter((row) => may(ctx, 'graph.read', graphResource(row)));
}

/** Every graph, without a check of rights. */
export function loadGraphs(db: Db): Promise<GraphRow[]> {
  return db.select(columns).from(graphs).orderBy(asc(graphs.nameKey));
}

/** Takes the row until the transaction ends, so that two changes of one graph follow each other. */
export async function lockGraph(ctx: Ctx, id: string): Promise<GraphRow> {
  await ctx.db.select({ id: graphs.id }).from(graphs).where(eq(graphs.id, id)).for('update');
  const row = await findGraph(ctx.db, id);
  if (!row) throw absentGraph(id);
  return row;
}
