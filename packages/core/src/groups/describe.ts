import { asc, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { itemTypes } from '@switchboard/db/words';
import type { Ctx } from '../context.ts';
import { saidOnly } from '../versions/said.ts';
import { recordVersion } from '../versions/versions.ts';

const { groupItems, groups, groupServers } = tables;

type GroupRow = typeof groups.$inferSelect;
type AssignmentRow = typeof groupServers.$inferSelect;
type ItemRow = typeof groupItems.$inferSelect;

/** A group with its servers, and what it changes about their items. */
export interface GroupState {
  row: GroupRow;
  servers: AssignmentRow[];
  items: ItemRow[];
}

export function versionedGroup({ id }: Pick<GroupRow, 'id'>) {
  return { kind: 'group', id } as const;
}

/** A group as it is stored; null where there is none of this id. */
export async function groupState({ db }: Pick<Ctx, 'db'>, id: string): Promise<GroupState | null> {
  const [row] = await db.select().from(groups).where(eq(groups.id, id));
  if (!row) return null;
  const [servers, items] = [
    await db.select().from(groupServers).where(eq(groupServers.groupId, id)).orderBy(asc(groupServers.serverId)),
    await db
      .select()
      .from(groupItems)
      .where(eq(groupItems.groupId, id))
      .orderBy(asc(groupItems.type), asc(groupItems.name)),
  ];
  return { row, servers, items };
}

/** The groups that a server is in, as they are. */
export async function groupsWith({ db }: Pick<Ctx, 'db'>, serverId: string): Promise<GroupState[]> {
  const rows = await db
    .select({ id: groupServers.groupId })
    .from(groupServers)
    .where(eq(groupServers.serverId, serverId))
    .orderBy(asc(groupServers.groupId));
  const states: GroupState[] = [];
  for (const { id } of rows) {
    const state = await groupState({ db }, id);
    if (state) states.push(state);
  }
  return states;
}

function describeItems(items: readonly ItemRow[]) {
  const told = itemTypes.map((type) => {
    const ofType = items.filter((item) => item.type === type);
    const named = ofType.map(({ name, enabled, rename, description }) => [
      name,
      { enabled, ...saidOnly({ rename, description }) },
    ]);
    return [type, Object.fromEntries(named)] as const;
  });
  return saidOnly(Object.fromEntries(told));
}

/** A server of a group as versions store it: its permissions, and its changed items. */
function describeServer({ permissions, alias, chosen }: AssignmentRow, items: readonly ItemRow[]) {
  return { permissions, ...saidOnly({ alias, chosen, items: describeItems(items) }) };
}

/** A group as a version stores it, without its members. */
export function describeGroup({ row, servers, items }: GroupState): Record<string, unknown> {
  const { name, displayName, description, parentId, permissions, autoAssign, maxMembers, requireApproval } = row;
  const told = servers.map((server) => [
    server.serverId,
    describeServer(
      server,
      items.filter(({ serverId }) => serverId === server.serverId),
    ),
  ]);
  return {
    ...saidOnly({ name, displayName, description, parent: parentId }),
    permissions: { servers: permissions.servers, tools: permissions.tools },
    autoAssign,
    ...saidOnly({ maxMembers }),
    requireApproval,
    ...saidOnly({ servers: Object.fromEntries(told) }),
  };
}

/** Keeps what a group is after a change, in the change's transaction; `was` is what it was before. */
export async function keepGroup(
  ctx: Ctx,
  id: string,
  { was = null, restored }: { was?: GroupState | null; restored?: number } = {},
): Promise<void> {
  const now = await groupState(ctx, id);
  if (!now) return;
  function versionOf(state: GroupState) {
    return { snapshot: describeGroup(state), fingerprints: {} };
  }
  await recordVersion(ctx, versionedGroup(now.row), versionOf(now), {
    ...(was && { before: { ...versionOf(was), at: was.row.updatedAt } }),
    ...(restored !== undefined && { restored }),
  });
}
