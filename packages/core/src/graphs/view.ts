import { inArray } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { serverResource } from '../servers/queries.ts';
import { configOf, graphResource } from './queries.ts';
import type { GraphRow } from './rows.ts';
import type { GraphItem } from './schema.ts';

const { servers } = tables;

/** The servers that graphs are, as far as the actor sees them. */
async function serversBy(ctx: Ctx, rows: readonly GraphRow[]): Promise<Map<string | null, string>> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const { id, createdBy, visibility, graph } = servers;
  const shown = await ctx.db.select({ id, createdBy, visibility, graph }).from(servers).where(inArray(graph, ids));
  const seen = shown.filter((server) => may(ctx, 'server.read', serverResource(server)));
  return new Map(seen.map((server) => [server.graph, server.id]));
}

/** Graphs as this actor may see them in a list. */
export async function toItems(ctx: Ctx, rows: readonly GraphRow[]): Promise<GraphItem[]> {
  const serverOf = await serversBy(ctx, rows);
  return rows.map((row) => itemOf(ctx, row, serverOf.get(row.id) ?? null));
}

export async function toItem(ctx: Ctx, row: GraphRow): Promise<GraphItem> {
  return itemOf(ctx, row, (await serversBy(ctx, [row])).get(row.id) ?? null);
}

function itemOf(ctx: Ctx, row: GraphRow, serverId: string | null): GraphItem {
  const resource = graphResource(row);
  const configure = may(ctx, 'graph.configure', resource);
  const { description, nodes } = configOf(row);
  const { id, name, visibility, createdAt, updatedAt } = row;
  return {
    id,
    name,
    description,
    nodes: nodes.length,
    visibility,
    groups: configure ? row.groups : [],
    serverId,
    ownerName: configure ? ownerName(ctx, row.createdBy) : null,
    createdAt,
    updatedAt,
    can: { use: may(ctx, 'graph.use', resource), configure },
  };
}
