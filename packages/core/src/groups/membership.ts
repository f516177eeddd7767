import { and, asc, eq, inArray } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import type { VerbCtx } from '../verb.ts';
import { lockGroup, type GroupRow, type MemberRow } from './queries.ts';
import type { MemberRole } from './schema.ts';

const { groupMembers, groups } = tables;

function full(group: GroupRow): DomainError {
  return new DomainError('conflict', say('groupFull', { id: group.id, most: group.maxMembers ?? 0 }), {
    field: 'maxMembers',
    value: group.id,
  });
}

/** Makes somebody a member of a group whose row is locked; those who wait for approval take a place too. */
export async function insertMember(
  ctx: VerbCtx,
  group: GroupRow,
  userId: string,
  { role, roleWord }: { role: MemberRole; roleWord?: 'maintainer' | 'admin' | undefined },
  status: 'active' | 'pending' = group.requireApproval ? 'pending' : 'active',
): Promise<MemberRow | null> {
  if (group.maxMembers !== null) {
    const members = await ctx.db.$count(groupMembers, eq(groupMembers.groupId, group.id));
    if (members >= group.maxMembers) throw full(group);
  }
  const [row] = await ctx.db
    .insert(groupMembers)
    .values({
      groupId: group.id,
      userId,
      role,
      roleWord: roleWord ?? null,
      status,
      addedBy: userIdOf(ctx.actor),
      createdAt: new Date(ctx.clock.now()),
    })
    .onConflictDoNothing()
    .returning();
  if (row) ctx.emit({ type: 'group.changed', id: group.id });
  return row ?? null;
}

/** Refuses ids of groups that do not exist; gives those of groups that take accounts by themselves. */
async function existing(ctx: Ctx, ids: readonly string[]): Promise<Set<string>> {
  const known =
    ids.length === 0
      ? []
      : await ctx.db
          .select()
          .from(groups)
          .where(inArray(groups.id, [...ids]));
  const missing = ids.find((id) => !known.some((group) => group.id === id));
  if (missing !== undefined) throw invalidField('groups', say('noGroupOfId', { id: missing }));
  return new Set(known.filter((group) => group.autoAssign).map(({ id }) => id));
}

/**
 * Whether the actor may change which groups an account is in: who may make or manage accounts may not for that reason
 * give them what groups give. Groups that take accounts by themselves are open to it. Throws `invalid` or `forbidden`.
 */
export async function requireGroupChange(ctx: Ctx, before: readonly string[], after: readonly string[]): Promise<void> {
  const joined = after.filter((id) => !before.includes(id));
  const open = await existing(ctx, joined);
  for (const id of joined) {
    if (!open.has(id)) requireRight(ctx, 'group.add-member', { type: 'group', id });
  }
  for (const id of before) {
    if (!after.includes(id)) requireRight(ctx, 'group.remove-member', { type: 'group', id });
  }
}

/** Adds an account to groups; for callers whose right to change accounts was checked. */
export async function joinGroups(ctx: VerbCtx, userId: string, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids)].toSorted();
  await existing(ctx, wanted);
  for (const id of wanted) await insertMember(ctx, await lockGroup(ctx, id), userId, { role: 'member' });
}

/** Leaves and joins groups until an account is in these and no others. */
export async function setGroups(ctx: VerbCtx, userId: string, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids);
  const rows = await ctx.db.select().from(groupMembers).where(eq(groupMembers.userId, userId));
  const left = rows.filter((row) => !wanted.has(row.groupId)).map((row) => row.groupId);
  if (left.length > 0) {
    await ctx.db.delete(groupMembers).where(and(eq(groupMembers.userId, userId), inArray(groupMembers.groupId, left)));
    for (const id of left) ctx.emit({ type: 'group.changed', id });
  }
  const has = new Set(rows.map((row) => row.groupId));
  await joinGroups(
    ctx,
    userId,
    [...wanted].filter((id) => !has.has(id)),
  );
}

/** Puts an account that an admin made or approved into the groups that take such ones; a full group stays as it is. */
export async function autoAssign(ctx: VerbCtx, userId: string): Promise<void> {
  const rows = await ctx.db
    .select({ id: groups.id })
    .from(groups)
    .where(eq(groups.autoAssign, true))
    .orderBy(asc(groups.id));
  for (const { id } of rows) {
    const group = await lockGroup(ctx, id);
    const members = await ctx.db.$count(groupMembers, eq(groupMembers.groupId, id));
    if (group.maxMembers === null || members < group.maxMembers)
      await insertMember(ctx, group, userId, { role: 'member' });
  }
}
