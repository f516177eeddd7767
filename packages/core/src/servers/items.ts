import { tables } from '@switchboard/db';
import type { Catalog, ItemOverride, JsonObject } from '@switchboard/mcp-runtime/types';
import { and, eq, sql } from 'drizzle-orm';
import { may, requireRight } from '../access/require.ts';
import { DomainError, notFound } from '../errors.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { absentServer, requireServer, serverResource } from './queries.ts';
import type { NamedTools } from './configs/tools.ts';
import { ById, OTHERS, SetItem, SetOthers, type Item, type ItemType, type ServerItems } from './schema.ts';
import { rightsOf } from './view.ts';

/** Where a catalog holds each type, and what names an item of it. */
const places = {
  tool: { list: 'tools', key: 'name' },
  prompt: { list: 'prompts', key: 'name' },
  resource: { list: 'resources', key: 'uri' },
  template: { list: 'resourceTemplates', key: 'uriTemplate' },
} as const satisfies Record<ItemType, { list: keyof Catalog; key: string }>;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const toItem = (
  type: ItemType,
  definition: JsonObject,
  override: Override | undefined,
  othersOff: boolean,
): Item | null => {
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
};

type Override = ItemOverride & { callsPerMinute: number | null };
type Stored = Map<string, Override>;
const storedKey = (type: ItemType, name: string): string => `${type}\n${name}`;

const areOthersOff = (overrides: Stored, type: ItemType): boolean =>
  overrides.get(storedKey(type, OTHERS))?.enabled === false;

const loadOverrides = async (ctx: Ctx, serverId: string): Promise<Stored> => {
  const rows = await ctx.db.select().from(tables.serverItems).where(eq(tables.serverItems.serverId, serverId));
  return new Map(
    rows.map(({ type, name, enabled, description, callsPerMinute }) => [
      storedKey(type, name),
      { enabled, description, callsPerMinute },
    ]),
  );
};

/** What a server offers, as far as it is known. */
export const loadCatalog = async (
  ctx: Ctx,
  serverId: string,
): Promise<{ catalog: Catalog | null; updatedAt: Date | null }> => {
  const [row] = await ctx.db
    .select()
    .from(tables.catalogs)
    .where(and(eq(tables.catalogs.serverId, serverId), eq(tables.catalogs.scope, '')));
  const catalog = ctx.runtime.catalog(serverId) ?? (row?.catalog as Catalog | undefined) ?? null;
  return { catalog, updatedAt: row?.updatedAt ?? null };
};

/** What a server offers; who may not configure it sees only what is switched on. */
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
    const seen = (item: Item) =>
      showAll ||
      (item.enabled && may(ctx, 'server.inspect', { ...resource, item: { type: item.type, name: item.name } }));
    const othersOff = itemKeys.filter((type) => areOthersOff(overrides, type));
    const itemsOf = (type: ItemType): Item[] =>
      (catalog?.[places[type].list] ?? [])
        .map((definition) => {
          const override = overrides.get(storedKey(type, nameOf(type, definition)));
          return toItem(type, definition, override, othersOff.includes(type));
        })
        .filter((item) => item !== null)
        .filter(seen);
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

/** What names an item among those of its type. */
export const nameOf = (type: ItemType, definition: JsonObject): string => textOf(definition[places[type].key]) ?? '';

export const itemKeys = Object.keys(places) as ItemType[];

/** The raw definitions of one type. */
export const definitionsOf = (catalog: Catalog | null, type: ItemType): readonly JsonObject[] =>
  catalog?.[places[type].list] ?? [];

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
    if (!definition && !before) throw notFound(`${type} of '${row.id}'`, name);
    if (!before && overrides.size >= mostOverrides) {
      throw new DomainError(
        'limit_exceeded',
        `'${row.id}' has ${overrides.size} changed items, the most there may be.`,
      );
    }
    const othersOff = areOthersOff(overrides, type);
    const enabled = input.enabled ?? before?.enabled ?? !othersOff;
    const description = input.description === undefined ? (before?.description ?? null) : input.description;
    const callsPerMinute = input.callsPerMinute === undefined ? (before?.callsPerMinute ?? null) : input.callsPerMinute;
    const change = { enabled, description, callsPerMinute, updatedAt: new Date(ctx.clock.now()) };
    await ctx.db
      .insert(tables.serverItems)
      .values({ serverId: row.id, type, name, ...change })
      .onConflictDoUpdate({
        target: [tables.serverItems.serverId, tables.serverItems.type, tables.serverItems.name],
        set: change,
      });
    ctx.audit({ id: row.id, details: { type, name, enabled, described: description !== null, callsPerMinute } });
    ctx.emit({ type: 'server.changed', id: row.id });
    const shown = definition ?? { [places[type].key]: name };
    const item = toItem(type, shown, { enabled, description, callsPerMinute }, othersOff);
    if (!item) throw new DomainError('internal', 'The item has no name.');
    return item;
  },
);

/** Says whether what the server offers later is on by itself; what it offers now stays as it is. */
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
      .filter((name) => name !== OTHERS && !overrides.has(storedKey(type, name)));
    if (enabled !== before) {
      const kept = open.slice(0, mostOverrides - overrides.size - 1).map((name) => ({ type, name, enabled: before }));
      await storeSwitches(ctx, row.id, [...kept, { type, name: OTHERS, enabled }]);
    }
    ctx.audit({ id: row.id, details: { type, others: enabled } });
    ctx.emit({ type: 'server.changed', id: row.id });
    return { id: row.id, type, enabled };
  },
);

/** Switches tools as an imported entry says; whoever calls has the right and tells the change. */
export const switchTools = async (ctx: Ctx, serverId: string, { only, off }: NamedTools): Promise<void> => {
  const named = new Map([
    ...(only ?? []).map((name) => [name, true] as const),
    ...off.map((name) => [name, false] as const),
  ]);
  const switches = [...named].map(([name, enabled]) => ({ type: 'tool' as const, name, enabled }));
  if (only !== null) {
    const tools = and(eq(tables.serverItems.serverId, serverId), eq(tables.serverItems.type, 'tool'));
    await ctx.db.update(tables.serverItems).set({ enabled: false }).where(tools);
    switches.push({ type: 'tool', name: OTHERS, enabled: false });
  }
  await storeSwitches(ctx, serverId, switches);
};

const storeSwitches = async (
  ctx: Ctx,
  serverId: string,
  switches: readonly { type: ItemType; name: string; enabled: boolean }[],
): Promise<void> => {
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
};
