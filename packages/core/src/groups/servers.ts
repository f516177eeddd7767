import { and, asc, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { serverRights } from '../access/rules.ts';
import type { Ctx } from '../context.ts';
import { atField, DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { absentServer, requireServer, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import type { ItemType } from '../servers/schema.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { groupState, keepGroup } from './describe.ts';
import { exposureFor } from './exposed.ts';
import { lockGroup, requireGroup, type GroupServerRow } from './queries.ts';
import {
  AddServerToGroup,
  GroupById,
  GroupServerRef,
  UpdateGroupServer,
  type GroupServer,
  type ServerPermission,
} from './schema.ts';

const { groupServers, groups, servers } = tables;

/** Servers of a group that the actor sees, in the order they were added. */
export const listGroupServers = verb(
  { name: 'group.read', access: 'read', input: GroupById },
  async (ctx, input): Promise<GroupServer[]> => {
    const group = await requireGroup(ctx, 'group.read', input.id);
    const rows = await ctx.db
      .select({ assignment: groupServers, server: servers })
      .from(groupServers)
      .innerJoin(servers, eq(servers.id, groupServers.serverId))
      .where(eq(groupServers.groupId, group.id))
      .orderBy(asc(groupServers.createdAt), asc(groupServers.serverId));
    return rows
      .filter(({ server }) => seesInGroup(ctx, group.id, server))
      .map(({ assignment, server }) => toGroupServer(ctx, assignment, server, group.permissions.servers));
  },
);

/** Managers of the group see every server in it that is not private. */
export function seesInGroup(ctx: Ctx, groupId: string, server: ServerRow): boolean {
  return (
    may(ctx, 'server.read', serverResource(server)) ||
    (server.visibility !== 'private' && may(ctx, 'group.update-server', { type: 'group', id: groupId }))
  );
}

function toGroupServer(
  ctx: Ctx,
  assignment: GroupServerRow,
  server: Pick<ServerRow, 'name'>,
  groupPermissions: readonly string[],
): GroupServer {
  const { groupId, serverId, alias } = assignment;
  const permissions = assignment.permissions as ServerPermission[];
  const exposed = exposureFor(ctx, groupId)?.tools ?? [];
  return {
    groupId,
    serverId,
    name: server.name,
    permissions,
    effective: permissions.filter((permission) => groupPermissions.includes(permission)),
    alias,
    chosen: assignment.chosen as ItemType[],
    toolCount: exposed.filter((tool) => tool.serverId === serverId).length,
  };
}

/** The permissions at a server that a person may pass on: no more than its own. */
function handsOn(ctx: Ctx, server: ServerRow): ServerPermission[] {
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  if (subject.type === 'everything') return ['read', 'write', 'execute'];
  if (subject.type !== 'person') return [];
  const rights = serverRights(subject, serverResource(server));
  const held: [ServerPermission, boolean][] = [
    ['read', rights.read],
    ['write', rights.write],
    ['execute', rights.full || (rights.use !== null && Object.keys(rights.use).length === 0)],
  ];
  return held.filter(([, has]) => has).map(([permission]) => permission);
}

/** Refuses to give what the actor does not have at a server itself. */
export function assertHandsOn(ctx: Ctx, server: ServerRow, wanted: readonly ServerPermission[]): void {
  requireRight(ctx, 'server.share', serverResource(server), () => absentServer(server.id));
  const held = handsOn(ctx, server);
  const lacking = wanted.filter((permission) => !held.includes(permission));
  if (lacking.length === 0) return;
  throw new DomainError('forbidden', say('cannotGive', { id: server.id, permissions: lacking.join(', ') }));
}

/** Every server of an endpoint needs a name of its own there. */
export async function assertAliasFree(
  tx: VerbCtx,
  groupId: string,
  serverId: string,
  alias: string | null,
): Promise<void> {
  const others = (await tx.db.select().from(groupServers).where(eq(groupServers.groupId, groupId))).filter(
    (row) => row.serverId !== serverId,
  );
  const shown = (alias ?? serverId).toLowerCase();
  const taken = others.find((row) => (row.alias ?? row.serverId).toLowerCase() === shown);
  if (!taken) return;
  const [holder] = await tx.db.select().from(servers).where(eq(servers.id, taken.serverId));
  const isSeen = holder !== undefined && seesInGroup(tx, groupId, holder);
  const other = isSeen ? say('theServer', { id: taken.serverId }) : say('anotherServer');
  const why = say('aliasTaken', { name: alias ?? serverId, other });
  throw new DomainError('conflict', say('sentence', { reason: why }), {
    ...atField('alias', why),
    value: alias ?? serverId,
    ...(isSeen && { conflictingResourceId: taken.serverId }),
  });
}

function here({ groupId, serverId }: { groupId: string; serverId: string }) {
  return and(eq(groupServers.groupId, groupId), eq(groupServers.serverId, serverId));
}

/** Puts a server into a group: for its owner, admins, and who may manage it through a group. */
export const addServerToGroup = verb(
  { name: 'group.add-server', access: 'write', input: AddServerToGroup, tx: false },
  async (ctx, input): Promise<GroupServer> => {
    const { id: groupId } = await requireGroup(ctx, 'group.add-server', input.groupId);
    const server = await requireServer(ctx, input.serverId);
    assertHandsOn(ctx, server, input.permissions);
    if (server.visibility === 'private') {
      throw new DomainError('precondition', say('privateServer', { id: server.id }));
    }
    const { assignment, permissions } = await inTransaction(ctx, async (tx) => {
      const group = await lockGroup(tx, groupId);
      const was = await groupState(tx, groupId);
      const alias = input.alias ?? null;
      await assertAliasFree(tx, groupId, server.id, alias);
      const [row] = await tx.db
        .insert(groupServers)
        .values({
          groupId,
          serverId: server.id,
          permissions: input.permissions,
          alias,
          createdAt: new Date(tx.clock.now()),
        })
        .onConflictDoNothing()
        .returning();
      if (!row) {
        throw new DomainError('conflict', say('serverInGroup', { id: server.id, group: groupId }), {
          field: 'serverId',
          value: server.id,
        });
      }
      await keepGroup(tx, groupId, { was });
      tx.audit({ id: groupId, details: { server: server.id, permissions: row.permissions, alias } });
      tx.emit({ type: 'group.changed', id: groupId });
      return { assignment: row, permissions: group.permissions };
    });
    return toGroupServer(ctx, assignment, server, permissions.servers);
  },
);

/** The assignment of a server to a group that the actor may change. */
export async function requireAssignment(
  ctx: Ctx,
  action: 'group.update-server' | 'group.remove-server' | 'group.read',
  ref: { groupId: string; serverId: string },
): Promise<{ assignment: GroupServerRow; server: ServerRow; permissions: readonly string[] }> {
  const group = await requireGroup(ctx, action, ref.groupId);
  const [row] = await ctx.db
    .select({ assignment: groupServers, server: servers, permissions: groups.permissions })
    .from(groupServers)
    .innerJoin(servers, eq(servers.id, groupServers.serverId))
    .innerJoin(groups, eq(groups.id, groupServers.groupId))
    .where(here({ groupId: group.id, serverId: ref.serverId }));
  if (row && seesInGroup(ctx, group.id, row.server)) {
    return { ...row, permissions: row.permissions.servers };
  }
  throw new DomainError('not_found', say('serverNotInGroup', { id: ref.serverId, group: group.id }), {
    value: ref.serverId,
  });
}

/** Changes permissions, alias, or of which types only chosen items count. More permissions need the server's own. */
export const updateGroupServer = verb(
  { name: 'group.update-server', access: 'write', input: UpdateGroupServer, tx: false },
  async (ctx, input): Promise<GroupServer> => {
    const found = await requireAssignment(ctx, 'group.update-server', input);
    const { server, permissions } = found;
    const row = await inTransaction(ctx, async (tx) => {
      await lockGroup(tx, found.assignment.groupId);
      const { assignment: before } = await requireAssignment(tx, 'group.update-server', input);
      const was = await groupState(tx, before.groupId);
      const wanted = input.permissions ?? before.permissions;
      const more = wanted.filter((permission) => !before.permissions.includes(permission)) as ServerPermission[];
      if (more.length > 0) assertHandsOn(tx, server, more);
      const alias = input.alias === undefined ? before.alias : input.alias;
      if (alias !== before.alias) await assertAliasFree(tx, before.groupId, before.serverId, alias);
      const chosen = input.chosen ? [...new Set(input.chosen)].toSorted() : before.chosen;
      const widened = before.chosen.some((type) => !chosen.includes(type));
      if (widened) assertHandsOn(tx, server, ['read', 'execute']);
      const [changed] = await tx.db
        .update(groupServers)
        .set({ permissions: [...wanted], alias, chosen })
        .where(here(before))
        .returning();
      if (!changed) throw invalidField('serverId', say('notInGroupAnyMore'));
      await keepGroup(tx, before.groupId, { was });
      tx.audit({ id: before.groupId, details: { server: before.serverId, permissions: wanted, alias, chosen } });
      tx.emit({ type: 'group.changed', id: before.groupId });
      return changed;
    });
    return toGroupServer(ctx, row, server, permissions);
  },
);

/** Takes a server out of a group, with what the group changed about it. */
export const removeServerFromGroup = verb(
  { name: 'group.remove-server', access: 'write', input: GroupServerRef },
  async (ctx, input): Promise<{ groupId: string; serverId: string }> => {
    const { assignment } = await requireAssignment(ctx, 'group.remove-server', input);
    const was = await groupState(ctx, assignment.groupId);
    await ctx.db.delete(groupServers).where(here(assignment));
    await keepGroup(ctx, assignment.groupId, { was });
    ctx.audit({ id: assignment.groupId, details: { server: assignment.serverId } });
    ctx.emit({ type: 'group.changed', id: assignment.groupId });
    return { groupId: assignment.groupId, serverId: assignment.serverId };
  },
);
