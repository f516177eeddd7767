import { and, eq, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Catalog, ItemOverride, JsonObject } from '@switchboard/mcp-runtime/types';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import type { NamedTools } from './configs/tools.ts';
import { keepVersion, stateOf } from './describe.ts';
import { absentItem, absentServer, requireServer, serverResource } from './queries.ts';
import { ById, others, SetItem, SetOthers, type Item, type ItemType, type ServerItems } from './schema.ts';
import { rightsOf } from './view.ts';

/** The place of each type in a catalog, and the field that names an item. */
const places = {
  tool: { list: 'tools', key: 'name' },
  prompt: { list: 'prompts', key: 'name' },
  resource: { list: 'resources', key: 'uri' },
  template: { list: 'resourceTemplates', key: 'uriTemplate' },
} as const satisfies Record<ItemType, { list: keyof Catalog; key: string }>;

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toItem(
  type: ItemType,
  definition: JsonObject,
  override: Override | undefined,
  othersOff: boolean,
): Item | null {
  const name = textOf(definition[places[type].key]);
  if (name === null) return null;
  const originalDescription = textOf(definition['description']);
  return {
    type,
    name,
    title:
      textOf(definition['title']) ?? (type === 'resource' || type === 'template' ? textOf(definition['name']) : null),
    description: override?.description ?? originalDescription,
    originalDescription,
    enabled: override?.enabled ?? !othersOff,
    callsPerMinute: override?.callsPerMinute ?? null,
    definition,
  };
}

type Override = ItemOverride & { callsPerMinute: number | null };
type Stored = Map<string, Override>;
function storedKey(type: ItemType, name: string): string {
  return `${type}\n${name}`;
}

function areOthersOff(overrides: Stored, type: ItemType): boolean {
  return overrides.get(storedKey(type, others))?.enabled === false;
}

async function loadOverrides(ctx: Ctx, serverId: string): Promise<Stored> {
  const rows = await ctx.db.select().from(tables.serverItems).where(eq(tables.serverItems.serverId, serverId));
  return new Map(
    rows.map(({ type, name, enabled, description, callsPerMinute }) => [
      storedKey(type, name),
      { enabled, description, callsPerMinute },
    ]),
  );
}

/** The catalog of a server, as far as it is known. */
export async function loadCatalog(
  ctx: Ctx,
  serverId: string,
): Promise<{ catalog: Catalog | null; updatedAt: Date | null }> {
  const [row] = await ctx.db
    .select()
    .from(tables.catalogs)
    .where(and(eq(tables.catalogs.serverId, serverId), eq(tables.catalogs.scope, '')));
  const catalog = ctx.hub.runtime.catalog(serverId) ?? (row?.catalog as Catalog | undefined) ?? null;
  return { catalog, updatedAt: row?.updatedAt ?? null };
}

/** The items of a server; a caller who may not configure it sees only those that are switched on. */
export const listItems = verb(
  { name: 'server.read', access: 'read', input: ById },
  async (ctx, input): Promise<ServerItems> => {
    const row = await requireServer(ctx, input.id);
    const [{ catalog, updatedAt }, overrides] = await Promise.all([
      loadCatalog(ctx, row.id),
      loadOverrides(ctx, row.id),
    ]);
    const showAll = rightsOf(ctx, row).configure;
    const resource = serverResource(row);
    function seen(item: Item) {
      return (
        showAll ||
        (item.enabled && may(ctx, 'server.inspect', { ...resource, item: { type: item.type, name: item.name } }))
      );
    }
    const othersOff = itemKeys.filter((type) => areOthersOff(overrides, type));
    function itemsOf(type: ItemType): Item[] {
      return (catalog?.[places[type].list] ?? [])
        .map((definition) => {
          const override = overrides.get(storedKey(type, nameOf(type, definition)));
          return toItem(type, definition, override, othersOff.includes(type));
        })
        .filter((item) => item !== null)
        .filter(seen);
    }
    const items = {
      tools: itemsOf('tool'),
      prompts: itemsOf('prompt'),
      resources: itemsOf('resource'),
      templates: itemsOf('template'),
    };
    const shown = new Set(Object.values(items).flatMap((list) => list.map(({ type, name }) => storedKey(type, name))));
    const notes = (catalog?.notes ?? []).filter(
      ({ type, name }) => showAll || (type !== 'server' && name !== null && shown.has(storedKey(type, name))),
    );
    return { updatedAt, instructions: catalog?.instructions ?? null, othersOff, ...items, notes };
  },
);

/** The field that identifies an item among those of its type. */
export function nameOf(type: ItemType, definition: JsonObject): string {
  return textOf(definition[places[type].key]) ?? '';
}

export const itemKeys = Object.keys(places) as ItemType[];

/** The raw definitions of one type. */
export function definitionsOf(catalog: Catalog | null, type: ItemType): readonly JsonObject[] {
  return catalog?.[places[type].list] ?? [];
}

