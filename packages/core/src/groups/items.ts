import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Exposure, JsonObject } from '@switchboard/mcp-runtime/types';
import { decideFor } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { isOffered } from '../selected.ts';
import { definitionsOf, itemKeys, loadCatalog, nameOf } from '../servers/items.ts';
import { absentItem, serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import type { ItemType } from '../servers/schema.ts';
import { inTransaction, verb, type VerbCtx } from '../verb.ts';
import { groupState, keepGroup } from './describe.ts';
import { selectionFor } from './exposed.ts';
import { lockGroup, requireGroup, type GroupServerRow } from './queries.ts';
import {
  ChooseGroupItems,
  GroupById,
  GroupServerRef,
  SetGroupItem,
  type GroupExposure,
  type GroupItemView,
} from './schema.ts';
import { requireAssignment, seesInGroup } from './servers.ts';

const { groupItems, groupServers } = tables;

type Stored = typeof groupItems.$inferSelect;
type ItemsByName = ReadonlyMap<string, Stored>;

function keyOf(type: ItemType, name: string): string {
  return `${type}\n${name}`;
}
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function at({ groupId, serverId }: Pick<GroupServerRow, 'groupId' | 'serverId'>) {
  return and(eq(groupItems.groupId, groupId), eq(groupItems.serverId, serverId));
}

async function loadStored(ctx: Ctx, assignment: GroupServerRow): Promise<ItemsByName> {
  const rows = await ctx.db.select().from(groupItems).where(at(assignment));
  return new Map(rows.map((row) => [keyOf(row.type, row.name), row]));
}

function isOn(assignment: GroupServerRow, type: ItemType, stored: Stored | undefined): boolean {
  return stored?.enabled ?? !assignment.chosen.includes(type);
}

interface GroupServer {
  assignment: GroupServerRow;
  server: ServerRow;
  stored: ItemsByName;
  exposure: Exposure | null;
}

function toView(ctx: Ctx, place: GroupServer, type: ItemType, definition: JsonObject): GroupItemView {
  const { assignment, server, stored, exposure } = place;
  const name = nameOf(type, definition);
  const own = stored.get(keyOf(type, name));
  const switches = ctx.hub.switches(server.id);
  const override = switches.overrides[type];
  const byServer = override && Object.hasOwn(override, name) ? override[name] : undefined;
  const originalDescription = textOf(definition['description']);
  const named = type === 'tool' ? exposure?.tools : type === 'prompt' ? exposure?.prompts : [];
  const exposed = named?.find((item) => item.serverId === server.id && item.name === name);
  return {
    type,
    name,
    exposedName: exposed?.exposedName ?? name,
    title: textOf(definition['title']),
    description: own?.description ?? byServer?.description ?? originalDescription,
    originalDescription,
    rename: own?.rename ?? null,
    enabled: isOn(assignment, type, own),
    blocked: !isOffered(switches, type, name),
  };
}

/** The items of a server as the group's endpoint shows them, those that are off too. */
export const listGroupItems = verb(
  { name: 'group.read', access: 'read', input: GroupServerRef },
  async (ctx, input): Promise<GroupItemView[]> => {
    const place = await placeOf(ctx, 'group.read', input);
    const { catalog } = await loadCatalog(ctx, place.server.id);
    const manages = decideFor(ctx, 'group.update-server', { type: 'group', id: place.assignment.groupId }).allowed;
    const selected = selectionFor(ctx, place.assignment.groupId)?.servers.find(
      ({ serverId }) => serverId === place.server.id,
    );
    return itemKeys
      .flatMap((type) => definitionsOf(catalog, type).map((definition) => toView(ctx, place, type, definition)))
      .filter(({ type, name }) => manages || (selected !== undefined && isOffered(selected, type, name)));
  },
);

async function placeOf(
  ctx: Ctx,
  action: 'group.read' | 'group.update-server',
  ref: { groupId: string; serverId: string },
): Promise<GroupServer> {
  const { assignment, server } = await requireAssignment(ctx, action, ref);
  const selection = selectionFor(ctx, assignment.groupId);
  const exposure = selection && ctx.hub.runtime.exposure(selection);
  return { assignment, server, stored: await loadStored(ctx, assignment), exposure };
}

/** Switching something on gives members more: only who may use it, or share the server, can. */
export function assertMayShow(ctx: Ctx, server: ServerRow, type: ItemType, name: string): void {
  const resource = serverResource(server);
  if (decideFor(ctx, 'server.share', resource).allowed) return;
  const item = { ...resource, item: { type, name } };
  if (decideFor(ctx, 'server.use', item).allowed) return;
  throw new DomainError('forbidden', say('notYourItem', { name, id: server.id }));
}

const mostChanged = 10_000;

/** Switches one item of a server on or off at the group's endpoint, names it or describes it otherwise. */
export const setGroupItem = verb(
  { name: 'group.update-server', access: 'write', input: SetGroupItem, tx: false },
  async (ctx, input): Promise<GroupItemView> => {
    const { type, name } = input;
    if (input.rename != null && type !== 'tool' && type !== 'prompt') {
      throw invalidField('rename', say('renameOnlyNames'));
    }
    const place = await placeOf(ctx, 'group.update-server', input);
    const { catalog } = await loadCatalog(ctx, place.server.id);
    const definition = definitionsOf(catalog, type).find((item) => nameOf(type, item) === name);
    if (!definition && !place.stored.has(keyOf(type, name))) throw absentItem(place.server.id, type, name);
    await inTransaction(ctx, (tx) => writeItem(tx, place, input));
    const now = await placeOf(ctx, 'group.update-server', input);
    return toView(ctx, now, type, definition ?? { name, uri: name, uriTemplate: name });
  },
);

type Change = { type: ItemType; name: string } & {
  enabled?: boolean | undefined;
  rename?: string | null | undefined;
  description?: string | null | undefined;
};

async function writeItem(tx: VerbCtx, { assignment, server }: GroupServer, change: Change): Promise<void> {
  await lockGroup(tx, assignment.groupId);
  const stored = await loadStored(tx, assignment);
  const { type, name } = change;
  const before = stored.get(keyOf(type, name));
  if (!before && stored.size >= mostChanged) {
    throw new DomainError('limit_exceeded', say('mostItemsOfGroup', { most: stored.size, id: server.id }));
  }
  const wasOn = isOn(assignment, type, before);
  const enabled = change.enabled ?? wasOn;
  if (enabled && !wasOn) assertMayShow(tx, server, type, name);
  const rename = change.rename === undefined ? (before?.rename ?? null) : change.rename;
  const description = change.description === undefined ? (before?.description ?? null) : change.description;
  const values = { enabled, rename, description, updatedAt: new Date(tx.clock.now()) };
  const { groupId, serverId } = assignment;
  const was = await groupState(tx, groupId);
  await tx.db
    .insert(groupItems)
    .values({ groupId, serverId, type, name, ...values })
    .onConflictDoUpdate({
      target: [groupItems.groupId, groupItems.serverId, groupItems.type, groupItems.name],
      set: values,
    });
  await keepGroup(tx, groupId, { was });
  tx.audit({
    id: groupId,
    details: { server: serverId, type, name, enabled, rename, described: description !== null },
  });
  tx.emit({ type: 'group.changed', id: groupId });
}

/** Exposes these items of a type and nothing else of it; what the server adds later stays out. */
export const chooseGroupItems = verb(
  { name: 'group.update-server', access: 'write', input: ChooseGroupItems, tx: false },
  async (ctx, input): Promise<GroupItemView[]> => {
    const { type } = input;
    const names = [...new Set(input.names)];
    await inTransaction(ctx, async (tx) => {
      const { assignment, server } = await requireAssignment(tx, 'group.update-server', input);
      await lockGroup(tx, assignment.groupId);
      const stored = await loadStored(tx, assignment);
      for (const name of names) {
        if (!isOn(assignment, type, stored.get(keyOf(type, name)))) assertMayShow(tx, server, type, name);
      }
      const was = await groupState(tx, assignment.groupId);
      await replaceChosen(tx, assignment, type, names, stored);
      await keepGroup(tx, assignment.groupId, { was });
      tx.audit({ id: assignment.groupId, details: { server: server.id, type, chosen: names.slice(0, 200) } });
      tx.emit({ type: 'group.changed', id: assignment.groupId });
    });
    const items = await listGroupItems(ctx, { groupId: input.groupId, serverId: input.serverId });
    return items.filter((item) => item.type === type);
  },
);

async function replaceChosen(
  tx: VerbCtx,
  assignment: GroupServerRow,
  type: ItemType,
  names: readonly string[],
  stored: ItemsByName,
): Promise<void> {
  const { groupId, serverId } = assignment;
  const updatedAt = new Date(tx.clock.now());
  const ofType = [...stored.values()].filter((row) => row.type === type);
  const wanted = new Set(names);
  await tx.db.delete(groupItems).where(and(at(assignment), eq(groupItems.type, type)));
  const kept = ofType
    .filter(({ name, rename, description }) => wanted.has(name) || rename !== null || description !== null)
    .map((row) => ({ ...row, enabled: wanted.has(row.name), updatedAt }));
  const known = new Set(kept.map(({ name }) => name));
  const added = names
    .filter((name) => !known.has(name))
    .map((name) => ({ groupId, serverId, type, name, enabled: true, updatedAt }));
  if (kept.length + added.length > 0) await tx.db.insert(groupItems).values([...kept, ...added]);
  const chosen = [...new Set([...assignment.chosen, type])].toSorted();
  await tx.db
    .update(groupServers)
    .set({ chosen })
    .where(and(eq(groupServers.groupId, groupId), eq(groupServers.serverId, serverId)));
}

/** The items at the group's endpoint, and their cost in a model's context. */
export const getGroupExposure = verb(
  { name: 'group.read', access: 'read', input: GroupById },
  async (ctx, input): Promise<GroupExposure> => {
    const { id } = await requireGroup(ctx, 'group.read', input.id);
    const selection = selectionFor(ctx, id);
    if (!selection) throw new DomainError('unavailable', say('groupNotInForce', { id }));
    const rows = await ctx.db.select().from(tables.servers);
    const visible = new Set(rows.filter((row) => seesInGroup(ctx, id, row)).map((row) => row.id));
    const servers = selection.servers.filter(({ serverId }) => visible.has(serverId));
    const exposure = ctx.hub.runtime.exposure({ ...selection, servers });
    return toExposure(id, exposure);
  },
);

function toExposure(id: string, exposure: Exposure): GroupExposure {
  return {
    endpoint: { streamable: `/mcp/${id}`, sse: `/sse/${id}` },
    tools: exposure.tools.map(({ serverId, name, exposedName, definition, tokens }) => ({
      serverId,
      name,
      exposedName,
      description: textOf(definition['description']),
      tokens,
    })),
    prompts: exposure.prompts.length,
    resources: exposure.resources + exposure.resourceTemplates,
    tokens: exposure.tokens,
    collisions: exposure.collisions.map(({ type, exposedName, serverId, name, takenBy }) => ({
      type,
      exposedName,
      serverId,
      name,
      takenBy,
    })),
    duplicateUris: [...new Set(exposure.duplicates.map(({ uri }) => uri))],
  };
}
