import { capabilitiesOf, catalogsOf, instructionsOf } from './capabilities.ts';
import { definitionJson, fragmentOf, type Collision, type Fragment, type Route } from './fragment.ts';
import { longestExposed } from './naming.ts';
import { apartOf, unmark, type SeparateUris, type ServerUri } from './separate-uris.ts';
import type { Catalog, EndpointSelection, JsonObject } from './types.ts';

export type { Collision, Fragment, Route } from './fragment.ts';

export const lists = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;
export type List = (typeof lists)[number];

/** Tools or prompts by exposed name; where servers share one, the first has it. */
export interface Routes {
  get(name: string): Route | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
  [Symbol.iterator](): Iterator<[string, Route]>;
}

/**
 * A selection joined with the catalogs: everything a session lists or routes by. Immutable. It holds no item itself,
 * only the fragments of its servers, which other views hold too: what is made of several is made when it is wanted.
 */
export interface View {
  readonly selection: EndpointSelection;
  readonly fragments: readonly Fragment[];
  /** The same as the endpoint lists them; others where interfaces of one URI are kept apart. */
  readonly shown: readonly Fragment[];
  /** How it keeps them apart; null where there is nothing to keep apart. */
  readonly apart: SeparateUris | null;
  /** The server and its own URI that a URI of this endpoint carries the name of; null for any other. */
  unmark(uri: string): ServerUri | null;
  readonly serverIds: readonly string[];
  /** The part of one server; absent where the endpoint has not got it. */
  at(serverId: string): Fragment | undefined;
  readonly tools: Routes;
  readonly prompts: Routes;
  /** The server that lists a URI first. */
  listerOf(uri: string): string | undefined;
  /** Servers with this template, in order. */
  readonly templates: readonly { serverId: string; template: string }[];
  /** Tools and prompts whose exposed name another has: neither listed nor callable. */
  collisions(): Collision[];
  /** URIs that more than one server lists, with the server that is left out and the one that is listed. */
  duplicates(): Duplicate[];
  /** JSON of a list, ready to be spliced into a result. */
  json(list: List): string;
  readonly capabilities: JsonObject;
  /** Set where the endpoint is one server and its own identity is passed on. */
  readonly serverInfo: JsonObject | null;
  instructions(): string | null;
}

export interface Duplicate {
  uri: string;
  serverId: string;
  listedBy: string;
}

type CatalogOf = (serverId: string) => Catalog | null;

/** The places to look up a name: fragments by the start of their names, and those that can have any. */
interface Places {
  byPrefix: ReadonlyMap<string, readonly number[]>;
  rest: readonly number[];
  /** Two servers cannot have one name: no prefix is another's, or begins it. */
  apart: boolean;
}

/** Stays whole at the beginning of every name that is made with it (see `exposedName`). */
const plainPrefix = /^[A-Za-z0-9_-]{1,50}$/;

function* prefixesOf(name: string): Generator<string> {
  for (let at = name.indexOf('__'); at !== -1; at = name.indexOf('__', at + 1)) yield name.slice(0, at);
}

function placesOf(fragments: readonly Fragment[], prefixed: boolean): Places {
  const byPrefix = new Map<string, number[]>();
  const rest: number[] = [];
  for (const [place, { server }] of fragments.entries()) {
    const prefix = server.alias ?? server.serverId;
    const same = byPrefix.get(prefix);
    if (!prefixed || !plainPrefix.test(prefix)) rest.push(place);
    else if (same === undefined) byPrefix.set(prefix, [place]);
    else same.push(place);
  }
  function begun(prefix: string): boolean {
    return [...prefixesOf(prefix)].some((shorter) => byPrefix.has(shorter));
  }
  const alone = byPrefix.size === fragments.length || (byPrefix.size === 0 && rest.length <= 1);
  return { byPrefix, rest, apart: alone && ![...byPrefix.keys()].some((prefix) => begun(`${prefix}_`)) };
}

function find(fragments: readonly Fragment[], places: Places, list: 'tools' | 'prompts', name: string) {
  let first = Number.POSITIVE_INFINITY;
  function look(place: number): void {
    if (place < first && fragments[place]?.[list].routes.has(name) === true) first = place;
  }
  if (name.length <= longestExposed) {
    for (const prefix of prefixesOf(name)) for (const place of places.byPrefix.get(prefix) ?? []) look(place);
  }
  for (const place of places.rest) look(place);
  return fragments[first]?.[list].routes.get(name);
}

/** Each item that another fragment has before: with what it is, whose, and who has it. */
function* shadowed<Item>(
  fragments: readonly Fragment[],
  itemsOf: (fragment: Fragment) => ReadonlyMap<string, Item>,
): Generator<{ id: string; item: Item; fragment: Fragment; takenBy: string }> {
  const taken = new Map<string, string>();
  for (const fragment of fragments) {
    for (const [id, item] of itemsOf(fragment)) {
      const takenBy = taken.get(id);
      if (takenBy === undefined) taken.set(id, fragment.server.serverId);
      else yield { id, item, fragment, takenBy };
    }
  }
}

function filled(fragments: readonly Fragment[], list: List): Fragment[] {
  return fragments.filter((fragment) => fragment[list].json !== '');
}

