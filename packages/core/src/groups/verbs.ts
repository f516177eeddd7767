import { and, asc, desc, eq, gte, inArray, isNull, lt, sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { claimSlug, releaseSlug } from '../servers/queries.ts';
import { assertNotReserved, randomSlug, slugify } from '../slug.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { removeVersions } from '../versions/versions.ts';
import { groupState, keepGroup, versionedGroup } from './describe.ts';
import { insertMember } from './membership.ts';
import { countsOf, lockGroup, requireGroup, toGroup, toGroups, type GroupRow } from './queries.ts';
import {
  CreateGroup,
  GroupById,
  ListGroups,
  UpdateGroup,
  type Group,
  type GroupPage,
  type GroupPatch,
} from './schema.ts';

const { groupMembers, groups, groupServers } = tables;

function conditionOf(input: ListGroups): SQL | undefined {
  const memberOf = sql`exists (select 1 from ${groupMembers} where ${groupMembers.groupId} = ${groups.id} and ${groupMembers.userId} = ${input.member})`;
  const holds = sql`exists (select 1 from ${groupServers} where ${groupServers.groupId} = ${groups.id} and ${groupServers.serverId} = ${input.server})`;
  return and(
    input.parentGroup === undefined
      ? undefined
      : input.parentGroup === null
        ? isNull(groups.parentId)
        : eq(groups.parentId, input.parentGroup),
    input.member === undefined ? undefined : memberOf,
    input.server === undefined ? undefined : holds,
    input.createdAfter && gte(groups.createdAt, input.createdAfter),
    input.createdBefore && lt(groups.createdAt, input.createdBefore),
  );
}

function textOf(row: GroupRow): string {
  return [row.id, row.name, row.displayName, row.description].join('\n').toLowerCase();
}

/** Groups the actor sees: its own, those above them, and all for admins. */
export const listGroups = verb(
  { name: 'group.read', access: 'read', input: ListGroups },
  async (ctx, input): Promise<GroupPage> => {
    const rows = await ctx.db
      .select()
      .from(groups)
      .where(conditionOf(input))
      .orderBy(desc(groups.createdAt), asc(groups.id));
    const search = input.search?.trim().toLowerCase();
    const seen = rows.filter(
      (row) => may(ctx, 'group.read', { type: 'group', id: row.id }) && (!search || textOf(row).includes(search)),
    );
    const sorted = await sortGroups(ctx, seen, input);
    const from = (input.page - 1) * input.limit;
    return { items: await toGroups(ctx, sorted.slice(from, from + input.limit)), total: seen.length };
  },
);

async function sortGroups(ctx: Ctx, rows: readonly GroupRow[], input: ListGroups): Promise<GroupRow[]> {
  const { sort = 'createdAt' } = input;
  const sign = (input.order ?? (input.sort ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  const counted = sort === 'members' || sort === 'servers';
  const counts = counted
    ? await countsOf(
        ctx.db,
        rows.map(({ id }) => id),
      )
    : null;
  function keyOf(row: GroupRow): string | number {
    if (sort === 'members') return counts?.get(row.id)?.active ?? 0;
    if (sort === 'servers') return counts?.get(row.id)?.servers ?? 0;
    const value = row[sort];
    return value instanceof Date ? value.getTime() : value.toLowerCase();
  }
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .toSorted((a, b) => sign * (compare(a.key, b.key) || compare(a.row.id, b.row.id)))
    .map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);
}

export const getGroup = verb(
  { name: 'group.read', access: 'read', input: GroupById },
  async (ctx, input): Promise<Group> => toGroup(ctx, await requireGroup(ctx, 'group.read', input.id)),
);

/** Creates a group; a creator who is no admin becomes its first manager. */
export const createGroup = verb(
  { name: 'group.create', access: 'write', input: CreateGroup, tx: false },
  async (ctx, input): Promise<Group> => {
    const id = slugify(input.name) || randomSlug('group');
    assertNotReserved(id);
    const row = await inTransaction(ctx, async (tx) => {
      await lockTree(tx);
      const parent = input.parentGroup ? await requireParent(tx, input.parentGroup) : null;
      const made = await insertGroup(tx, id, { ...input, parentGroup: parent?.id ?? null });
      await addMaker(tx, made);
      await keepGroup(tx, made.id);
      tx.audit({ id, details: { name: input.name, parent: made.parentId, permissions: made.permissions } });
      tx.emit({ type: 'group.changed', id });
      return made;
    });
    return toGroup(ctx, row);
  },
);

/** Stores a group under an id that nothing has. */
export async function insertGroup(tx: VerbCtx, id: string, group: z.output<typeof CreateGroup>): Promise<GroupRow> {
  await claimSlug(tx.db, 'group', id);
  const { name, displayName = name, description, parentGroup, permissions, settings } = group;
  const now = new Date(tx.clock.now());
  const own = { id, name, displayName, description, parentId: parentGroup ?? null, permissions, ...settings };
  const made = await tx.db
    .insert(groups)
    .values({ ...own, createdBy: userIdOf(tx.actor), createdAt: now, updatedAt: now })
    .returning();
  const [row] = made;
  if (!row) throw new DomainError('internal', say('groupNotStored'));
  return row;
}

async function addMaker(tx: VerbCtx, group: GroupRow): Promise<void> {
  const userId = userIdOf(tx.actor);
  const subject = tx.access.directory.subjectOf(tx.actor);
  if (userId === null || subject.type !== 'person' || subject.role === 'admin') return;
  await insertMember(tx, group, userId, { role: 'manager' }, 'active');
}

/** Changes of the tree follow each other: two of them together could make a circle that neither makes alone. */
async function lockTree(tx: Ctx): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtext('switchboard:groups'))`);
}

/** A group gives its members what its parent gives: only who manages the parent may hang one below it. */
async function requireParent(tx: Ctx, id: string): Promise<GroupRow> {
  try {
    return await requireGroup(tx, 'group.update', id);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
    throw invalidField('parentGroup', say('noGroupOfId', { id }));
  }
}

const mostLevels = 16;

async function assertNoCircle(tx: Ctx, id: string, parentId: string): Promise<void> {
  const rows = await tx.db.select({ id: groups.id, parentId: groups.parentId }).from(groups);
  const parents = new Map(rows.map((row) => [row.id, row.parentId]));
  let levels = 0;
  for (let at: string | null | undefined = parentId; at; at = parents.get(at)) {
    levels += 1;
    if (at === id) throw invalidField('parentGroup', say('groupInCircle', { parent: parentId, id }));
    if (levels > mostLevels) throw invalidField('parentGroup', say('groupTooDeep', { most: mostLevels }));
  }
}

/** Changes what is given; more permissions and another parent are for admins. */
export const updateGroup = verb(
  { name: 'group.update', access: 'write', input: UpdateGroup, tx: false },
  async (ctx, { id, patch }): Promise<Group> => {
    const found = await requireGroup(ctx, 'group.update', id);
    const row = await inTransaction(ctx, (tx) => write(tx, found.id, patch));
    return toGroup(ctx, row);
  },
);

async function write(tx: VerbCtx, id: string, patch: GroupPatch): Promise<GroupRow> {
  const was = await groupState(tx, id);
  const row = await changeGroup(tx, id, patch);
  await keepGroup(tx, id, { was });
  tx.audit({
    id,
    details: { changed: Object.keys(definedOnly(patch)), permissions: row.permissions, parent: row.parentId },
  });
  return row;
}

/** Applies a patch within a verb that audits it and stores the version. */
export async function changeGroup(tx: VerbCtx, id: string, patch: GroupPatch): Promise<GroupRow> {
  await lockTree(tx);
  const before = await lockGroup(tx, id);
  const permissions = {
    servers: patch.permissions?.servers ?? before.permissions.servers,
    tools: patch.permissions?.tools ?? before.permissions.tools,
  };
  if (widens(before.permissions, permissions)) requireRight(tx, 'group.widen', { type: 'group', id });
  const parentId = await nextParent(tx, before, patch.parentGroup);
  const { autoAssign, maxMembers, requireApproval } = { ...before, ...definedOnly(patch.settings ?? {}) };
  const [row] = await tx.db
    .update(groups)
    .set({
      displayName: patch.displayName ?? before.displayName,
      description: patch.description ?? before.description,
      parentId,
      permissions,
      autoAssign,
      maxMembers,
      requireApproval,
      updatedAt: new Date(tx.clock.now()),
    })
    .where(eq(groups.id, id))
    .returning();
  if (!row) throw new DomainError('internal', say('groupNotStored'));
  tx.emit({ type: 'group.changed', id });
  return row;
}

function definedOnly<Given extends object>(given: Given): Partial<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Given>;
}

function widens(before: GroupRow['permissions'], after: GroupRow['permissions']): boolean {
  return (
    after.servers.some((name) => !before.servers.includes(name)) ||
    after.tools.some((name) => !before.tools.includes(name))
  );
}

async function nextParent(tx: VerbCtx, before: GroupRow, given: string | null | undefined): Promise<string | null> {
  if (given === undefined || given === before.parentId) return before.parentId;
  if (given === null) return null;
  const { id } = await requireParent(tx, given);
  await assertNoCircle(tx, before.id, id);
  return id;
}

/** Removes a group with its memberships and assignments; groups below it have to go, or move, first. */
export const removeGroup = verb(
  { name: 'group.remove', access: 'write', input: GroupById },
  async (ctx, input): Promise<{ id: string }> => {
    const { id } = await requireGroup(ctx, 'group.remove', input.id);
    await lockTree(ctx);
    const row = await lockGroup(ctx, id);
    const below = await ctx.db
      .select({ id: groups.id })
      .from(groups)
      .where(inArray(groups.parentId, [id]));
    if (below.length > 0) {
      const names = below.map((group) => group.id).join(', ');
      throw new DomainError('conflict', say('groupsBelow', { id, ids: names }), {
        value: id,
      });
    }
    await ctx.db.delete(groups).where(eq(groups.id, id));
    await releaseSlug(ctx, 'group', id);
    await removeVersions(ctx, versionedGroup(row));
    ctx.audit({ id, details: { name: row.name } });
    ctx.emit({ type: 'group.removed', id });
    return { id };
  },
);
