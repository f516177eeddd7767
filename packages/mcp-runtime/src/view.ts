import { exposedName } from './naming.ts';
import { isObject } from './rpc.ts';
import type { Catalog, EndpointSelection, ItemOverride, ItemType, JsonObject, SelectedServer } from './types.ts';
import { fitsFor } from './uri-template.ts';
import type { Fits } from './uri-template.ts';

/** Where an exposed tool or prompt lives. */
export interface Route {
  serverId: string;
  /** The name the server knows. */
  name: string;
  /** The server's own definition, for schemas. */
  definition: JsonObject;
}

/** A selection joined with the catalogs: everything a session lists or routes by. Immutable. */
export interface View {
  selection: EndpointSelection;
  serverIds: readonly string[];
  /** By server, how much of its calls is kept; absent = nothing. */
  recordOf: ReadonlyMap<string, SelectedServer['record']>;
  /** Servers of which the caller may not know why they fail. */
  quiet: ReadonlySet<string>;
  tools: ReadonlyMap<string, Route>;
  prompts: ReadonlyMap<string, Route>;
  /** URI → the server that lists it first. */
  resources: ReadonlyMap<string, string>;
  templates: readonly { serverId: string; template: string }[];
  /** By server, what switches turned off: refused on read though the server may have it. */
  off: ReadonlyMap<string, Off>;
  /** Tools and prompts whose exposed name another has: neither listed nor callable. */
  collisions: readonly Collision[];
  /** JSON of the arrays, ready to be spliced into results. */
  json: { tools: string; prompts: string; resources: string; resourceTemplates: string };
  capabilities: JsonObject;
  /** Set where the endpoint is one server and its own identity is passed on. */
  serverInfo: JsonObject | null;
  instructions: string | null;
  /** URIs that more than one server lists, with the server that is left out and the one that is listed. */
  duplicates: readonly Duplicate[];
}

export interface Off {
  uris: ReadonlySet<string>;
  templates: readonly string[];
  /** Nothing but what is listed, or fits a template that is listed, may be read. */
  restListed: boolean;
}

export interface Collision {
  type: 'tool' | 'prompt';
  exposedName: string;
  serverId: string;
  name: string;
  takenBy: string;
}

export interface Duplicate {
  uri: string;
  serverId: string;
  listedBy: string;
}

type CatalogOf = (serverId: string) => Catalog | null;

const LISTED: Record<ItemType, { key: 'tools' | 'prompts' | 'resources' | 'resourceTemplates'; name: string }> = {
  tool: { key: 'tools', name: 'name' },
  prompt: { key: 'prompts', name: 'name' },
  resource: { key: 'resources', name: 'uri' },
  template: { key: 'resourceTemplates', name: 'uriTemplate' },
};

function overrideOf(server: SelectedServer, type: ItemType, name: string): ItemOverride | undefined {
  const overrides = server.overrides[type];
  return overrides !== undefined && Object.hasOwn(overrides, name) ? overrides[name] : undefined;
}

