import { isObject } from '@switchboard/basics';
import { say } from '../../reasons.ts';
import { childOf, isMap, plainOf, unreadable, type ConfigMap, type ConfigValue } from './value.ts';

/** One server as a config has it: its name as given, and what it says. */
export interface FoundServer {
  name: string;
  raw: unknown;
}

/** Finds the servers where one kind of client keeps them; null where the config is none of that kind. */
type Reader = (config: ConfigValue) => FoundServer[] | null;

/** Parts of a settings file that hold what a file of its own would: VS Code, its workspaces and dev containers, Amp. */
const holderPaths = [
  [],
  ['mcp'],
  ['amp'],
  ['settings'],
  ['settings', 'mcp'],
  ['customizations', 'vscode', 'mcp'],
] as const;

function holdersOf(config: ConfigValue): ConfigMap[] {
  return holderPaths
    .map((path) => path.reduce<ConfigValue | undefined>((value, key) => childOf(value, key), config))
    .filter(isMap);
}

/** Claude, Cursor, Windsurf, Cline and most others; VS Code, opencode 2; Zed; Codex; Amp and VS Code as one flat key. */
const mapKeys = ['mcpServers', 'servers', 'context_servers', 'mcp_servers', 'amp.mcpServers', 'mcp.servers'];

/** The servers under the keys that most clients use, from every place that has one. */
const readKeyed: Reader = (config) => {
  const found = holdersOf(config).flatMap((holder) =>
    mapKeys.flatMap((key) => {
      const servers = childOf(holder, key);
      return servers === undefined || servers === null ? [] : [entriesOf(servers, key)];
    }),
  );
  return found.length === 0 ? null : found.flat();
};

/** A map of servers by name, or a list of servers with names (Continue, the Messages API). */
function entriesOf(servers: ConfigValue, key: string): FoundServer[] {
  if (isMap(servers)) return servers.pairs.map(([name, value]) => ({ name, raw: plainOf(value) }));
  if (Array.isArray(servers)) return namedEntries(servers);
  throw unreadable(say('configKeyOdd', { key }));
}

function namedEntries(servers: readonly ConfigValue[]): FoundServer[] {
  return servers.map((value, index) => {
    const raw = plainOf(value);
    const name = isObject(raw) && typeof raw['name'] === 'string' ? raw['name'].trim() : '';
    if (name === '') throw unreadable(say('configNameless', { number: index + 1 }));
    return { name, raw };
  });
}

/** opencode and Crush keep servers right under `mcp`. */
const readMcpMap: Reader = (config) => {
  const mcp = childOf(config, 'mcp');
  if (!isMap(mcp) || mapKeys.some((key) => childOf(mcp, key) !== undefined)) return null;
  const entries = mcp.pairs.map(([name, value]) => ({ name, raw: plainOf(value) }));
  const servers = entries.filter(({ raw }) => isObject(raw));
  return servers.some(({ raw }) => looksLikeServer(raw)) ? servers : null;
};

/**
 * Goose: `extensions` by key, older files with the settings one level deeper; entries that are part of Goose declare
 * it.
 */
const readGoose: Reader = (config) => {
  const extensions = childOf(config, 'extensions');
  if (!isMap(extensions)) return null;
  const entries = extensions.pairs.map(([name, value]) => {
    const outer = plainOf(value);
    if (!isObject(outer) || !isObject(outer['config'])) return { name, raw: outer };
    const { config: inner, ...rest } = outer;
    return { name, raw: { ...rest, ...inner } };
  });
  function isGoose({ raw }: FoundServer) {
    return isObject(raw) && ['cmd', 'uri', 'type'].some((key) => key in raw);
  }
  return entries.some(isGoose) ? entries.filter(isGoose) : null;
};

/** `.claude.json`: servers of single projects, beside those for all of them. */
const readClaudeProjects: Reader = (config) => {
  const projects = childOf(config, 'projects');
  if (!isMap(projects)) return null;
  const found = projects.pairs.flatMap(([path, project]) => {
    const servers = childOf(project, 'mcpServers');
    return isMap(servers) ? entriesOf(servers, 'mcpServers').map((entry) => ({ ...entry, path })) : [];
  });
  const shared = childOf(config, 'mcpServers');
  const general = isMap(shared) ? entriesOf(shared, 'mcpServers') : [];
  return found.length === 0 ? null : apart(found, general);
};

/**
 * Entries of several projects that are equal are one server; differing ones get the folder of their project in their
 * name.
 */
function apart(found: readonly (FoundServer & { path: string })[], general: readonly FoundServer[]): FoundServer[] {
  const byName = new Map<string, Map<string, FoundServer & { path: string }>>();
  for (const entry of found) {
    const variants = byName.get(entry.name) ?? new Map<string, FoundServer & { path: string }>();
    byName.set(entry.name, variants);
    const content = contentOf(entry.raw);
    if (!variants.has(content)) variants.set(content, entry);
  }
  const above = new Map(general.map(({ name, raw }) => [name, contentOf(raw)]));
  return [...byName].flatMap(([name, variants]) => {
    variants.delete(above.get(name) ?? '');
    const isOne = !above.has(name) && variants.size === 1;
    return [...variants.values()].map(({ path, raw }) => ({ name: isOne ? name : `${name} (${folderOf(path)})`, raw }));
  });
}

/** The same text for all that says the same, in whatever order its keys are. */
function contentOf(raw: unknown): string {
  return JSON.stringify(raw, (_key, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function folderOf(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}

/** The bare map of servers, or a bare list of servers with names. */
const readBare: Reader = (config) => {
  if (Array.isArray(config)) return config.some((each) => looksLikeServer(plainOf(each))) ? namedEntries(config) : null;
  if (!isMap(config)) return null;
  const entries = config.pairs.map(([name, value]) => ({ name, raw: plainOf(value) }));
  const isBare = entries.every(({ raw }) => isObject(raw)) && entries.some(({ raw }) => looksLikeServer(raw));
  return isBare ? entries : null;
};

const serverKeys = ['command', 'cmd', 'url', 'serverUrl', 'httpUrl', 'uri', 'baseUrl', 'container'];
function looksLikeServer(value: unknown): boolean {
  return isObject(value) && serverKeys.some((key) => key in value);
}

/**
 * Names and entries of a config in their order, repeated names included. Throws `invalid` where none of the known
 * places has servers; an empty place has none.
 */
export function findServers(config: ConfigValue): FoundServer[] {
  const kept = [readKeyed, readClaudeProjects, readMcpMap, readGoose].map((read) => read(config));
  if (kept.some((found) => found !== null)) return kept.flatMap((found) => found ?? []);
  const bare = readBare(config);
  if (bare) return bare;
  const raw = plainOf(config);
  if (looksLikeServer(raw)) throw unreadable(say('configIsOne'));
  if (isObject(raw) && isObject(raw['services'])) {
    throw unreadable(say('configIsCompose'));
  }
  throw unreadable(say('configHasNone'));
}

/** The inputs that VS Code declares beside its servers. */
export function inputsOf(config: ConfigValue): unknown[] {
  const inputs = holdersOf(config).map((holder) => childOf(holder, 'inputs'));
  return inputs.filter(Array.isArray).flatMap((each) => each.map(plainOf));
}
