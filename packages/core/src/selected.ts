import { say, type Reason } from '@switchboard/mcp-runtime/reasons';
import type { ItemOverride, ItemType, SelectedServer } from '@switchboard/mcp-runtime/types';
import type { GroupItem } from './access/directory.ts';
import type { ItemFilter } from './access/item-filter.ts';
import { others } from './servers/items-schema.ts';
import type { ItemRow } from './servers/rows.ts';

type Overrides = Partial<Record<ItemType, Record<string, ItemOverride>>>;

const types = ['tool', 'prompt', 'resource', 'template'] as const satisfies readonly ItemType[];

/** Without a prototype: a tool may be called `constructor`. */
function emptyMap(): Record<string, ItemOverride> {
  return Object.create(null) as Record<string, ItemOverride>;
}

/** The changed items of a server, and the types of which only named items are on. */
export type Switches = Pick<SelectedServer, 'overrides' | 'only'>;

/** The reason for a server that is off, for callers who may see it; the runtime gives the same. */
export function offServer({ id, desired }: { id: string; desired: string }): Reason {
  return say(desired === 'disabled' ? 'switchedOff' : 'switchedStopped', { id });
}

/** The changed items of servers, by server. */
export function serverSwitches(items: readonly ItemRow[]): Map<string, Switches> {
  const overrides = new Map<string, Overrides>();
  const only = new Map<string, Partial<Record<ItemType, string[]>>>();
  for (const { serverId, type, name, enabled } of items) {
    if (name !== others || enabled) continue;
    const types = only.get(serverId) ?? {};
    only.set(serverId, types);
    types[type] = [];
  }
  for (const { serverId, type, name, enabled, description } of items) {
    if (name === others) continue;
    if (enabled) only.get(serverId)?.[type]?.push(name);
    if (enabled && description === null) continue;
    const server: Overrides = overrides.get(serverId) ?? {};
    overrides.set(serverId, server);
    (server[type] ??= emptyMap())[name] = { enabled, description };
  }
  const found = new Map<string, Switches>();
  for (const id of new Set([...overrides.keys(), ...only.keys()])) {
    const names = only.get(id);
    for (const list of Object.values(names ?? {})) list.sort();
    found.set(id, { overrides: overrides.get(id) ?? {}, ...(names && { only: names }) });
  }
  return found;
}

function copyOf(overrides: SelectedServer['overrides']): Overrides {
  const copy: Overrides = {};
  for (const type of types) {
    const ofType = overrides[type];
    if (ofType) copy[type] = Object.assign(emptyMap(), ofType);
  }
  return copy;
}

/** A server with a group's alias, names and descriptions; what the server's owner switched off stays off. */
export function withGroupItems(
  server: SelectedServer,
  alias: string | null,
  items: readonly GroupItem[],
): SelectedServer {
  const overrides = copyOf(server.overrides);
  for (const { type, name, rename, description } of items) {
    if (rename === null && description === null) continue;
    const ofType = (overrides[type] ??= emptyMap());
    const before = ofType[name] ?? { enabled: true, description: null };
    ofType[name] = { ...before, ...(rename !== null && { rename }), ...(description !== null && { description }) };
  }
  return { ...server, ...(alias !== null && { alias }), overrides };
}

/** A server with nothing left but what a filter allows. */
export function narrowed(server: SelectedServer, filter: ItemFilter): SelectedServer {
  const limited = types.filter((type) => filter[type] !== undefined);
  if (limited.length === 0) return server;
  const only: Partial<Record<ItemType, readonly string[]>> = { ...server.only };
  const overrides = copyOf(server.overrides);
  for (const type of limited) {
    const set = filter[type];
    if (set?.mode === 'only') {
      const before = server.only?.[type];
      only[type] = [...set.names].filter((name) => before?.includes(name) ?? true).toSorted();
      continue;
    }
    const ofType = (overrides[type] ??= emptyMap());
    for (const name of set?.names ?? []) {
      ofType[name] = { ...(ofType[name] ?? { description: null }), enabled: false };
    }
  }
  return { ...server, overrides, ...(Object.keys(only).length > 0 && { only }) };
}

/** Whether an item of a server is listed and may be used. */
export function isOffered(server: Switches, type: ItemType, name: string): boolean {
  const only = server.only?.[type];
  if (only && !only.includes(name)) return false;
  const overrides = server.overrides[type];
  return !(overrides && Object.hasOwn(overrides, name) && overrides[name]?.enabled === false);
}
