import type { Fragment } from './fragment.ts';
import { isObject } from './rpc.ts';
import type { JsonObject } from './types.ts';

/** MCP Apps: user interfaces as `ui://` resources, which tools and results name in `_meta` (SEP-1865). */
export const APPS = 'io.modelcontextprotocol/ui';
/** Tasks (SEP-2663). */
export const TASKS = 'io.modelcontextprotocol/tasks';

/** Extension ids that one server brings to an endpoint, and that an endpoint has. */
const MOST_OF_SERVER = 32;
const MOST = 100;
/** Characters of an id. */
const LONGEST_ID = 200;
/** Characters of one extension's settings as JSON, and of all at an endpoint. */
const LARGEST_SETTINGS = 4096;
const LARGEST = 64 * 1024;
/** Levels of settings. */
const DEEPEST = 8;

/** How an endpoint of several servers treats an extension that the hub knows. */
interface Known {
  /** What the caller sees of a server has use for it. */
  used(fragment: Fragment): boolean;
  /** The settings of an endpoint of servers that have these. */
  merge(settings: readonly JsonObject[]): JsonObject;
}

const has = (key: string, value: unknown): boolean => isObject(value) && Object.hasOwn(value, key);

/** Whether a tool names a user interface, in the way of today or in the first one. */
function hasInterface({ _meta }: JsonObject): boolean {
  return has('ui/resourceUri', _meta) || (isObject(_meta) && isObject(_meta['ui']));
}

function showsInterfaces({ tools, resources, resourceTemplates }: Fragment): boolean {
  const isInterface = (uri: string): boolean => uri.startsWith('ui://');
  return (
    [...resources.items.keys()].some(isInterface) ||
    [...resourceTemplates.items.keys()].some(isInterface) ||
    [...tools.routes.values()].some(({ definition }) => hasInterface(definition))
  );
}

const text = (value: unknown): string => JSON.stringify(value);

/** The settings that all have alike. */
function common([first = {}, ...others]: readonly JsonObject[]): JsonObject {
  const same = ([key, value]: [string, unknown]): boolean =>
    others.every((other) => Object.hasOwn(other, key) && text(other[key]) === text(value));
  return Object.fromEntries(Object.entries(first).filter(same));
}

/** An endpoint has the interfaces of all its servers. */
function mergeApps(settings: readonly JsonObject[]): JsonObject {
  const lists = settings.flatMap(({ mimeTypes }) => (Array.isArray(mimeTypes) ? [mimeTypes as unknown[]] : []));
  const all = new Set(lists.flat().filter((type) => typeof type === 'string'));
  return lists.length === 0 ? common(settings) : { ...common(settings), mimeTypes: [...all] };
}

/** Extensions whose methods are routed by what they name, or that have no methods of their own. */
const ROUTED: ReadonlyMap<string, Known> = new Map([
  [APPS, { used: showsInterfaces, merge: mergeApps }],
  [TASKS, { used: ({ tools }: Fragment) => tools.routes.size > 0, merge: common }],
]);

/**
 * Extensions that end at the server which offers them: lists of their own that the hub does not join, and ways to sign
 * in to that server.
 */
const OF_ONE_SERVER: ReadonlySet<string> = new Set([
  'io.modelcontextprotocol/skills',
  'io.modelcontextprotocol/oauth-client-credentials',
  'io.modelcontextprotocol/enterprise-managed-authorization',
]);

/** Whether the settings are small enough to be passed on with those of other servers. */
function isSmall(settings: JsonObject): boolean {
  let level: unknown[] = [settings];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST || level.length > LARGEST_SETTINGS) return false;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return text(settings).length <= LARGEST_SETTINGS;
}

/** Items of any kind that the caller sees of a server. */
function showsAnything({ tools, prompts, resources, resourceTemplates }: Fragment): boolean {
  return tools.routes.size + prompts.routes.size + resources.items.size + resourceTemplates.items.size > 0;
}

/** What a server declares under a key and the caller's part of it has use for. */
function declared(fragment: Fragment, key: 'extensions' | 'experimental'): [string, JsonObject][] {
  const value = fragment.catalog?.capabilities[key];
  const found: [string, JsonObject][] = [];
  if (!isObject(value)) return found;
  for (const id in value) {
    if (found.length === MOST_OF_SERVER) break;
    const settings = value[id];
    if (id.length > LONGEST_ID || OF_ONE_SERVER.has(id) || !isObject(settings) || !isSmall(settings)) continue;
    const used = ROUTED.get(id)?.used ?? showsAnything;
    if (!fragment.narrowed || used(fragment)) found.push([id, settings]);
  }
  return found;
}

/** The settings of an endpoint whose servers have these; null where they contradict each other. */
function merged(id: string, settings: readonly JsonObject[]): JsonObject | null {
  const known = ROUTED.get(id);
  if (known !== undefined) return known.merge(settings);
  const [first = {}, ...others] = settings;
  return others.every((other) => text(other) === text(first)) ? first : null;
}

/**
 * What an endpoint of several servers has beyond the protocol, by id: what its servers declare, the caller sees a use
 * of, and the hub can pass on to the right server. What the hub does not know is passed on where one server declares
 * it, or all that do say the same. Undefined where there is nothing of the kind.
 */
export function extensionsOf(
  fragments: readonly Fragment[],
  key: 'extensions' | 'experimental',
): JsonObject | undefined {
  const byId = new Map<string, JsonObject[]>();
  // Those that the hub knows come first: no other crowds them out.
  for (const id of ROUTED.keys()) byId.set(id, []);
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
    if (entries.length === MOST || size > LARGEST) break;
    entries.push([id, one]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether an endpoint, or a client, knows tasks as the extension has them. */
export const hasTasksExtension = ({ extensions }: JsonObject): boolean => has(TASKS, extensions);

/** Whether an endpoint says that calls may become tasks. */
export function hasTasks(capabilities: JsonObject): boolean {
  return capabilities['tasks'] !== undefined || hasTasksExtension(capabilities);
}

/** Whether the tasks of a server can be listed: whoever may use only some of its items may not see those of the others. */
export function hasTaskList({ catalog, narrowed }: Fragment): boolean {
  const tasks = catalog?.capabilities['tasks'];
  return !narrowed && isObject(tasks) && isObject(tasks['list']);
}

/** What servers of session revisions can do with tasks, as far as the hub routes it. */
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
