import { inArray } from 'drizzle-orm';
import { stringify } from 'yaml';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { say } from '../reasons.ts';
import type { ServerRow } from '../servers/rows.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { diffTexts } from '../versions/diff.ts';
import { listVersions, mostVersions, requireReferences, requireVersion } from '../versions/versions.ts';
import { groupState, keepGroup, versionedGroup } from './describe.ts';
import { putServer, takeOut, ToldGroupServer } from './put-servers.ts';
import { absentGroup, lockGroup, requireGroup, toGroup, type GroupRow } from './queries.ts';
import {
  DiffGroup,
  GroupById,
  GroupPermissions,
  RestoreGroup,
  type Group,
  type GroupDiff,
  type GroupVersions,
} from './schema.ts';
import { seesInGroup } from './servers.ts';
import { changeGroup } from './verbs.ts';

/** The stored form of a group in a version; versions outlive the release that wrote them. */
const StoredGroup = z.object({
  displayName: z.string(),
  description: z.string().default(''),
  parent: z.string().nullable().default(null),
  permissions: GroupPermissions,
  autoAssign: z.boolean().default(false),
  maxMembers: z.int().nullable().default(null),
  requireApproval: z.boolean().default(false),
  servers: z.record(z.string(), ToldGroupServer).default({}),
});
type StoredGroup = z.output<typeof StoredGroup>;

/** Lists the versions of a group, newest first. */
export const listGroupVersions = verb(
  { name: 'group.update', access: 'read', input: GroupById },
  async (ctx, { id }): Promise<GroupVersions> => {
    const row = await requireGroup(ctx, 'group.update', id);
    return { versions: await listVersions(ctx, versionedGroup(row)), most: mostVersions };
  },
);

/** Servers of a group's versions that there are. */
async function serversOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, ServerRow>> {
  const { servers } = tables;
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select()
    .from(servers)
    .where(inArray(servers.id, [...ids]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether the actor may know of a server of the group; of one that is gone nobody knows whose it was. */
function knows(ctx: Ctx, group: GroupRow, server: ServerRow | undefined): boolean {
  return server ? seesInGroup(ctx, group.id, server) : may(ctx, 'group.widen', { type: 'group', id: group.id });
}

const keptServers = z.record(z.string(), z.unknown()).catch({});

/** A version as the actor may see it: without servers that it does not see. */
async function textOf(ctx: Ctx, group: GroupRow, snapshot: Readonly<Record<string, unknown>>): Promise<string> {
  const told = keptServers.parse(snapshot['servers'] ?? {});
  const known = await serversOf(ctx, Object.keys(told));
  const seen = Object.entries(told)
    .filter(([id]) => knows(ctx, group, known.get(id)))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const { servers: _servers, ...own } = snapshot;
  const sorted = Object.fromEntries(Object.entries(own).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return stringify({ ...sorted, ...(seen.length > 0 && { servers: Object.fromEntries(seen) }) }, { lineWidth: 0 });
}

/** The difference between two versions of a group, as lines of YAML. */
export const diffGroupVersions = verb(
  { name: 'group.update', access: 'read', input: DiffGroup },
  async (ctx, { id, from, to }): Promise<GroupDiff> => {
    const row = await requireGroup(ctx, 'group.update', id);
    const entity = versionedGroup(row);
    const [before, after] = [await requireVersion(ctx, entity, from), await requireVersion(ctx, entity, to)];
    return { settings: diffTexts(await textOf(ctx, row, before.snapshot), await textOf(ctx, row, after.snapshot)) };
  },
);

async function goneReferences(ctx: Ctx, group: GroupRow, kept: StoredGroup, servers: ReadonlyMap<string, ServerRow>) {
  const gone: { field: string; why: Reason }[] = [];
  const { parent } = kept;
  if (parent !== null && parent !== group.parentId && ctx.access.directory.group(parent) === undefined) {
    gone.push({ field: 'parentGroup', why: say('goneParent', { id: parent }) });
  }
  const absent = Object.keys(kept.servers).filter((id) => !servers.has(id));
  if (absent.length > 0) {
    const tells = may(ctx, 'group.widen', { type: 'group', id: group.id });
    const why = tells ? say('goneServers', { ids: absent.join(', ') }) : say('goneServersUnnamed');
    gone.push({ field: 'servers', why });
  }
  return gone;
}

/** Servers of a version are put back as they were; what the actor does not see stays as it is. */
async function restoreServers(tx: VerbCtx, group: GroupRow, kept: StoredGroup): Promise<void> {
  const state = await groupState(tx, group.id);
  if (!state) throw absentGroup(group.id);
  const ids = [...new Set([...Object.keys(kept.servers), ...state.servers.map(({ serverId }) => serverId)])];
  const known = await serversOf(tx, ids);
  const seen = ids.filter((id) => knows(tx, group, known.get(id)));
  for (const id of seen.filter((one) => !Object.hasOwn(kept.servers, one))) await takeOut(tx, group.id, id);
  for (const id of seen) {
    const [server, told] = [known.get(id), Object.hasOwn(kept.servers, id) ? kept.servers[id] : undefined];
    const now = await groupState(tx, group.id);
    if (server && told && now) await putServer(tx, now, server, told);
  }
}

/** Restores a version of a group. Its members are no part of that: a removed member gets no rights back. */
export const restoreGroup = verb(
  { name: 'group.update', access: 'write', input: RestoreGroup, tx: false },
  async (ctx, { id, number }): Promise<Group> => {
    const found = await requireGroup(ctx, 'group.update', id);
    const row = await inTransaction(ctx, async (tx) => {
      await lockGroup(tx, found.id);
      const was = await groupState(tx, found.id);
      const { snapshot } = await requireVersion(tx, versionedGroup(found), number);
      const kept = StoredGroup.parse(snapshot);
      const servers = await serversOf(tx, Object.keys(kept.servers));
      requireReferences(number, await goneReferences(tx, found, kept, servers));
      const { displayName, description, parent, permissions, autoAssign, maxMembers, requireApproval } = kept;
      const settings = { autoAssign, maxMembers, requireApproval };
      const patch = { displayName, description, parentGroup: parent, permissions, settings };
      const next = await changeGroup(tx, found.id, patch);
      await restoreServers(tx, next, kept);
      await keepGroup(tx, found.id, { was, restored: number });
      tx.audit({ id: found.id, details: { restored: number } });
      return next;
    });
    return toGroup(ctx, row);
  },
);
