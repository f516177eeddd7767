import { DomainError } from '../errors.ts';
import { slugFor } from '../slug.ts';
import { parseInput } from '../verb.ts';
import { findServers, isObject, readConfig, unreadable, type Json } from './config-text.ts';
import { readDockerRun } from './docker-run.ts';
import { CreateServer, type ServerKind } from './schema.ts';

/** One server of a client's config: a draft, or what is wrong with it. */
export interface ParsedEntry {
  name: string;
  draft: CreateServer | null;
  /** What it would be as a container of the hub, where it calls `docker run`. */
  docker: CreateServer | null;
  error: string | null;
  /** `${input:id}` that nobody gave a value for. */
  missingInputs: string[];
}

const mostServers = 500;

/**
 * Reads the config of any MCP client: Claude Desktop, Cursor, Windsurf (`mcpServers`), VS Code (`servers`, `inputs`),
 * Zed (`context_servers`), a settings file that holds one of them under `mcp`, or the bare map.
 * Comments and trailing commas may stand. Throws `invalid` where the whole cannot be read; a wrong entry says so itself.
 */
export const parseClientConfig = (text: string, inputs: Readonly<Record<string, string>> = {}): ParsedEntry[] => {
  const servers = findServers(readConfig(text));
  if (servers.length > mostServers) {
    throw unreadable(`It has ${servers.length} servers; at most ${mostServers} fit at once.`);
  }
  return servers.map(([name, raw]) => parseEntry(name, raw, inputs));
};

const parseEntry = (name: string, raw: unknown, inputs: Readonly<Record<string, string>>): ParsedEntry => {
  const missing = new Set<string>();
  try {
    if (!isObject(raw)) throw new DomainError('invalid', 'must be an object with a "command" or a "url".');
    const draft = parseInput(CreateServer, toDraft(name, withInputs(raw, inputs, missing)));
    return { name, draft, docker: readDockerRun(draft), error: null, missingInputs: [...missing] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { name, draft: null, docker: null, error: error.message, missingInputs: [...missing] };
  }
};

/** VS Code and Cursor write `${input:id}` and `${env:NAME}`; the first is asked for, the second is our `${NAME}`. */
const withInputs = (raw: Json, inputs: Readonly<Record<string, string>>, missing: Set<string>): Json => {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value
        .replace(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, '${$1}')
        .replace(/\$\{input:([^}]+)\}/g, (_whole, id: string) => {
          const given = Object.hasOwn(inputs, id) ? inputs[id] : undefined;
          if (given === undefined) missing.add(id);
          return given ?? '';
        });
    }
    if (Array.isArray(value)) return value.map(replace);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
  };
  return replace(raw) as Json;
};

const toDraft = (name: string, raw: Json): unknown => {
  // Zed once nested the program: {"command": {"path", "args", "env"}}.
  const nested = isObject(raw['command']) ? raw['command'] : null;
  const command = nested ? nested['path'] : raw['command'];
  const url = raw['url'] ?? raw['serverUrl'] ?? raw['httpUrl'];
  const kind = isObject(raw['container']) ? 'container' : kindOf(raw, command, url);
  const base = {
    id: slugFor(name),
    name: titleOf(raw) ?? name,
    kind,
    ...optional('description', raw['description']),
    ...optional('tags', raw['tags']),
    ...optional('isolation', raw['isolation']),
    ...optional('limits', raw['limits']),
    ...optional('desired', desiredOf(raw)),
    ...optional('env', entriesAsText(nested?.['env'] ?? raw['env'])),
  };
  if (kind === 'container') return { ...base, ...toContainerDraft(raw) };
  if (kind !== 'stdio') return { ...base, url, ...optional('headers', entriesAsText(raw['headers'])) };
  return {
    ...base,
    command,
    ...optional('args', argsOf(nested?.['args'] ?? raw['args'])),
    ...optional('cwd', raw['cwd']),
  };
};

/** A name to show, where the entry has one beside its key. */
const titleOf = ({ name }: Json): string | null => (typeof name === 'string' && name.trim() !== '' ? name : null);

/** Our own way to write a container server: what a client calls stands beside it and is not read. */
const toContainerDraft = (raw: Json): Json => {
  const container = isObject(raw['container']) ? raw['container'] : {};
  const { command, args, env, headers, secrets, cwd, ...settings } = container;
  return {
    container: settings,
    ...optional('command', command),
    ...optional('args', argsOf(args)),
    ...optional('env', entriesAsText(env)),
    ...optional('headers', entriesAsText(headers)),
    ...optional('secrets', entriesAsText(secrets)),
    ...optional('cwd', cwd),
  };
};

const optional = (key: string, value: unknown): Json => (value === undefined || value === null ? {} : { [key]: value });

/** Silence leaves a new server on, and an existing one as it is. */
const desiredOf = (raw: Json): 'disabled' | 'on' | undefined => {
  if (raw['disabled'] === true || raw['enabled'] === false) return 'disabled';
  return raw['disabled'] === false || raw['enabled'] === true ? 'on' : undefined;
};

const kinds: Record<string, ServerKind> = {
  stdio: 'stdio',
  local: 'stdio',
  sse: 'sse',
  http: 'streamable-http',
  'streamable-http': 'streamable-http',
  streamable_http: 'streamable-http',
  streamablehttp: 'streamable-http',
  remote: 'streamable-http',
};

const kindOf = (raw: Json, command: unknown, url: unknown): ServerKind => {
  const word = raw['type'] ?? raw['transport'] ?? raw['transportType'];
  if (word === undefined || word === null) {
    if (command === undefined && url === undefined) throw new DomainError('invalid', 'needs a "command" or a "url".');
    if (command !== undefined) return 'stdio';
    // Old clients write no type for either; the address of an HTTP+SSE server ends like this by custom.
    return typeof url === 'string' && /\/sse\/?(\?.*)?$/.test(url) ? 'sse' : 'streamable-http';
  }
  const kind = typeof word === 'string' ? kinds[word.toLowerCase()] : undefined;
  if (kind) return kind;
  throw new DomainError(
    'invalid',
    `type ${JSON.stringify(word)} is not known: it should be stdio, sse or streamable-http.`,
  );
};

/** Numbers and booleans are common in env blocks; null means "not set". */
const entriesAsText = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([key, entry]) => [key, scalarText(entry)]));
};

const argsOf = (value: unknown): unknown => (Array.isArray(value) ? value.map(scalarText) : value);

const scalarText = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
