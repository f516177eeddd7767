import { setBounded } from '@switchboard/basics';
import { exposedName } from './naming.ts';
import type { Catalog, ItemOverride, ItemType, JsonObject, SelectedServer } from './types.ts';
import { uriForm } from './uri-form.ts';

/** The server and name behind an exposed tool or prompt. */
export interface Route {
  serverId: string;
  /** The name the server knows. */
  name: string;
  /** The server's own definition, for schemas. */
  definition: JsonObject;
}

/** Items of one list of one server; `json` holds their definitions, with commas between them. */
interface Part {
  readonly json: string;
}

export interface NamedPart extends Part {
  /** By exposed name. */
  readonly routes: ReadonlyMap<string, Route>;
}

export interface ListedPart extends Part {
  /** By URI or URI template. */
  readonly items: ReadonlyMap<string, JsonObject>;
}

/** The items that switches and filters turn off at a server: refused on read though the server may have them. */
export interface SwitchedOff {
  /** Forms of URIs, see `uriForm`. */
  readonly uris: ReadonlySet<string>;
  readonly templates: readonly string[];
  /** True where only listed resources, and those of a listed template, may be read. */
  readonly restListed: boolean;
}

export interface Collision {
  type: 'tool' | 'prompt';
  exposedName: string;
  serverId: string;
  name: string;
  takenBy: string;
}

/**
 * The part of an endpoint from one selected server. Immutable, and one object wherever a catalog is selected in the
 * same way: endpoints and people share it, and a change of one server replaces only its own.
 */
export interface Fragment {
  readonly server: SelectedServer;
  /** Null where nobody has listed the server yet. */
  readonly catalog: Catalog | null;
  readonly tools: NamedPart;
  readonly prompts: NamedPart;
  readonly resources: ListedPart;
  readonly resourceTemplates: ListedPart;
  readonly off: SwitchedOff | null;
  /** Something of the server is switched off or left out. */
  readonly narrowed: boolean;
  /** Tools and prompts whose exposed name another of the same server has. */
  readonly collisions: readonly Collision[];
}

const listsByType: Record<ItemType, { key: 'tools' | 'prompts' | 'resources' | 'resourceTemplates'; name: string }> = {
  tool: { key: 'tools', name: 'name' },
  prompt: { key: 'prompts', name: 'name' },
  resource: { key: 'resources', name: 'uri' },
  template: { key: 'resourceTemplates', name: 'uriTemplate' },
};
const types = ['tool', 'prompt', 'resource', 'template'] as const satisfies readonly ItemType[];

function overrideOf(server: SelectedServer, type: ItemType, name: string): ItemOverride | undefined {
  const overrides = server.overrides[type];
  return overrides !== undefined && Object.hasOwn(overrides, name) ? overrides[name] : undefined;
}

/** Items of one type that the selection leaves on, with replaced descriptions where it has some. */
function* items(
  server: SelectedServer,
  catalog: Catalog,
  { type, prefixed }: { type: ItemType; prefixed: boolean },
): Generator<{ id: string; item: JsonObject }> {
  const { key, name } = listsByType[type];
  const only = server.only?.[type];
  const left = only === undefined ? null : new Set(only);
  // At an endpoint of several servers, definitions that strict clients refuse are not listed: such a client would
  // refuse
  // all tools.
  const withheld = prefixed && type === 'tool' && catalog.withheld !== undefined ? new Set(catalog.withheld) : null;
  for (const item of catalog[key]) {
    const id = item[name];
    if (typeof id !== 'string' || left?.has(id) === false || withheld?.has(id) === true) continue;
    const override = overrideOf(server, type, id);
    if (override?.enabled === false) continue;
    const described = override?.description ?? null;
    yield { id, item: described === null ? item : { ...item, description: described } };
  }
}

/** The definition of an item under its exposed name. */
export function definitionJson(exposed: string, { name, definition }: Route): string {
  return JSON.stringify(exposed === name ? definition : { ...definition, name: exposed });
}

const noRoutes: NamedPart = { json: '', routes: new Map() };
const noItems: ListedPart = { json: '', items: new Map() };

