import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { configOf, graphResource } from './queries.ts';
import type { GraphRow } from './rows.ts';
import type { GraphItem } from './schema.ts';

/** One graph as this actor may see it in a list. */
export function toItem(ctx: Ctx, row: GraphRow): GraphItem {
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
    ownerName: configure ? ownerName(ctx, row.createdBy) : null,
    createdAt,
    updatedAt,
    can: { use: may(ctx, 'graph.use', resource), configure },
  };
}