const mostOverrides = 10_000;

/** Switches one tool, prompt, resource or template on or off, or describes it otherwise. */
export const setItem = verb(
  { name: 'server.configure', access: 'write', input: SetItem },
  async (ctx, input): Promise<Item> => {
    const row = await requireServer(ctx, input.id);
    requireRight(ctx, 'server.configure', serverResource(row), () => absentServer(input.id));
    const { type, name } = input;
    const [{ catalog }, overrides] = await Promise.all([loadCatalog(ctx, row.id), loadOverrides(ctx, row.id)]);
    const definition = catalog?.[places[type].list].find((item) => nameOf(type, item) === name);
    const before = overrides.get(storedKey(type, name));
    if (!definition && !before) throw absentItem(row.id, type, name);
    if (!before && overrides.size >= mostOverrides) {
      throw new DomainError('limit_exceeded', say('mostItems', { id: row.id, most: overrides.size }));
    }
    const othersOff = areOthersOff(overrides, type);
    const enabled = input.enabled ?? before?.enabled ?? !othersOff;
    const description = input.description === undefined ? (before?.description ?? null) : input.description;
    const callsPerMinute = input.callsPerMinute === undefined ? (before?.callsPerMinute ?? null) : input.callsPerMinute;
    const change = { enabled, description, callsPerMinute, updatedAt: new Date(ctx.clock.now()) };
    const was = await stateOf(ctx, row.id);
    await ctx.db
      .insert(tables.serverItems)
      .values({ serverId: row.id, type, name, ...change })
      .onConflictDoUpdate({
        target: [tables.serverItems.serverId, tables.serverItems.type, tables.serverItems.name],
        set: change,
      });
    await keepVersion(ctx, row.id, { was });
    ctx.audit({ id: row.id, details: { type, name, enabled, described: description !== null, callsPerMinute } });
    ctx.emit({ type: 'server.changed', id: row.id });
    const shown = definition ?? { [places[type].key]: name };
    const item = toItem(type, shown, { enabled, description, callsPerMinute }, othersOff);
    if (!item) throw new DomainError('internal', say('itemNameless'));
    return item;
  },
);

/** Sets whether items that the server adds later are enabled; present items stay as they are. */
export const setOthers = verb(
  { name: 'server.configure', access: 'write', input: SetOthers },
  async (ctx, { id, type, enabled }): Promise<{ id: string; type: ItemType; enabled: boolean }> => {
    const row = await requireServer(ctx, id);
    requireRight(ctx, 'server.configure', serverResource(row), () => absentServer(id));
    const { catalog } = await loadCatalog(ctx, row.id);
    const overrides = await loadOverrides(ctx, row.id);
    const before = !areOthersOff(overrides, type);
    const open = definitionsOf(catalog, type)
      .map((definition) => nameOf(type, definition))
      .filter((name) => name !== others && !overrides.has(storedKey(type, name)));
    if (enabled !== before) {
      const kept = open.slice(0, mostOverrides - overrides.size - 1).map((name) => ({ type, name, enabled: before }));
      const was = await stateOf(ctx, row.id);
      await storeSwitches(ctx, row.id, [...kept, { type, name: others, enabled }]);
      await keepVersion(ctx, row.id, { was });
    }
    ctx.audit({ id: row.id, details: { type, others: enabled } });
    ctx.emit({ type: 'server.changed', id: row.id });
    return { id: row.id, type, enabled };
  },
);

/** Switches tools as an imported entry says; the caller has checked the right, and audits the change. */
export async function switchTools(ctx: Ctx, serverId: string, { only, off }: NamedTools): Promise<void> {
  const named = new Map([
    ...(only ?? []).map((name) => [name, true] as const),
    ...off.map((name) => [name, false] as const),
  ]);
  const switches = [...named].map(([name, enabled]) => ({ type: 'tool' as const, name, enabled }));
  if (only === null && switches.length === 0) return;
  const was = await stateOf(ctx, serverId);
  if (only !== null) {
    const tools = and(eq(tables.serverItems.serverId, serverId), eq(tables.serverItems.type, 'tool'));
    await ctx.db.update(tables.serverItems).set({ enabled: false }).where(tools);
    switches.push({ type: 'tool', name: others, enabled: false });
  }
  await storeSwitches(ctx, serverId, switches);
  await keepVersion(ctx, serverId, { was });
}

async function storeSwitches(
  ctx: Ctx,
  serverId: string,
  switches: readonly { type: ItemType; name: string; enabled: boolean }[],
): Promise<void> {
  if (switches.length === 0) return;
  const { serverItems } = tables;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.db
    .insert(serverItems)
    .values(switches.map((each) => ({ serverId, ...each, updatedAt })))
    .onConflictDoUpdate({
      target: [serverItems.serverId, serverItems.type, serverItems.name],
      set: { enabled: sql`excluded.enabled`, updatedAt },
    });
}