function namedPart(
  server: SelectedServer,
  catalog: Catalog,
  { type, prefixed }: { type: 'tool' | 'prompt'; prefixed: boolean },
  collisions: Collision[],
): NamedPart {
  const { serverId } = server;
  const routes = new Map<string, Route>();
  for (const { id, item } of items(server, catalog, { type, prefixed })) {
    const own = overrideOf(server, type, id)?.rename ?? id;
    const exposed = prefixed ? exposedName(server.alias ?? serverId, own) : own;
    if (routes.has(exposed)) collisions.push({ type, exposedName: exposed, serverId, name: id, takenBy: serverId });
    else routes.set(exposed, { serverId, name: id, definition: item });
  }
  if (routes.size === 0) return noRoutes;
  return { routes, json: Array.from(routes, ([exposed, route]) => definitionJson(exposed, route)).join(',') };
}

function listedPart(server: SelectedServer, catalog: Catalog, type: 'resource' | 'template'): ListedPart {
  const found = new Map<string, JsonObject>();
  for (const { id, item } of items(server, catalog, { type, prefixed: false })) if (!found.has(id)) found.set(id, item);
  if (found.size === 0) return noItems;
  return { items: found, json: Array.from(found.values(), (item) => JSON.stringify(item)).join(',') };
}

function switchedOff({ overrides }: SelectedServer, type: ItemType): string[] {
  return Object.entries(overrides[type] ?? {}).flatMap(([id, { enabled }]) => (enabled ? [] : [id]));
}

function offOf(server: SelectedServer): SwitchedOff | null {
  const { only } = server;
  const uris = new Set(switchedOff(server, 'resource').flatMap((uri) => uriForm(uri) ?? []));
  const templates = switchedOff(server, 'template');
  const restListed = only?.resource !== undefined || only?.template !== undefined;
  return restListed || uris.size > 0 || templates.length > 0 ? { uris, templates, restListed } : null;
}

function make(server: SelectedServer, catalog: Catalog | null, prefixed: boolean): Fragment {
  const collisions: Collision[] = [];
  function named(type: 'tool' | 'prompt'): NamedPart {
    return catalog === null ? noRoutes : namedPart(server, catalog, { type, prefixed }, collisions);
  }
  function listed(type: 'resource' | 'template'): ListedPart {
    return catalog === null ? noItems : listedPart(server, catalog, type);
  }
  return {
    server,
    catalog,
    tools: named('tool'),
    prompts: named('prompt'),
    resources: listed('resource'),
    resourceTemplates: listed('template'),
    off: offOf(server),
    narrowed: server.only !== undefined || types.some((type) => switchedOff(server, type).length > 0),
    collisions,
  };
}

/** Ways of selecting one catalog that are kept; the oldest go first. */
const mostWays = 500;

const notListed = {};
/** By what a server offers: its fragments by the way it is selected. They go when its catalog does. */
const byCatalog = new WeakMap<object, Map<string, Fragment>>();
/** The last fragment of a selected server, which stays the same object as long as nothing changes. */
const byServer = new WeakMap<SelectedServer, { catalog: Catalog | null; prefixed: boolean; fragment: Fragment }>();

function byContent(server: SelectedServer, catalog: Catalog | null, prefixed: boolean): Fragment {
  const { serverId, alias, only, overrides, record, quiet } = server;
  const way = JSON.stringify([prefixed, serverId, alias, only, overrides, record, quiet]);
  const ways = byCatalog.get(catalog ?? notListed) ?? new Map<string, Fragment>();
  byCatalog.set(catalog ?? notListed, ways);
  const known = ways.get(way);
  if (known !== undefined) return known;
  const made = make(server, catalog, prefixed);
  setBounded(ways, way, made, mostWays);
  return made;
}

/** The part of an endpoint from a server; `prefixed` where its names carry the server's. */
export function fragmentOf(server: SelectedServer, catalog: Catalog | null, prefixed: boolean): Fragment {
  const last = byServer.get(server);
  if (last !== undefined && last.catalog === catalog && last.prefixed === prefixed) return last.fragment;
  const fragment = byContent(server, catalog, prefixed);
  byServer.set(server, { catalog, prefixed, fragment });
  return fragment;
}
