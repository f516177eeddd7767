import { DomainError } from '../errors.ts';
import { hashedSlug, slugify } from '../slug.ts';
import { parseInput } from '../verb.ts';
import { findServers, isObject, readConfig, unreadable, type Json } from './config-text.ts';
import { readDockerRun } from './docker-run.ts';
import { fillInputs, readInputs, type GivenInputs } from './import-inputs.ts';
import { nameKey } from './names.ts';
import { CreateServer, type ConfigInput, type ServerKind } from './schema.ts';

/** One server of a client's config: a draft, or what is wrong with it. */
export interface ParsedEntry {
  name: string;
  draft: CreateServer | null;
  /** What it would be as a container of the hub, where it calls `docker run`. */
  docker: CreateServer | null;
  error: string | null;
  /** What it asks for with `${input:id}`. */
  asks: ConfigInput[];
  /** Names of the placeholders that stand for what nobody gave, with the ids they were asked for by. */
  open: ReadonlyMap<string, string>;
  /** A file of variables that it mentions, which is not read. */
  envFile: string | null;
}

/** What the person says beside the config, and what the operator provides. */
export interface ImportAnswers {
  inputs?: Readonly<Record<string, string>>;
  /** Ids for entries, by their names. */
  ids?: Readonly<Record<string, string>>;
  isProvided?: (name: string) => boolean;
}

const mostServers = 500;

/**
 * Reads the config of any MCP client: Claude Desktop, Cursor, Windsurf (`mcpServers`), VS Code (`servers`, `inputs`),
 * Zed (`context_servers`), a settings file that holds one of them under `mcp`, or the bare map.
 * Comments and trailing commas may stand. Throws `invalid` where the whole cannot be read; a wrong entry says so itself.
 */
export const parseClientConfig = (text: string, answers: ImportAnswers = {}): ParsedEntry[] => {
  const tree = readConfig(text);
  const servers = findServers(tree);
  if (servers.length > mostServers) {
    throw unreadable(`It has ${servers.length} servers; at most ${mostServers} fit at once.`);
  }
  const { inputs: values = {}, ids = {}, isProvided = () => false } = answers;
  const given = { declared: readInputs(tree), values, isProvided };
  return servers.map(([name, raw]) => parseEntry(name, raw, given, Object.hasOwn(ids, name) ? ids[name] : undefined));
};

/** The same name makes the same id each time, also where nothing of it can stand in a URL. */
const idOf = (name: string): string => slugify(name) || hashedSlug(nameKey(name));

const parseEntry = (name: string, entry: unknown, given: GivenInputs, id = idOf(name)): ParsedEntry => {
  const { raw, asks, open } = fillInputs(isObject(entry) ? entry : {}, given);
  const said = { name, asks, open, envFile: typeof raw['envFile'] === 'string' ? raw['envFile'] : null };
  try {
    if (!isObject(entry)) throw new DomainError('invalid', 'must be an object with a "command" or a "url".');
    const draft = parseInput(CreateServer, toDraft(id, name, raw));
    return { ...said, draft, docker: readDockerRun(draft), error: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...said, draft: null, docker: null, error: error.message };
  }
};

const toDraft = (id: string, name: string, raw: Json): unknown => {
  // Zed once nested the program: {"command": {"path", "args", "env"}}.
  const nested = isObject(raw['command']) ? raw['command'] : null;
  const command = nested ? nested['path'] : raw['command'];
  const url = raw['url'] ?? raw['serverUrl'] ?? raw['httpUrl'];
  const kind = isObject(raw['container']) ? 'container' : kindOf(raw, command, url);
  const base = {
    id,
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
    return typeof url === 'string' && /\/sse\/?$/.test(url.split('?', 1)[0] ?? '') ? 'sse' : 'streamable-http';
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
