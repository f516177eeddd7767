import { isObject } from '@switchboard/basics';
import { DomainError } from '../../errors.ts';
import { say } from '../../reasons.ts';
import { serverKinds, type ServerKind } from '../kinds/kind.ts';
import { hasField, kinds } from '../kinds/table.ts';
import { configNames } from '../plain-fields.ts';
import { ContainerSettings } from '../schema.ts';
import { fieldsOf, type Fields } from './fields.ts';
import { hasForeignReference, referenceText, scalarText, variableName, withBraces } from './references.ts';
import { readRemote } from './remote.ts';
import { toolsOf, type NamedTools } from './tools.ts';
import type { Json } from './value.ts';

/** An entry in the terms of the hub, not yet checked, and the parts that the hub does not follow. */
export interface ReadEntry {
  draft: Json;
  tools: NamedTools;
  /** Keys that nothing was made of, dotted where they lie deeper. */
  ignored: string[];
  /** Places where the client would put in something that the hub takes as it is written. */
  literal: string[];
}

/**
 * One entry of a client's config, in any client's terms. Throws `invalid` where its meaning is unclear; the values
 * themselves are checked when a server is made of it.
 */
export function readEntry(raw: Json): ReadEntry {
  const fields = fieldsOf(raw);
  // The key of the entry has been read; these say nothing about the server.
  fields.takeAll('$schema', 'source', 'envFile');
  const told: Json = {
    ...optional('name', hasTitle(fields) ? fields.take('name') : undefined),
    ...Object.fromEntries(configNames.flatMap((name) => Object.entries(optional(name, fields.take(name))))),
    ...optional('isolation', fields.take('isolation')),
    ...optional('limits', limitsOf(fields)),
    ...optional('desired', desiredOf(fields)),
  };
  const tools = toolsOf(fields);
  const draft = { ...told, ...(isObject(raw['container']) ? readContainer(raw, fields) : readLaunch(fields)) };
  return { draft, tools, ignored: fields.rest(), literal: literalIn(draft) };
}

const urlKeys = ['httpUrl', 'url', 'serverUrl', 'uri', 'baseUrl'];

function readLaunch(fields: Fields): Json {
  // Zed once nested the program: {"command": {"path", "args", "env"}}.
  const nested = fields.inside('command');
  const hasCommand = (nested.peek('path') ?? fields.peek('command', 'cmd')) !== undefined;
  const word = fields.take('type', 'transport', 'transportType');
  const kind = kindOf(word, hasCommand, fields.peek(...urlKeys), fields.peek('httpUrl') !== undefined);
  const env = { ...entriesOf(nested.take('env')), ...entriesOf(fields.take('env', 'environment', 'envs')) };
  const variables = { ...namedVariables(fields.takeAll('env_vars', 'env_keys')), ...env };
  const shared = { kind, ...filled('env', variables) };
  if (hasField(kind, 'url')) return { ...shared, ...readRemote(fields.take(...urlKeys), fields) };
  const program = nested.take('path') ?? fields.take('command', 'cmd');
  const args = nested.take('args') ?? fields.take('args');
  return { ...shared, ...commandOf(program, argsOf(args)), ...optional('cwd', fields.take('cwd')) };
}

/** A map of values by name, without those that say null. */
function entriesOf(value: unknown): Json {
  if (value === undefined) return {};
  if (!isObject(value)) throw new DomainError('invalid', say('inField', { field: 'env', reason: say('mustBeValues') }));
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([key, entry]) => [key, referenceText(entry)]));
}

/** Codex and Goose name variables of the client's own environment that the server gets. */
function namedVariables(lists: readonly unknown[]): Json {
  const names = lists.flat().map((each) => variableName('env_vars', isObject(each) ? each['name'] : each));
  return Object.fromEntries(names.map((name) => [name, `\${${name}}`]));
}

