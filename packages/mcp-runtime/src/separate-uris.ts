import { definitionJson, type Fragment } from './fragment.ts';
import { interfacesOf, mapMeta } from './named-uris.ts';
import type { JsonObject } from './types.ts';

const scheme = 'ui://';

/**
 * Keeps user interfaces apart (MCP Apps) where two servers of an endpoint have one URI: each is shown as
 * `ui://<server>+<rest>`, which is read, completed and subscribed to at that server as `ui://<rest>`.
 */
export interface SeparateUris {
  /** The URI under which the endpoint shows what a server calls `uri`. */
  shown(serverId: string, uri: string): string;
  /** The list of a server's items at the endpoint. */
  fragment(fragment: Fragment): Fragment;
}

/** A URI of an endpoint as its server knows it. */
export interface ServerUri {
  serverId: string;
  uri: string;
}

interface Claims {
  /** URIs that are listed or that tools name. */
  readonly uris: ReadonlySet<string>;
  readonly templates: readonly string[];
}

function isInterface(uri: unknown): uri is string {
  return typeof uri === 'string' && uri.startsWith(scheme);
}

function findClaims({ tools, resources, resourceTemplates }: Fragment): Claims {
  const uris = new Set([...resources.items.keys()].filter(isInterface));
  for (const { definition } of tools.routes.values()) {
    // Most have none.
    if (definition['_meta'] === undefined) continue;
    for (const uri of interfacesOf(definition)) if (isInterface(uri)) uris.add(uri);
  }
  return { uris, templates: [...resourceTemplates.items.keys()].filter(isInterface) };
}

const claims = new WeakMap<Fragment, Claims>();

function claimsOf(fragment: Fragment): Claims {
  const known = claims.get(fragment) ?? findClaims(fragment);
  claims.set(fragment, known);
  return known;
}

/** Whether a server's tools name the URI of a user interface, or it lists it. */
export function claimsInterface(fragment: Fragment, uri: string): boolean {
  return isInterface(uri) && claimsOf(fragment).uris.has(uri);
}

function hostOf(serverId: string): string {
  return encodeURIComponent(serverId.toWellFormed());
}

function mark(serverId: string, uri: string): string {
  return `${scheme}${hostOf(serverId)}+${uri.slice(scheme.length)}`;
}

/** The server and URI behind a URI that carries the name of a server of the endpoint; null for any other. */
export function unmark(uri: string, has: (serverId: string) => boolean): ServerUri | null {
  if (!isInterface(uri)) return null;
  const end = uri.indexOf('+', scheme.length);
  if (end === -1) return null;
  const host = uri.slice(scheme.length, end);
  try {
    const serverId = decodeURIComponent(host);
    // Each URI has one form, so that two never mean the same.
    return hostOf(serverId) === host && has(serverId) ? { serverId, uri: `${scheme}${uri.slice(end + 1)}` } : null;
  } catch {
    return null;
  }
}

/** The URIs that several servers have, and those that look like another server's. */
function contested(
  fragments: readonly Fragment[],
  of: (claimed: Claims) => Iterable<string>,
  isMarked: (uri: string) => boolean,
): Set<string> {
  const first = new Map<string, Fragment>();
  const found = new Set<string>();
  for (const fragment of fragments) {
    for (const uri of of(claimsOf(fragment))) {
      const other = first.get(uri);
      if (other === undefined) first.set(uri, fragment);
      if ((other !== undefined && other !== fragment) || isMarked(uri)) found.add(uri);
    }
  }
  return found;
}

/**
 * Tells whether a URI may be made of one of these templates: it begins as one does. A name that is carried without need
 * leads to the same, and a result may name very many URIs.
 */
function beginnings(templates: Iterable<string>): (uri: string) => boolean {
  const sorted = [...templates].map((template) => template.split('{', 1)[0] ?? '').toSorted(byUnits);
  const shortest: string[] = [];
  for (const text of sorted) if (!text.startsWith(shortest.at(-1) ?? '\u0000')) shortest.push(text);
  return (uri) => {
    let [from, to] = [0, shortest.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (byUnits(shortest[middle] ?? '', uri) <= 0) from = middle + 1;
      else to = middle;
    }
    const before = shortest[from - 1];
    return before !== undefined && uri.startsWith(before);
  };
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same items with their URIs mapped, and the JSON of them. */
function relisted(part: Fragment['resources'], key: 'uri' | 'uriTemplate', map: (uri: string) => string) {
  const items = new Map<string, JsonObject>();
  for (const [uri, item] of part.items) {
    const shown = map(uri);
    items.set(shown, shown === uri ? item : { ...item, [key]: shown });
  }
  return { items, json: Array.from(items.values(), (item) => JSON.stringify(item)).join(',') };
}

function renamed(fragment: Fragment, map: (uri: string) => string): Fragment {
  const routes = new Map(fragment.tools.routes);
  for (const [name, route] of routes) {
    const definition = mapMeta(route.definition, map);
    if (definition !== route.definition) routes.set(name, { ...route, definition });
  }
  const json = Array.from(routes, ([name, route]) => definitionJson(name, route)).join(',');
  return {
    ...fragment,
    tools: { routes, json },
    resources: relisted(fragment.resources, 'uri', map),
    resourceTemplates: relisted(fragment.resourceTemplates, 'uriTemplate', map),
  };
}

/** How an endpoint of these servers keeps their interfaces apart; null where no two of them meet. */
export function apartOf(fragments: readonly Fragment[]): SeparateUris | null {
  const ids = new Set(fragments.map(({ server }) => server.serverId));
  function isMarked(uri: string): boolean {
    return unmark(uri, (id) => ids.has(id)) !== null;
  }
  const uris = contested(fragments, (claimed) => claimed.uris, isMarked);
  const templates = contested(fragments, (claimed) => claimed.templates, isMarked);
  if (uris.size === 0 && templates.size === 0) return null;
  const byId = new Map(fragments.map((fragment) => [fragment.server.serverId, fragment]));
  const made = beginnings(templates);
  function isContested(serverId: string, uri: string): boolean {
    if (uris.has(uri) || templates.has(uri) || isMarked(uri)) return true;
    const fragment = byId.get(serverId);
    return (fragment === undefined || !claimsOf(fragment).uris.has(uri)) && made(uri);
  }
  function shown(serverId: string, uri: string): string {
    return isInterface(uri) && isContested(serverId, uri) ? mark(serverId, uri) : uri;
  }
  return {
    shown,
    fragment(fragment) {
      const { serverId } = fragment.server;
      const claimed = claimsOf(fragment);
      if (![...claimed.uris, ...claimed.templates].some((uri) => shown(serverId, uri) !== uri)) return fragment;
      return renamed(fragment, (uri) => shown(serverId, uri));
    },
  };
}