/** The JSON of a list of which some items are left out because another server has them. */
function mergedJson(fragments: readonly Fragment[], list: List): string {
  const texts = new Map<string, string>();
  for (const fragment of fragments) {
    if (list === 'tools' || list === 'prompts') {
      for (const [name, route] of fragment[list].routes) {
        if (!texts.has(name)) texts.set(name, definitionJson(name, route));
      }
    } else {
      for (const [uri, item] of fragment[list].items) if (!texts.has(uri)) texts.set(uri, JSON.stringify(item));
    }
  }
  return `[${[...texts.values()].join(',')}]`;
}

/** Computes once, when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function routesOf(fragments: readonly Fragment[], places: () => Places, list: 'tools' | 'prompts'): Routes {
  function* entries(): Generator<[string, Route]> {
    const seen = new Set<string>();
    for (const fragment of fragments) {
      for (const [name, route] of fragment[list].routes) {
        if (seen.has(name)) continue;
        seen.add(name);
        yield [name, route];
      }
    }
  }
  return {
    get: (name) => find(fragments, places(), list, name),
    has: (name) => find(fragments, places(), list, name) !== undefined,
    keys: () => Array.from(entries(), ([name]) => name),
    [Symbol.iterator]: entries,
  };
}

function collisionsOf(fragments: readonly Fragment[], apart: boolean): Collision[] {
  const own = fragments.flatMap(({ collisions }) => collisions);
  if (apart) return own;
  function among(type: 'tool' | 'prompt', list: 'tools' | 'prompts'): Collision[] {
    return Array.from(
      shadowed(fragments, (fragment) => fragment[list].routes),
      ({ id, item: { serverId, name }, takenBy }) => ({ type, exposedName: id, serverId, name, takenBy }),
    );
  }
  return [...own, ...among('tool', 'tools'), ...among('prompt', 'prompts')];
}

function duplicatesOf(fragments: readonly Fragment[]): Duplicate[] {
  const twice = shadowed(filled(fragments, 'resources'), ({ resources }) => resources.items);
  const all = Array.from(twice, ({ id, fragment, takenBy }) => {
    return { uri: id, serverId: fragment.server.serverId, listedBy: takenBy };
  });
  return all.filter(({ serverId, listedBy }) => serverId !== listedBy);
}

/** Joins fragments, which are in the order of the selection's servers. */
function join(selection: EndpointSelection, fragments: readonly Fragment[]): View {
  const places = once(() => placesOf(fragments, selection.prefixed));
  const byId = once(() => new Map(fragments.map((fragment) => [fragment.server.serverId, fragment])));
  const withResources = once(() => filled(fragments, 'resources'));
  const apart = once(() => (selection.prefixed ? apartOf(fragments) : null));
  const shown = once(() => {
    const kept = apart();
    return kept === null ? fragments : fragments.map((fragment) => kept.fragment(fragment));
  });
  const templates = once(() =>
    filled(fragments, 'resourceTemplates').flatMap(({ server, resourceTemplates }) =>
      Array.from(resourceTemplates.items.keys(), (template) => ({ serverId: server.serverId, template })),
    ),
  );
  const capabilities = once(() => capabilitiesOf(selection, fragments));
  const [single, ...others] = selection.prefixed ? [] : catalogsOf(fragments);
  const named = single?.serverInfo['name'] !== undefined;
  return {
    selection,
    fragments,
    get shown() {
      return shown();
    },
    get apart() {
      return apart();
    },
    unmark: (uri) => (selection.prefixed ? unmark(uri, (serverId) => byId().has(serverId)) : null),
    serverIds: fragments.map(({ server }) => server.serverId),
    at: (serverId) => byId().get(serverId),
    tools: routesOf(fragments, places, 'tools'),
    prompts: routesOf(fragments, places, 'prompts'),
    listerOf: (uri) => withResources().find(({ resources }) => resources.items.has(uri))?.server.serverId,
    get templates() {
      return templates();
    },
    collisions: () => collisionsOf(fragments, places().apart),
    duplicates: () => duplicatesOf(shown()),
    json(list) {
      const parts = filled(shown(), list);
      const named = list === 'tools' || list === 'prompts';
      const mixed = named ? !places().apart : !shadowed(parts, (fragment) => fragment[list].items).next().done;
      return mixed ? mergedJson(parts, list) : `[${parts.map((fragment) => fragment[list].json).join(',')}]`;
    },
    get capabilities() {
      return capabilities();
    },
    serverInfo: named && others.length === 0 ? single.serverInfo : null,
    instructions: () => instructionsOf(selection, fragments),
  };
}

/**
 * Joins a selection with catalogs. Where `before`, an older view of the same selection, is equal, it is kept, so that a
 * comparison of views sees at once that nothing changed.
 */
export function compileView(selection: EndpointSelection, catalogOf: CatalogOf, before?: View): View {
  const { servers, prefixed } = selection;
  const fragments = servers.map((server) => fragmentOf(server, catalogOf(server.serverId), prefixed));
  if (before?.selection === selection && fragments.every((fragment, i) => fragment === before.fragments[i])) {
    return before;
  }
  return join(selection, fragments);
}

/** Whether two views show the same list. */
export function sameList(a: View, b: View, list: List): boolean {
  if (a === b) return true;
  const [left, right] = [filled(a.shown, list), filled(b.shown, list)];
  const same = left.length === right.length && left.every((part, i) => part[list].json === right[i]?.[list].json);
  return same || a.json(list) === b.json(list);
}
