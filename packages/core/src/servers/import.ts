import { isObject } from '@switchboard/basics';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { hashedSlug, slugify } from '../slug.ts';
import { parseInput } from '../verb.ts';
import { findServers } from './configs/clients.ts';
import { readEntry } from './configs/entry.ts';
import { fillInputs, readInputs, type GivenInputs } from './configs/references.ts';
import { readConfig } from './configs/text.ts';
import type { NamedTools } from './configs/tools.ts';
import { unreadable } from './configs/value.ts';
import { readDockerRun } from './docker-run.ts';
import { nameKey } from './names.ts';
import { CreateServer, type ConfigInput } from './schema.ts';

/** One server of a client's config: a draft, or what is wrong with it. */
export interface ParsedEntry {
  name: string;
  draft: CreateServer | null;
  /** The server as a container of the hub, where the entry calls `docker run`. */
  docker: CreateServer | null;
  error: Reason | null;
  /** The inputs that the entry asks for with `${input:id}`. */
  asks: ConfigInput[];
  /** Names of the placeholders whose values nobody gave, with the ids they were asked for by. */
  open: ReadonlyMap<string, string>;
  /** A file of variables that it mentions, which is not read. */
  envFile: string | null;
  /** Tools that it leaves on. */
  tools: NamedTools;
  /** Keys that nothing was made of. */
  ignored: string[];
  /** Places where the client would put in something that the hub takes as it is written. */
  literal: string[];
}

/** The answers of the person beside the config, and the values of the operator. */
export interface ImportAnswers {
  inputs?: Readonly<Record<string, string>>;
  /** Ids for entries, by their names. */
  ids?: Readonly<Record<string, string>>;
  isProvided?: (name: string) => boolean;
}

const mostServers = 500;

/**
 * Reads the config of any MCP client, in JSON, TOML or YAML; `configs/clients.ts` has the places where each keeps its
 * servers. Throws `invalid` where the whole cannot be read; a wrong entry has its own error.
 */
export function parseClientConfig(text: string, answers: ImportAnswers = {}): ParsedEntry[] {
  const config = readConfig(text);
  const servers = findServers(config);
  if (servers.length > mostServers) {
    throw unreadable(say('configServers', { number: servers.length, most: mostServers }));
  }
  const { inputs: values = {}, ids = {}, isProvided = () => false } = answers;
  const given = { declared: readInputs(config), values, isProvided };
  return servers.map(({ name, raw }) => parseEntry(name, raw, given, Object.hasOwn(ids, name) ? ids[name] : undefined));
}

/** The same name gives the same id each time, also where none of it can be used in a URL. */
function idOf(name: string): string {
  return slugify(name) || hashedSlug(nameKey(name));
}

function parseEntry(name: string, entry: unknown, given: GivenInputs, id = idOf(name)): ParsedEntry {
  let said: ParsedEntry = { name, draft: null, docker: null, error: null, ...nothingSaid };
  try {
    if (!isObject(entry)) throw new DomainError('invalid', say('noEntry'));
    const { raw, asks, open } = fillInputs(entry, given);
    said = { ...said, asks, open, envFile: typeof raw['envFile'] === 'string' ? raw['envFile'] : null };
    const { draft: read, ...notes } = readEntry(raw);
    const draft = parseInput(CreateServer, { id, name, ...read });
    return { ...said, ...notes, draft, docker: readDockerRun(draft) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...said, error: error.reason };
  }
}

const nothingSaid = {
  asks: [],
  open: new Map<string, string>(),
  envFile: null,
  tools: { only: null, off: [] },
  ignored: [],
  literal: [],
};
