import { z } from 'zod';
import { isObject } from '@switchboard/basics';
import { DomainError } from '../../errors.ts';
import { say } from '../../reasons.ts';
import type { ConfigInput } from '../transfer-schema.ts';
import { inputsOf } from './clients.ts';
import type { ConfigValue, Json } from './value.ts';

/** An input that VS Code declares beside its servers; unknown fields are left out. */
const Declared = z.object({
  id: z.string(),
  description: z.string().catch(''),
  password: z.boolean().catch(false),
  default: z.string().catch(''),
  options: z.array(z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])).catch([]),
});
type Declarations = ReadonlyMap<string, ConfigInput>;

/** The `inputs` of a config, by id. */
export function readInputs(config: ConfigValue): Declarations {
  const read = inputsOf(config).flatMap((each) => Declared.safeParse(each).data ?? []);
  return new Map(read.map(({ default: usual, ...input }) => [input.id, { ...input, usual }]));
}

export interface GivenInputs {
  declared: Declarations;
  values: Readonly<Record<string, string>>;
  /** Whether `${NAME}` reads something of the operator's already. */
  isProvided: (name: string) => boolean;
}

export interface FilledEntry {
  raw: Json;
  asks: ConfigInput[];
  /** Names of the placeholders whose values nobody gave, with the ids they were asked for by. */
  open: ReadonlyMap<string, string>;
}

/** The most characters of input values in one entry: a short text can mention a long value many times. */
const mostFilled = 262_144;

const inputPattern = /\$\{input:([^{}]+)\}/g;

/**
 * VS Code and Cursor write `${input:id}` and `${env:NAME}`. The first is asked for, and stays a placeholder of its own
 * while nobody answers, so that the server keeps naming it; the second is our `${NAME}`, as are opencode's
 * `{env:NAME}` and Continue's `${{ secrets.NAME }}`. Throws `invalid` where the values make the entry too long.
 */
export function fillInputs(raw: Json, { declared, values, isProvided }: GivenInputs): FilledEntry {
  const asks = new Map<string, ConfigInput>();
  const open = new Map<string, string>();
  const standIns = new Map<string, string>();
  const counts = new Map<string, number>();
  const env = envOf(raw);
  let filled = 0;
  function isTaken(name: string, id: string) {
    return isProvided(name) || open.has(name) || (Object.hasOwn(env, name) && env[name] !== `\${input:${id}}`);
  }
  function answer(_whole: string, id: string): string {
    const ask = declared.get(id) ?? { id, description: '', password: false, usual: '', options: [] };
    asks.set(id, ask);
    const given = Object.hasOwn(values, id) ? values[id] : undefined;
    if (given !== undefined || ask.usual !== '') {
      const value = given ?? ask.usual;
      filled += value.length;
      if (filled > mostFilled) throw new DomainError('invalid', say('inputsTooLong', { most: mostFilled }));
      return value;
    }
    const name = standIns.get(id) ?? placeholderName(id, isTaken, counts);
    standIns.set(id, name);
    open.set(name, id);
    return `\${${name}}`;
  }
  function text(value: string) {
    return value
      .replace(/\$?\{env:([A-Za-z_][A-Za-z0-9_]{0,255})\}/g, '${$1}')
      .replace(/\$\{\{ {0,4}(?:secrets|inputs)\.([A-Za-z_][A-Za-z0-9_]{0,255}) {0,4}\}\}/g, '${$1}')
      .replace(inputPattern, answer);
  }
  return { raw: mapTexts(raw, text) as Json, asks: [...asks.values()], open };
}

/** Gemini and Crush write `$NAME`, alone or as a word: `Bearer $TOKEN`. A word in lower case is no name. */
export function withBraces(text: string): string {
  return text.replace(/(?<![\w$\\])\$([A-Z_][A-Z0-9_]{0,255})(?!\w)/g, '${$1}');
}

/** A value that names a variable. Throws `invalid` where it does not. */
export function variableName(key: string, value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(value)) return value;
  throw new DomainError('invalid', say('inField', { field: key, reason: say('mustNameVariable') }));
}

/** Numbers and booleans are common in env blocks. */
export function scalarText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** A value of a map as text, with the names it mentions in braces. */
export function referenceText(value: unknown): unknown {
  const text = scalarText(value);
  return typeof text === 'string' ? withBraces(text) : text;
}

/** References that clients replace and the hub does not: output of commands, files, values of the editor. */
export function hasForeignReference(text: string): boolean {
  return /\$\([^()]|\{file:|\$\{(?!user:[a-z_]\w{0,63}\})[a-z]{1,32}:[^-+]|\{\{ ?[a-z_]/i.test(text);
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, map)]));
}

/** The entry's own variables, wherever it has them. */
function envOf({ env, command, container }: Json): Json {
  return [env, isObject(command) && command['env'], isObject(container) && container['env']].reduce<Json>(
    (all, each) => (isObject(each) ? { ...all, ...each } : all),
    {},
  );
}

/** `api-key` is `API_KEY`; what already reads something else is kept apart from it. */
function placeholderName(
  id: string,
  isTaken: (name: string, id: string) => boolean,
  /** The number that a name was last given, so that many ids of one name do not each count from the start. */
  counts: Map<string, number>,
): string {
  const plain = id
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  if (/^[A-Z]/.test(plain) && !isTaken(plain, id)) return plain;
  const apart = plain === '' ? 'INPUT' : `INPUT_${plain}`;
  let count = counts.get(apart) ?? 1;
  let name = count === 1 ? apart : `${apart}_${count}`;
  while (isTaken(name, id)) name = `${apart}_${++count}`;
  counts.set(apart, count);
  return name;
}
