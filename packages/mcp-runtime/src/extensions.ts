import { isObject } from '@switchboard/basics';
import type { Fragment } from './fragment.ts';
import type { JsonObject } from './types.ts';

/** MCP Apps: user interfaces as `ui://` resources, which tools and results name in `_meta` (SEP-1865). */
export const apps = 'io.modelcontextprotocol/ui';
/** Tasks (SEP-2663). */
export const tasksExtension = 'io.modelcontextprotocol/tasks';

/** Extension ids that one server brings to an endpoint, and that an endpoint has. */
const mostOfServer = 32;
const most = 100;
/** Characters of an id. */
const longestId = 200;
/** Characters of one extension's settings as JSON, and of all at an endpoint. */
const largestSettings = 4096;
const largest = 64 * 1024;
/** Levels of settings. */
const deepest = 8;

/** How an endpoint of several servers treats an extension that the hub knows. */
interface KnownExtension {
  /** Whether the caller's part of a server uses it. */
  used(fragment: Fragment): boolean;
  /** The settings of an endpoint of servers that have these. */
  merge(settings: readonly JsonObject[]): JsonObject;
}

function has(key: string, value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, key);
}

/** Whether a tool names a user interface, in the way of today or in the first one. */
function hasInterface({ _meta }: JsonObject): boolean {
  return has('ui/resourceUri', _meta) || (isObject(_meta) && isObject(_meta['ui']));
}

function showsInterfaces({ tools, resources, resourceTemplates }: Fragment): boolean {
  function isInterface(uri: string): boolean {
    return uri.startsWith('ui://');
  }
  return (
    [...resources.items.keys()].some(isInterface) ||
    [...resourceTemplates.items.keys()].some(isInterface) ||
    [...tools.routes.values()].some(({ definition }) => hasInterface(definition))
  );
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

/** The settings that all have alike. */
function common([first = {}, ...others]: readonly JsonObject[]): JsonObject {
  function same([key, value]: [string, unknown]): boolean {
    return others.every((other) => Object.hasOwn(other, key) && text(other[key]) === text(value));
  }
  return Object.fromEntries(Object.entries(first).filter(same));
}

/** An endpoint has the interfaces of all its servers. */
function mergeApps(settings: readonly JsonObject[]): JsonObject {
  const lists = settings.flatMap(({ mimeTypes }) => (Array.isArray(mimeTypes) ? [mimeTypes as unknown[]] : []));
  const all = new Set(lists.flat().filter((type) => typeof type === 'string'));
  return lists.length === 0 ? common(settings) : { ...common(settings), mimeTypes: [...all] };
}

/** Extensions whose methods are routed by what they name, or that have no methods of their own. */
const routed: ReadonlyMap<string, KnownExtension> = new Map([
  [apps, { used: showsInterfaces, merge: mergeApps }],
  [tasksExtension, { used: ({ tools }: Fragment) => tools.routes.size > 0, merge: common }],
]);

/**
 * Extensions that end at the server which offers them: lists of their own that the hub does not join, and ways to sign
 * in to that server.
 */
const ofOneServer: ReadonlySet<string> = new Set([
  'io.modelcontextprotocol/skills',
  'io.modelcontextprotocol/oauth-client-credentials',
  'io.modelcontextprotocol/enterprise-managed-authorization',
]);

/** Whether the settings are small enough to be passed on with those of other servers. */
function isSmall(settings: JsonObject): boolean {
  let level: unknown[] = [settings];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest || level.length > largestSettings) return false;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return text(settings).length <= largestSettings;
}

/** Items of any kind that the caller sees of a server. */
function showsAnything({ tools, prompts, resources, resourceTemplates }: Fragment): boolean {
  return tools.routes.size + prompts.routes.size + resources.items.size + resourceTemplates.items.size > 0;
}

/** The declarations of a server under a key that the caller's part of it uses. */
function declared(fragment: Fragment, key: 'extensions' | 'experimental'): [string, JsonObject][] {
  const value = fragment.catalog?.capabilities[key];
  const found: [string, JsonObject][] = [];
  if (!isObject(value)) return found;
  for (const id in value) {
    if (found.length === mostOfServer) break;
    const settings = value[id];
    if (id.length > longestId || ofOneServer.has(id) || !isObject(settings) || !isSmall(settings)) continue;
    const used = routed.get(id)?.used ?? showsAnything;
    if (!fragment.narrowed || used(fragment)) found.push([id, settings]);
  }
  return found;
}

/** The settings of an endpoint whose servers have these; null where they contradict each other. */
function merged(id: string, settings: readonly JsonObject[]): JsonObject | null {
  const known = routed.get(id);
  if (known !== undefined) return known.merge(settings);
  const [first = {}, ...others] = settings;
  return others.every((other) => text(other) === text(first)) ? first : null;
}

/**
 * The extensions of an endpoint of several servers, by id: those that its servers declare, that the caller can use, and
 * that the hub can route to the right server. An extension that the hub does not know is passed on where one server
 * declares it, or all declarations are equal. Undefined for none.
 */
export function extensionsOf(
  fragments: readonly Fragment[],
  key: 'extensions' | 'experimental',
): JsonObject | undefined {
  const byId = new Map<string, JsonObject[]>();
  // The extensions that the hub knows come first, so that others cannot displace them.
  for (const id of routed.keys()) byId.set(id, []);
  for (const fragment of fragments) {
    for (const [id, settings] of declared(fragment, key)) {
      const all = byId.get(id);
      if (all === undefined) byId.set(id, [settings]);
      else all.push(settings);
    }
  }
  const entries: [string, JsonObject][] = [];
  let size = 0;
  for (const [id, settings] of byId) {
    const one = settings.length === 0 ? null : merged(id, settings);
    if (one === null) continue;
    size += id.length + text(one).length;
    if (entries.length === most || size > largest) break;
    entries.push([id, one]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether an endpoint, or a client, knows tasks as the extension has them. */
export function hasTasksExtension({ extensions }: JsonObject): boolean {
  return has(tasksExtension, extensions);
}

/** Whether an endpoint says that calls may become tasks. */
export function hasTasks(capabilities: JsonObject): boolean {
  return capabilities['tasks'] !== undefined || hasTasksExtension(capabilities);
}

/**
 * Whether the tasks of a server can be listed: a caller who may use only some of its items may not see those of the
 * others.
 */
export function hasTaskList({ catalog, narrowed }: Fragment): boolean {
  const tasks = catalog?.capabilities['tasks'];
  return !narrowed && isObject(tasks) && isObject(tasks['list']);
}

/** The task features of servers of session revisions, as far as the hub routes them. */
export function tasksOf(fragments: readonly Fragment[]): JsonObject | undefined {
  const parts = fragments.flatMap(({ catalog, tools }) => {
    const tasks = catalog?.capabilities['tasks'];
    return isObject(tasks) && tools.routes.size > 0 ? [tasks] : [];
  });
  const forCalls = parts.filter(({ requests }) => isObject(requests) && has('call', requests['tools']));
  if (forCalls.length === 0) return undefined;
  const cancel = forCalls.some((part) => isObject(part['cancel']));
  const list = fragments.some(hasTaskList);
  return { requests: { tools: { call: {} } }, ...(cancel && { cancel: {} }), ...(list && { list: {} }) };
}
