import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { idOfPerson, namesOf } from '../config-file/people.ts';
import type { Section, FileEntry } from '../config-file/section.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { Slug } from '../servers/schema.ts';
import { assertNotReserved } from '../slug.ts';
import { parseInput, type VerbCtx } from '../verb.ts';
import { groupState, keepGroup, describeGroup } from './describe.ts';
import { insertMember } from './membership.ts';
import { putServer, takeOut, ToldGroupServer } from './put-servers.ts';
import { absentGroup, lockGroup } from './queries.ts';
import { CreateGroup, GroupPermissions, MemberRole } from './schema.ts';
import { changeGroup, insertGroup } from './verbs.ts';

const { groupMembers, groups, servers } = tables;

const Member = z.strictObject({
  role: MemberRole,
  roleWord: z.enum(['maintainer', 'admin']).optional(),
  /** Waits to be let in. */
  waits: z.boolean().default(false),
});
const Entry = z.strictObject({
  name: CreateGroup.shape.name,
  displayName: CreateGroup.shape.name.optional(),
  description: CreateGroup.shape.description,
  parent: z.string().max(64).optional(),
  permissions: GroupPermissions.prefault({}),
  autoAssign: z.boolean().default(false),
  maxMembers: z.int().min(1).max(1_000_000).optional(),
  requireApproval: z.boolean().default(false),
  members: z.record(z.string(), Member).default({}),
  servers: z.record(z.string(), ToldGroupServer).default({}),
});
type Entry = z.output<typeof Entry>;

async function membersOf(ctx: Pick<VerbCtx, 'db'>): Promise<Map<string, Record<string, FileEntry>>> {
  const names = await namesOf(ctx.db);
  const rows = await ctx.db.select().from(groupMembers);
  return new Map(
    [...Map.groupBy(rows, ({ groupId }) => groupId)].map(([id, members]) => {
      const told = members
        .map(({ userId, role, roleWord, status }): [string, FileEntry] => [
          names.get(userId) ?? userId,
          { role, ...(roleWord !== null && { roleWord }), ...(status === 'pending' && { waits: true }) },
        ])
        .toSorted(([one], [other]) => (one < other ? -1 : 1));
      return [id, Object.fromEntries(told)];
    }),
  );
}

/** Groups, by id, with who is in them and which servers they have. */
export const groupsInFile: Section = {
  name: 'groups',
  tables: ['groups', 'group_members', 'group_servers', 'group_items'],
  rights: { read: 'group.read', write: 'group.create' },
  entry: Entry,
  async read(ctx) {
    const rows = await ctx.db.select({ id: groups.id }).from(groups).orderBy(asc(groups.id));
    const members = await membersOf(ctx);
    const told = new Map<string, FileEntry>();
    for (const { id } of rows) {
      const state = await groupState(ctx, id);
      if (!state) continue;
      const { servers: ownServers, ...own } = describeGroup(state);
      const own2 = members.get(id);
      told.set(id, {
        ...own,
        ...(own2 && { members: own2 }),
        ...(ownServers !== undefined && { servers: ownServers }),
      });
    }
    return told;
  },
  async write(ctx, name, told, before) {
    const { parent: _parent, members: _members, servers: _servers, ...entry } = parseInput(Entry, told);
    const {
      displayName = entry.name,
      description,
      permissions,
      autoAssign,
      maxMembers = null,
      requireApproval,
    } = entry;
    const settings = { autoAssign, maxMembers, requireApproval };
    if (before) {
      if (before['name'] !== entry.name) throw invalidField('name', say('nameStays'));
      const was = await groupState(ctx, name);
      await changeGroup(ctx, name, { displayName, description, permissions, settings });
      await keepGroup(ctx, name, { was });
    } else {
      requireRight(ctx, 'group.create');
      requireRight(ctx, 'group.widen');
      const id = parseInput(Slug, name);
      assertNotReserved(id);
      const input = { name: entry.name, displayName, description, permissions, settings };
      await insertGroup(ctx, id, parseInput(CreateGroup, input));
      await keepGroup(ctx, id);
      ctx.emit({ type: 'group.changed', id });
    }
    ctx.audit({ id: name, details: { name: entry.name, permissions } });
  },
  async finish(ctx, name, told) {
    const entry = parseInput(Entry, told);
    const was = await groupState(ctx, name);
    if (was && was.row.parentId !== (entry.parent ?? null)) {
      const [parent] =
        entry.parent === undefined ? [null] : await ctx.db.select().from(groups).where(eq(groups.id, entry.parent));
      if (parent === undefined) throw invalidField('parent', say('noGroupOfId', { id: entry.parent ?? '' }));
      await changeGroup(ctx, name, { parentGroup: parent?.id ?? null });
    }
    await setMembers(ctx, name, entry);
    await setServers(ctx, name, entry);
    await keepGroup(ctx, name, { was });
    ctx.emit({ type: 'group.changed', id: name });
  },
};

async function setMembers(ctx: VerbCtx, id: string, { members }: Entry): Promise<void> {
  const group = await lockGroup(ctx, id);
  const rows = await ctx.db.select().from(groupMembers).where(eq(groupMembers.groupId, id));
  const wanted = new Map<string, z.output<typeof Member>>();
  for (const [name, member] of Object.entries(members)) {
    wanted.set(await idOfPerson(ctx.db, name, `members.${name}`), member);
  }
  function here(userId: string) {
    return and(eq(groupMembers.groupId, id), eq(groupMembers.userId, userId));
  }
  for (const { userId } of rows.filter((row) => !wanted.has(row.userId))) {
    requireRight(ctx, 'group.remove-member', { type: 'group', id });
    await ctx.db.delete(groupMembers).where(here(userId));
    ctx.audit({ id, details: { user: userId, removed: true } });
  }
  for (const [userId, { role, roleWord, waits }] of wanted) {
    const status = waits ? ('pending' as const) : ('active' as const);
    const row = rows.find((one) => one.userId === userId);
    if (row && row.role === role && row.roleWord === (roleWord ?? null) && row.status === status) continue;
    requireRight(ctx, row ? 'group.update-member' : 'group.add-member', { type: 'group', id });
    if (row)
      await ctx.db
        .update(groupMembers)
        .set({ role, roleWord: roleWord ?? null, status })
        .where(here(userId));
    else await insertMember(ctx, group, userId, { role, roleWord }, status);
    ctx.audit({ id, details: { user: userId, role, status } });
    ctx.emit({ type: 'user.changed', id: userId });
  }
}

async function setServers(ctx: VerbCtx, id: string, entry: Entry): Promise<void> {
  const was = await groupState(ctx, id);
  if (!was) throw absentGroup(id);
  for (const { serverId } of was.servers) {
    if (Object.hasOwn(entry.servers, serverId)) continue;
    await takeOut(ctx, id, serverId);
    ctx.audit({ id, details: { server: serverId, removed: true } });
  }
  for (const [serverId, told] of Object.entries(entry.servers)) {
    const [server] = await ctx.db.select().from(servers).where(eq(servers.id, serverId));
    if (!server) throw invalidField(`servers.${serverId}`, say('noServer', { id: serverId }));
    const now = await groupState(ctx, id);
    if (now && (await putServer(ctx, now, server, told))) ctx.audit({ id, details: { server: serverId } });
  }
}
