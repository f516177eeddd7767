import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/decide.ts';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Group, Member, ServerPermission, ToolPermission } from './schema.ts';

const { groupMembers, groups, groupServers, users } = tables;

export type GroupRow = typeof groups.$inferSelect;
export type MemberRow = typeof groupMembers.$inferSelect;
export type GroupServerRow = typeof groupServers.$inferSelect;

export function absentGroup(id: string): DomainError {
  return new DomainError('not_found', say('noGroup', { id }), { value: id });
}

function seen(ctx: Ctx, row: GroupRow | undefined): row is GroupRow {
  return row !== undefined && may(ctx, 'group.read', { type: 'group', id: row.id });
}

/** By id; null where the actor sees none. A pending member sees the group it waits for. */
export async function findGroup(ctx: Ctx, id: string): Promise<GroupRow | null> {
  const [row] = await ctx.db
    .select()
    .from(groups)
    .where(eq(sql`lower(${groups.id})`, id.toLowerCase()));
  return seen(ctx, row) ? row : null;
}

/** The group, refused or absent where the actor may not do this to it. */
export async function requireGroup(ctx: Ctx, action: Action, id: string): Promise<GroupRow> {
  const row = await findGroup(ctx, id);
  function absent() {
    return absentGroup(id);
  }
  if (!row) throw absent();
  requireRight(ctx, action, { type: 'group', id: row.id }, absent);
  return row;
}

/** Takes the row until the transaction ends, so that two changes of one group follow each other. */
export async function lockGroup(ctx: Ctx, id: string): Promise<GroupRow> {
  const [row] = await ctx.db.select().from(groups).where(eq(groups.id, id)).for('update');
  if (!row) throw absentGroup(id);
  return row;
}

export interface GroupCounts {
  active: number;
  pending: number;
  servers: number;
}

/** Members and servers of these groups, counted. */
export async function countsOf(db: Db, ids: readonly string[]): Promise<Map<string, GroupCounts>> {
  const counts = new Map<string, GroupCounts>(ids.map((id) => [id, { active: 0, pending: 0, servers: 0 }]));
  if (ids.length === 0) return counts;
  const [members, servers] = await Promise.all([
    db
      .select({ id: groupMembers.groupId, status: groupMembers.status, count: sql<number>`count(*)::int` })
      .from(groupMembers)
      .where(inArray(groupMembers.groupId, [...ids]))
      .groupBy(groupMembers.groupId, groupMembers.status),
    db
      .select({ id: groupServers.groupId, count: sql<number>`count(*)::int` })
      .from(groupServers)
      .where(inArray(groupServers.groupId, [...ids]))
      .groupBy(groupServers.groupId),
  ]);
  for (const { id, status, count } of members) Object.assign(counts.get(id) ?? {}, { [status]: count });
  for (const { id, count } of servers) Object.assign(counts.get(id) ?? {}, { servers: count });
  return counts;
}

function ofUser(ctx: Ctx): string {
  return userIdOf(ctx.actor) ?? '';
}

/** How the actor belongs to groups that are not in force yet: memberships that wait. */
export async function pendingOf(ctx: Ctx): Promise<Set<string>> {
  const rows = await ctx.db
    .select({ id: groupMembers.groupId })
    .from(groupMembers)
    .where(and(eq(groupMembers.userId, ofUser(ctx)), eq(groupMembers.status, 'pending')));
  return new Set(rows.map(({ id }) => id));
}

function membershipOf(ctx: Ctx, id: string, pending: ReadonlySet<string>): Group['membership'] {
  const direct = ctx.access.directory.memberships(ofUser(ctx)).get(id);
  if (direct) return direct;
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  if (subject.type === 'person' && subject.groups.has(id)) return 'inherited';
  return pending.has(id) ? 'pending' : null;
}

/** Groups as the actor sees them. */
export async function toGroups(ctx: Ctx, rows: readonly GroupRow[]): Promise<Group[]> {
  const ids = rows.map(({ id }) => id);
  const [counts, below, pending] = await Promise.all([
    countsOf(ctx.db, ids),
    ids.length === 0 ? [] : ctx.db.select().from(groups).where(inArray(groups.parentId, ids)).orderBy(asc(groups.id)),
    pendingOf(ctx),
  ]);
  const children = below.filter((row) => seen(ctx, row));
  return rows.map((row) => {
    const { active = 0, pending: waiting = 0, servers = 0 } = counts.get(row.id) ?? {};
    function can(action: Action) {
      return may(ctx, action, { type: 'group', id: row.id });
    }
    return {
      id: row.id,
      name: row.name,
      displayName: row.displayName,
      description: row.description,
      parentGroup: row.parentId,
      permissions: row.permissions as { servers: ServerPermission[]; tools: ToolPermission[] },
      settings: { autoAssign: row.autoAssign, maxMembers: row.maxMembers, requireApproval: row.requireApproval },
      memberCount: active,
      pendingCount: waiting,
      serverCount: servers,
      children: children.filter(({ parentId }) => parentId === row.id).map(({ id }) => id),
      membership: membershipOf(ctx, row.id, pending),
      createdBy: row.createdBy,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      can: {
        update: can('group.update'),
        remove: can('group.remove'),
        members: can('group.add-member'),
        servers: can('group.add-server'),
        widen: can('group.widen'),
      },
    };
  });
}

export async function toGroup(ctx: Ctx, row: GroupRow): Promise<Group> {
  const [group] = await toGroups(ctx, [row]);
  if (!group) throw absentGroup(row.id);
  return group;
}

const memberColumns = {
  groupId: groupMembers.groupId,
  userId: groupMembers.userId,
  username: users.username,
  fullName: users.fullName,
  role: groupMembers.role,
  roleWord: groupMembers.roleWord,
  status: groupMembers.status,
  createdAt: groupMembers.createdAt,
};

export function loadMembers(db: Db, groupId: string): Promise<Member[]> {
  return db
    .select(memberColumns)
    .from(groupMembers)
    .innerJoin(users, eq(users.id, groupMembers.userId))
    .where(eq(groupMembers.groupId, groupId))
    .orderBy(asc(sql`lower(${users.username})`));
}