/** opencode writes program and arguments as one list, some write both as one line. */
function commandOf(command: unknown, args: unknown): Json {
  if (Array.isArray(command)) {
    const [program, ...first] = command.map(scalarText);
    return { command: program, args: [...first, ...(Array.isArray(args) ? args : [])] };
  }
  const words = typeof command === 'string' && (args === undefined || isEmpty(args)) ? wordsOf(command) : null;
  if (words === null) return { command, ...optional('args', args) };
  const [program, ...rest] = words;
  return { command: program, args: rest };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const longestLine = 4_096;

/** The words of a line that begins with the plain name of a program; null where it is one word, or a path with spaces. */
function wordsOf(line: string): string[] | null {
  const trimmed = line.trim();
  if (trimmed.length > longestLine || !/^[\w.-]+\s/.test(trimmed)) return null;
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (const character of trimmed) {
    if (character === quote) quote = null;
    else if (quote !== null) word = `${word ?? ''}${character}`;
    else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character.trim() !== '') word = `${word ?? ''}${character}`;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return quote === null ? [...words, ...(word === null ? [] : [word])] : null;
}

/** The hub's own form of a container server: the command for clients beside it is not read. */
function readContainer(raw: Json, fields: Fields): Json {
  fields.takeAll('command', 'args', 'env', 'type');
  const container = fields.inside('container');
  const settings = Object.keys(ContainerSettings.shape).map((key) => [key, container.take(key)] as const);
  const args = container.take('args');
  return {
    kind: 'container',
    container: Object.fromEntries(settings.filter(([, value]) => value !== undefined)),
    ...optional('command', container.take('command')),
    ...optional('args', argsOf(args)),
    ...filled('env', entriesOf(container.take('env'))),
    ...filled('headers', entriesOf(container.take('headers'))),
    ...filled('secrets', entriesOf(container.take('secrets'))),
    ...optional('cwd', container.take('cwd')),
  };
}

function optional(key: string, value: unknown): Json {
  return value === undefined || value === null ? {} : { [key]: value };
}
function filled(key: string, map: Json): Json {
  return Object.keys(map).length === 0 ? {} : { [key]: map };
}

/** A name to show, where the entry has one beside its key. */
function hasTitle(fields: Fields): boolean {
  const name = fields.peek('name');
  return typeof name === 'string' && name.trim() !== '';
}

/** Codex says in seconds, and in the key, what the hub calls limits. */
function limitsOf(fields: Fields): unknown {
  const limits = fields.take('limits');
  const start = milliseconds(fields.take('startup_timeout_sec'), 600_000);
  const call = milliseconds(fields.take('tool_timeout_sec'), 3_600_000);
  if (start === null && call === null) return limits;
  return {
    ...(start !== null && { startTimeoutMs: start }),
    ...(call !== null && { callTimeoutMs: call }),
    ...(isObject(limits) && limits),
  };
}

/** Within what the hub allows: a client's longest is as good as none. */
function milliseconds(seconds: unknown, mostMs: number): number | null {
  return typeof seconds === 'number' && Number.isFinite(seconds)
    ? Math.min(mostMs, Math.max(1_000, Math.round(seconds * 1_000)))
    : null;
}

/** Silence leaves a new server on, and an existing one as it is. */
function desiredOf(fields: Fields): 'disabled' | 'on' | undefined {
  const said = [
    ...['disabled', 'isDisabled'].map((key) => [key, false] as const),
    ...['enabled', 'isActive', 'isEnabled', 'active'].map((key) => [key, true] as const),
  ].flatMap(([key, meansOn]) => {
    const value = fields.take(key);
    return value === undefined ? [] : [booleanOf(key, value) === meansOn];
  });
  if (said.length === 0) return undefined;
  return said.every(Boolean) ? 'on' : 'disabled';
}

const booleans = new Map<unknown, boolean>([
  [1, true],
  [0, false],
  ...(['true', 'yes', 'on', '1'] as const).map((word) => [word, true] as const),
  ...(['false', 'no', 'off', '0'] as const).map((word) => [word, false] as const),
]);

function booleanOf(key: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const known = booleans.get(typeof value === 'string' ? value.trim().toLowerCase() : value);
  if (known !== undefined) return known;
  throw new DomainError('invalid', say('inField', { field: key, reason: say('mustBeBoolean') }));
}

const kindsByWord = new Map(serverKinds.flatMap((kind) => kinds[kind].words.map((word) => [word, kind] as const)));

/** Parts of Goose that are no servers. */
const builtIn = new Set(['builtin', 'platform', 'frontend', 'inline_python']);

/** Words that clients write for either transport of a URL. */
const anyRemote = new Set(['http', 'remote', 'url']);

/** The address of an HTTP+SSE server ends like this by custom. */
function endsInSse(url: unknown): boolean {
  return typeof url === 'string' && /\/sse\/?$/.test(url.split('?', 1)[0]?.slice(-8) ?? '');
}

function kindOf(word: unknown, hasCommand: boolean, url: unknown, isHttp: boolean): ServerKind {
  if (word === undefined) {
    if (!hasCommand && url === undefined) throw new DomainError('invalid', say('needsCommandOrUrl'));
    if (hasCommand) return 'stdio';
    return endsInSse(url) && !isHttp ? 'sse' : 'streamable-http';
  }
  const plain = typeof word === 'string' ? word.toLowerCase() : '';
  if (anyRemote.has(plain) && endsInSse(url) && !isHttp) return 'sse';
  const kind = kindsByWord.get(plain);
  if (kind) return kind;
  if (builtIn.has(plain)) throw new DomainError('invalid', say('partOfClient', { type: plain }));
  throw new DomainError('invalid', say('typeUnknown', { type: JSON.stringify(word) }));
}

function argsOf(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map(scalarText).map((each) => (isReference(each) ? withBraces(each) : each))
    : value;
}

/** An argument that is nothing but a name; what a shell is given to run stays as it is. */
function isReference(value: unknown): value is string {
  return typeof value === 'string' && /^\$[A-Z_][A-Z0-9_]*$/.test(value);
}

function literalIn(draft: Json): string[] {
  const maps = (['env', 'headers', 'secrets'] as const).flatMap((field) => {
    const map = draft[field];
    return isObject(map) ? Object.entries(map).map(([name, value]) => [`${field}.${name}`, value] as const) : [];
  });
  const places = [...maps, ['url', draft['url']] as const, ['cwd', draft['cwd']] as const];
  return places.filter(([, value]) => typeof value === 'string' && hasForeignReference(value)).map(([place]) => place);
}
