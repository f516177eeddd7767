import { isDeepStrictEqual } from 'node:util';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { ServerRow } from '../servers/rows.ts';
import type { VerbCtx } from '../verb.ts';
import type { GroupState } from './describe.ts';
import { assertMayShow } from './items.ts';
import { ItemType, ServerPermission } from './schema.ts';
import { assertAliasFree, assertHandsOn } from './servers.ts';

const { groupItems, groupServers } = tables;

const ToldItem = z.strictObject({
  enabled: z.boolean(),
  rename: z.string().optional(),
  description: z.string().max(16_384).optional(),
});

/** A server of a group, as versions and files store it. */
export const ToldGroupServer = z.strictObject({
  permissions: z.array(ServerPermission).max(16),
  alias: z.string().optional(),
  chosen: z.array(ItemType).max(4).default([]),
  items: z.partialRecord(ItemType, z.record(z.string().min(1).max(2_000), ToldItem)).default({}),
});
export type ToldGroupServer = z.output<typeof ToldGroupServer>;

type Assignment = GroupState['servers'][number];
type ItemRow = GroupState['items'][number];

function itemsOf(groupId: string, serverId: string, told: ToldGroupServer, updatedAt: Date): ItemRow[] {
  return Object.entries(told.items).flatMap(([type, named]) =>
    Object.entries(named ?? {}).map(([name, { enabled, rename, description }]) => ({
      groupId,
      serverId,
      type: ItemType.parse(type),
      name,
      enabled,
      rename: rename ?? null,
      description: description ?? null,
      updatedAt,
    })),
  );
}

/** Refuses what gives members more of a server than the actor may give. */
function requireGiving(
  tx: VerbCtx,
  server: ServerRow,
  before: { row: Assignment | null; items: readonly ItemRow[] },
  after: { told: ToldGroupServer; items: readonly ItemRow[] },
): void {
  const had = before.row?.permissions ?? [];
  const more = after.told.permissions.filter((permission) => !had.includes(permission));
  if (!before.row || more.length > 0) assertHandsOn(tx, server, more);
  const chosen = before.row?.chosen ?? [];
  if (chosen.some((type) => !after.told.chosen.some((one) => one === type)))
    assertHandsOn(tx, server, ['read', 'execute']);
  for (const { type, name, enabled } of after.items) {
    const was = before.items.find((item) => item.type === type && item.name === name)?.enabled;
    if (enabled && !(was ?? !chosen.includes(type))) assertMayShow(tx, server, type, name);
  }
  const named = new Set(after.items.map(({ type, name }) => `${type}\n${name}`));
  for (const { type, name, enabled } of before.items) {
    const isOn = !after.told.chosen.some((one) => one === type);
    if (!enabled && isOn && !named.has(`${type}\n${name}`)) assertMayShow(tx, server, type, name);
  }
}

function here(groupId: string, serverId: string) {
  return and(eq(groupServers.groupId, groupId), eq(groupServers.serverId, serverId));
}

/** Takes a server out of a group whose row is locked, with what the group changed about it. */
export async function takeOut(tx: VerbCtx, groupId: string, serverId: string): Promise<void> {
  requireRight(tx, 'group.remove-server', { type: 'group', id: groupId });
  await tx.db.delete(groupServers).where(here(groupId, serverId));
}

/** Adds a server to a group whose row is locked, or changes it there until it equals the given one. */
export async function putServer(
  tx: VerbCtx,
  { row: group, servers, items }: GroupState,
  server: ServerRow,
  told: ToldGroupServer,
): Promise<boolean> {
  const [groupId, serverId] = [group.id, server.id];
  const now = new Date(tx.clock.now());
  const row = servers.find((one) => one.serverId === serverId) ?? null;
  const before = { row, items: items.filter((item) => item.serverId === serverId) };
  const after = { told, items: itemsOf(groupId, serverId, told, now) };
  const values = { permissions: [...told.permissions], alias: told.alias ?? null, chosen: told.chosen.toSorted() };
  const isSame =
    row &&
    isDeepStrictEqual({ permissions: row.permissions, alias: row.alias, chosen: row.chosen }, values) &&
    isDeepStrictEqual(comparable(before.items), comparable(after.items));
  if (isSame) return false;
  requireRight(tx, row ? 'group.update-server' : 'group.add-server', { type: 'group', id: groupId });
  requireGiving(tx, server, before, after);
  if (!row && server.visibility === 'private') {
    throw new DomainError('precondition', say('privateServer', { id: serverId }));
  }
  if (!row || row.alias !== values.alias) await assertAliasFree(tx, groupId, serverId, values.alias);
  await tx.db
    .insert(groupServers)
    .values({ groupId, serverId, ...values, createdAt: now })
    .onConflictDoUpdate({ target: [groupServers.groupId, groupServers.serverId], set: values });
  await tx.db.delete(groupItems).where(and(eq(groupItems.groupId, groupId), eq(groupItems.serverId, serverId)));
  if (after.items.length > 0) await tx.db.insert(groupItems).values(after.items);
  return true;
}

function comparable(items: readonly ItemRow[]) {
  return items
    .map(({ type, name, enabled, rename, description }) => ({ type, name, enabled, rename, description }))
    .toSorted((one, other) => (`${one.type}\n${one.name}` < `${other.type}\n${other.name}` ? -1 : 1));
}
