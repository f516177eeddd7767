import { exposedName } from './naming.ts';
import { isObject } from './rpc.ts';
import type { Catalog, EndpointSelection, ItemOverride, ItemType, JsonObject, SelectedServer } from './types.ts';
import { matchesTemplate } from './uri-template.ts';

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
  tools: ReadonlyMap<string, Route>;
  prompts: ReadonlyMap<string, Route>;
  /** URI → the server that lists it first. */
  resources: ReadonlyMap<string, string>;
  templates: readonly { serverId: string; template: string }[];
  /** URIs a switch turned off, refused on read. */
  hidden: ReadonlySet<string>;
  /** JSON of the arrays, ready to be spliced into results. */
  json: { tools: string; prompts: string; resources: string; resourceTemplates: string };
  capabilities: JsonObject;
  /** Set where the endpoint is one server and its own identity is passed on. */
  serverInfo: JsonObject | null;
  instructions: string | null;
  /** URIs that more than one server lists. */
  duplicates: readonly string[];
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
function* items(server: SelectedServer, catalog: Catalog, type: ItemType): Generator<{ id: string; item: JsonObject }> {
  const { key, name } = LISTED[type];
  for (const item of catalog[key]) {
    const id = item[name];
    if (typeof id !== 'string') continue;
    const override = overrideOf(server, type, id);
    if (override?.enabled === false) continue;
    const described = override?.description ?? null;
    yield { id, item: described === null ? item : { ...item, description: described } };
  }
}

function capabilitiesOf(selection: EndpointSelection, catalogs: readonly Catalog[]): JsonObject {
  const only = catalogs.length === 1 && !selection.prefixed ? catalogs[0] : undefined;
  const merged: JsonObject = {};
  if (only !== undefined) Object.assign(merged, only.capabilities);
  for (const key of ['tools', 'prompts', 'resources', 'logging', 'completions']) {
    const parts = catalogs.map((catalog) => catalog.capabilities[key]).filter(isObject);
    if (parts.length > 0) merged[key] = Object.assign({}, ...parts);
  }
  if (selection.prefixed && merged['tools'] === undefined) merged['tools'] = {};
  // Switches and servers that come and go change the lists whatever a server itself announces.
  for (const key of ['tools', 'prompts', 'resources']) {
    if (isObject(merged[key])) merged[key] = { ...merged[key], listChanged: true };
  }
  return merged;
}

function instructionsOf(selection: EndpointSelection, catalogOf: CatalogOf): string | null {
  const parts = selection.servers.flatMap((server) => {
    const text = catalogOf(server.serverId)?.instructions ?? null;
    if (text === null || text === '') return [];
    return [selection.prefixed ? `## ${server.serverId}\n${text}` : text];
  });
  return parts.length === 0 ? null : parts.join('\n\n');
}

/** Joins a selection with catalogs. Cost grows with the items; callers keep the result while neither changes. */
export function compileView(selection: EndpointSelection, catalogOf: CatalogOf): View {
  const tools = new Map<string, Route>();
  const prompts = new Map<string, Route>();
  const resources = new Map<string, string>();
  const templates: { serverId: string; template: string }[] = [];
  const hidden = new Set<string>();
  const duplicates = new Set<string>();
  const listed = {
    tools: [] as JsonObject[],
    prompts: [] as JsonObject[],
    resources: [] as JsonObject[],
    resourceTemplates: [] as JsonObject[],
  };

  const named = (server: SelectedServer, catalog: Catalog, type: 'tool' | 'prompt', into: Map<string, Route>): void => {
    for (const { id, item } of items(server, catalog, type)) {
      const exposed = selection.prefixed ? exposedName(server.serverId, id) : id;
      if (into.has(exposed)) continue;
      into.set(exposed, { serverId: server.serverId, name: id, definition: item });
      listed[LISTED[type].key].push(exposed === id ? item : { ...item, name: exposed });
    }
  };

  for (const server of selection.servers) {
    const catalog = catalogOf(server.serverId);
    if (catalog === null) continue;
    named(server, catalog, 'tool', tools);
    named(server, catalog, 'prompt', prompts);
    for (const { id, item } of items(server, catalog, 'resource')) {
      if (resources.has(id)) {
        duplicates.add(id);
        continue;
      }
      resources.set(id, server.serverId);
      listed.resources.push(item);
    }
    for (const { id, item } of items(server, catalog, 'template')) {
      templates.push({ serverId: server.serverId, template: id });
      listed.resourceTemplates.push(item);
    }
    for (const [uri, override] of Object.entries(server.overrides.resource ?? {}))
      if (!override.enabled) hidden.add(uri);
  }

  const catalogs = selection.servers.map((server) => catalogOf(server.serverId)).filter((catalog) => catalog !== null);
  const single = !selection.prefixed && catalogs.length === 1 ? catalogs[0] : undefined;
  return {
    selection,
    serverIds: selection.servers.map((server) => server.serverId),
    tools,
    prompts,
    resources,
    templates,
    hidden,
    json: {
      tools: JSON.stringify(listed.tools),
      prompts: JSON.stringify(listed.prompts),
      resources: JSON.stringify(listed.resources),
      resourceTemplates: JSON.stringify(listed.resourceTemplates),
    },
    capabilities: capabilitiesOf(selection, catalogs),
    serverInfo: single?.serverInfo ?? null,
    instructions: instructionsOf(selection, catalogOf),
    duplicates: [...duplicates],
  };
}

/**
 * Servers to ask for a URI, best first: the one that mentioned it in this session, the one that lists it,
 * those with a matching template, then every server with resources in order (design: Names).
 */
export function resourceCandidates(
  view: View,
  uri: string,
  mentionedBy: string | undefined,
  catalogOf: CatalogOf,
): string[] {
  const found = new Set<string>();
  if (mentionedBy !== undefined && view.serverIds.includes(mentionedBy)) found.add(mentionedBy);
  const listed = view.resources.get(uri);
  if (listed !== undefined) found.add(listed);
  for (const { serverId, template } of view.templates) if (matchesTemplate(template, uri)) found.add(serverId);
  if (found.size > 0) return [...found];
  return view.serverIds.filter((id) => catalogOf(id)?.capabilities['resources'] !== undefined);
}
