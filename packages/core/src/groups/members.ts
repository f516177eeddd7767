import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { absentUser, findUser } from '../users/queries.ts';
import { verb } from '../verb.ts';
import { insertMember } from './membership.ts';
import { loadMembers, lockGroup, requireGroup } from './queries.ts';
import { AddMember, ListMembers, MemberRef, UpdateMember, type Member } from './schema.ts';

const { groupMembers } = tables;

/** Members of a group, for who sees it; those who wait only for who may approve them. */
export const listMembers = verb(
  { name: 'group.read', access: 'read', input: ListMembers },
  async (ctx, input): Promise<Member[]> => {
    const { id } = await requireGroup(ctx, 'group.read', input.groupId);
    const manages = may(ctx, 'group.approve-member', { type: 'group', id });
    const members = await loadMembers(ctx.db, id);
    return members
      .filter(({ status }) => manages || status === 'active')
      .filter(({ status }) => input.status === undefined || status === input.status);
  },
);

async function memberOf(ctx: Ctx, groupId: string, userId: string): Promise<Member> {
  const member = (await loadMembers(ctx.db, groupId)).find((row) => row.userId === userId);
  if (member) return member;
  throw new DomainError('not_found', say('noMember', { user: userId, id: groupId }), { value: userId });
}

function here(groupId: string, userId: string) {
  return and(eq(groupMembers.groupId, groupId), eq(groupMembers.userId, userId));
}

/** Makes an account a member. In a group that wants approval it waits for it. */
export const addMember = verb(
  { name: 'group.add-member', access: 'write', input: AddMember },
  async (ctx, input): Promise<Member> => {
    const { id } = await requireGroup(ctx, 'group.add-member', input.groupId);
    if (input.role === 'manager') requireRight(ctx, 'group.update-member', { type: 'group', id });
    const user = await findUser(ctx.db, input.userId);
    if (!user) throw absentUser(input.userId);
    const row = await insertMember(ctx, await lockGroup(ctx, id), user.id, input);
    if (!row) {
      throw new DomainError('conflict', say('memberAlready', { name: user.username, id }), {
        field: 'userId',
        value: user.id,
      });
    }
    ctx.audit({ id, details: { user: user.id, role: row.role, status: row.status } });
    ctx.emit({ type: 'user.changed', id: user.id });
    return memberOf(ctx, id, user.id);
  },
);

/** Makes a member a manager of the group, or the other way round. */
export const updateMember = verb(
  { name: 'group.update-member', access: 'write', input: UpdateMember },
  async (ctx, input): Promise<Member> => {
    const { id, userId } = await requireMember(ctx, 'group.update-member', input);
    await ctx.db
      .update(groupMembers)
      .set({ role: input.role, roleWord: input.roleWord ?? null })
      .where(here(id, userId));
    ctx.audit({ id, details: { user: userId, role: input.role } });
    ctx.emit({ type: 'group.changed', id });
    return memberOf(ctx, id, userId);
  },
);

/** Lets a member in who waits. */
export const approveMember = verb(
  { name: 'group.approve-member', access: 'write', input: MemberRef },
  async (ctx, input): Promise<Member> => {
    const { id, userId } = await requireMember(ctx, 'group.approve-member', input);
    await ctx.db
      .update(groupMembers)
      .set({ status: 'active', approvedBy: userIdOf(ctx.actor) })
      .where(here(id, userId));
    ctx.audit({ id, details: { user: userId } });
    ctx.emit({ type: 'group.changed', id });
    return memberOf(ctx, id, userId);
  },
);

type MemberAction = 'group.update-member' | 'group.approve-member' | 'group.remove-member';

async function requireMember(ctx: Ctx, action: MemberAction, input: { groupId: string; userId: string }) {
  const { id } = await requireGroup(ctx, action, input.groupId);
  const user = await findUser(ctx.db, input.userId);
  await lockGroup(ctx, id);
  const { userId } = await memberOf(ctx, id, user?.id ?? input.userId);
  return { id, userId };
}

/** Takes a member, or one who waits, out of a group. */
export const removeMember = verb(
  { name: 'group.remove-member', access: 'write', input: MemberRef },
  async (ctx, input): Promise<{ groupId: string; userId: string }> => {
    const { id, userId } = await requireMember(ctx, 'group.remove-member', input);
    await ctx.db.delete(groupMembers).where(here(id, userId));
    ctx.audit({ id, details: { user: userId } });
    ctx.emit({ type: 'group.changed', id });
    return { groupId: id, userId };
  },
);

/** Leaves a group, or takes one's own waiting request back. */
export const leaveGroup = verb(
  { name: 'group.leave', access: 'write', input: MemberRef.omit({ userId: true }) },
  async (ctx, input): Promise<{ groupId: string }> => {
    const userId = userIdOf(ctx.actor) ?? '';
    const left = await ctx.db.delete(groupMembers).where(here(input.groupId, userId)).returning();
    if (left.length === 0) {
      throw new DomainError('not_found', say('youNoMember', { id: input.groupId }), { value: input.groupId });
    }
    ctx.audit({ id: input.groupId, details: { user: userId } });
    ctx.emit({ type: 'group.changed', id: input.groupId });
    return { groupId: input.groupId };
  },
);