/** Items of one type that the selection leaves on, with descriptions replaced where it says so. */
function* items(
  { selection: { prefixed } }: Draft,
  server: SelectedServer,
  catalog: Catalog,
  type: ItemType,
): Generator<{ id: string; item: JsonObject }> {
  const { key, name } = LISTED[type];
  const only = server.only?.[type];
  const left = only === undefined ? null : new Set(only);
  // Where it could take the tools of others along, what strict clients refuse is not listed.
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

const FEATURES = ['tools', 'prompts', 'resources', 'logging', 'completions'] as const;
const LISTING = ['tools', 'prompts', 'resources'] as const;

function capabilitiesOf(selection: EndpointSelection, catalogs: readonly Catalog[]): JsonObject {
  const only = catalogs.length === 1 && !selection.prefixed ? catalogs[0] : undefined;
  const merged: JsonObject = { ...only?.capabilities };
  for (const key of FEATURES) {
    const parts = catalogs.map((catalog) => catalog.capabilities[key]).filter(isObject);
    if (parts.length > 0) merged[key] = parts.reduce((all, part) => ({ ...all, ...part }), {});
  }
  if (selection.prefixed) merged['tools'] ??= {};
  // Switches and servers that come and go change the lists whatever a server itself announces.
  for (const key of LISTING) if (isObject(merged[key])) merged[key] = { ...merged[key], listChanged: true };
  return merged;
}

function instructionsOf(selection: EndpointSelection, catalogOf: CatalogOf): string | null {
  const parts = selection.servers.flatMap((server) => {
    const text = catalogOf(server.serverId)?.instructions ?? null;
    if (text === null || text === '') return [];
    return [selection.prefixed ? `## ${server.alias ?? server.serverId}\n${text}` : text];
  });
  return parts.length === 0 ? null : parts.join('\n\n');
}

/** A view while it is being put together. */
interface Draft {
  readonly selection: EndpointSelection;
  readonly tools: Map<string, Route>;
  readonly prompts: Map<string, Route>;
  readonly resources: Map<string, string>;
  readonly templates: { serverId: string; template: string }[];
  readonly off: Map<string, Off>;
  readonly collisions: Collision[];
  readonly duplicates: Duplicate[];
  readonly listed: Record<(typeof LISTED)[ItemType]['key'], JsonObject[]>;
}

function addNamed(draft: Draft, server: SelectedServer, catalog: Catalog, type: 'tool' | 'prompt'): void {
  const { serverId } = server;
  const into = type === 'tool' ? draft.tools : draft.prompts;
  for (const { id, item } of items(draft, server, catalog, type)) {
    const own = overrideOf(server, type, id)?.rename ?? id;
    const exposed = draft.selection.prefixed ? exposedName(server.alias ?? serverId, own) : own;
    const taken = into.get(exposed);
    if (taken !== undefined) {
      draft.collisions.push({ type, exposedName: exposed, serverId, name: id, takenBy: taken.serverId });
      continue;
    }
    into.set(exposed, { serverId, name: id, definition: item });
    draft.listed[LISTED[type].key].push(exposed === id ? item : { ...item, name: exposed });
  }
}

function addResources(draft: Draft, server: SelectedServer, catalog: Catalog): void {
  const { serverId } = server;
  for (const { id, item } of items(draft, server, catalog, 'resource')) {
    const listedBy = draft.resources.get(id);
    if (listedBy === undefined) {
      draft.resources.set(id, serverId);
      draft.listed.resources.push(item);
    } else if (listedBy !== serverId) draft.duplicates.push({ uri: id, serverId, listedBy });
  }
  const known = new Set(draft.templates.map(({ template }) => template));
  for (const { id, item } of items(draft, server, catalog, 'template')) {
    if (!known.has(id)) draft.listed.resourceTemplates.push(item);
    draft.templates.push({ serverId, template: id });
  }
}

function addSwitches(draft: Draft, { serverId, overrides, only }: SelectedServer): void {
  const offIn = (type: ItemType): string[] =>
    Object.entries(overrides[type] ?? {}).flatMap(([id, { enabled }]) => (enabled ? [] : [id]));
  const uris = new Set(offIn('resource'));
  const templates = offIn('template');
  const restListed = only?.resource !== undefined || only?.template !== undefined;
  if (restListed || uris.size > 0 || templates.length > 0) draft.off.set(serverId, { uris, templates, restListed });
}

/** Joins a selection with catalogs. Cost grows with the items; callers keep the result while neither changes. */
export function compileView(selection: EndpointSelection, catalogOf: CatalogOf): View {
  const draft: Draft = {
    selection,
    tools: new Map(),
    prompts: new Map(),
    resources: new Map(),
    templates: [],
    off: new Map(),
    collisions: [],
    duplicates: [],
    listed: { tools: [], prompts: [], resources: [], resourceTemplates: [] },
  };
  const catalogs: Catalog[] = [];
  for (const server of selection.servers) {
    const catalog = catalogOf(server.serverId);
    addSwitches(draft, server);
    if (catalog === null) continue;
    catalogs.push(catalog);
    addNamed(draft, server, catalog, 'tool');
    addNamed(draft, server, catalog, 'prompt');
    addResources(draft, server, catalog);
  }
  const { listed, ...routes } = draft;
  const single = !selection.prefixed && catalogs.length === 1 ? catalogs[0] : undefined;
  return {
    ...routes,
    serverIds: selection.servers.map((server) => server.serverId),
    quiet: new Set(selection.servers.flatMap(({ serverId, quiet }) => (quiet ? [serverId] : []))),
    recordOf: new Map(selection.servers.map(({ serverId, record }) => [serverId, record])),
    json: {
      tools: JSON.stringify(listed.tools),
      prompts: JSON.stringify(listed.prompts),
      resources: JSON.stringify(listed.resources),
      resourceTemplates: JSON.stringify(listed.resourceTemplates),
    },
    capabilities: capabilitiesOf(selection, catalogs),
    serverInfo: single?.serverInfo['name'] === undefined ? null : single.serverInfo,
    instructions: instructionsOf(selection, catalogOf),
  };
}

/** A server to ask for a URI; `sure` where something says that it has it. */
export interface Candidate {
  serverId: string;
  sure: boolean;
}

/** Whether a switch forbids this URI at this server; what could not be found out is forbidden. */
function isOff(view: View, serverId: string, uri: string, fits: Fits): boolean {
  const off = view.off.get(serverId);
  if (off === undefined) return false;
  if (off.uris.has(uri)) return true;
  if (view.resources.get(uri) === serverId) return false;
  if (off.templates.some((template) => fits(serverId, template) !== false)) return true;
  return (
    off.restListed && !view.templates.some((at) => at.serverId === serverId && fits(serverId, at.template) === true)
  );
}

/**
 * Servers to ask for a URI, best first: the one that mentioned it in this session, the one that lists it,
 * those with a matching template, then every server with resources in order (design: Names). Without a session a
 * mention comes after what is listed, so that no server can draw another's resources to itself.
 */
export function resourceCandidates(
  view: View,
  uri: string,
  mentions: { readonly first: boolean; get(uri: string): string | undefined } | null,
  catalogOf: CatalogOf,
): Candidate[] {
  const found = new Set<string>();
  const named = mentions?.get(uri);
  const mentionedBy = named !== undefined && view.serverIds.includes(named) ? named : null;
  if (mentionedBy !== null && mentions?.first === true) found.add(mentionedBy);
  const listed = view.resources.get(uri);
  if (listed !== undefined) found.add(listed);
  const fits = fitsFor(uri);
  for (const { serverId, template } of view.templates) {
    if (!found.has(serverId) && fits(serverId, template) === true) found.add(serverId);
  }
  if (mentionedBy !== null) found.add(mentionedBy);
  const sure = found.size > 0;
  const ids = sure ? [...found] : view.serverIds.filter((id) => catalogOf(id)?.capabilities['resources'] !== undefined);
  return ids.filter((id) => !isOff(view, id, uri, fits)).map((serverId) => ({ serverId, sure }));
}
