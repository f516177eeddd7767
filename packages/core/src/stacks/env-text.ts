import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { secretMask } from '../servers/schema.ts';
import { readEnv, type EnvPiece } from './env-grammar.ts';

/** An environment file with `***` for every value; names and comments stay. */
export function maskEnv(text: string): string {
  return readEnv(text)
    .map(({ raw, hidden }) => (hidden ? secretMask : raw))
    .join('');
}

/** The values of each name in an environment file, as written; several where a name is repeated. */
export function valuesByName(text: string): Map<string, string[]> {
  return byName(readEnv(text));
}

/** Names of a masked environment file under which `current` keeps no value; empty for a line that has no name. */
export function goneNames(masked: string, current: string | null): string[] {
  const kept = valuesByName(current ?? '');
  return [...valuesByName(masked).keys()].filter((name) => !kept.has(name));
}

function byName(pieces: readonly EnvPiece[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { raw, hidden } of pieces) {
    if (!hidden) continue;
    const known = found.get(hidden.of);
    if (known) known.push(raw);
    else found.set(hidden.of, [raw]);
  }
  return found;
}

function refusal(name: string, code: 'envBeside' | 'envNoValue' | 'envSeveral') {
  return invalidField('env', say(code, { name: name === '' ? say('aLine') : `"${name}"` }));
}

/** The value that a `***` keeps; `at` counts the values of this name in the text that came back. */
function kept(name: string, at: number, now: readonly string[], before: readonly string[]): string {
  const [only] = before;
  if (only === undefined) {
    throw refusal(name, 'envNoValue');
  }
  if (before.length === 1 && now.filter((raw) => raw === secretMask).length === 1) return only;
  const same = before[at];
  if (before.length !== now.length || same === undefined) {
    throw refusal(name, 'envSeveral');
  }
  return same;
}

/**
 * A masked environment file that was written back, with the stored values in place of `***`. Throws `invalid` where it
 * is unclear which value a `***` keeps. `before` is the text that was masked; null where there was none.
 */
export function keepMasked(text: string, before: string | null): string {
  if (before === null) return text;
  const pieces = readEnv(text);
  const old = byName(readEnv(before));
  const now = byName(pieces);
  const seen = new Map<string, number>();
  const result = pieces
    .map(({ raw, hidden }) => {
      if (!hidden) return raw;
      const at = seen.get(hidden.of) ?? 0;
      seen.set(hidden.of, at + 1);
      const values = old.get(hidden.of) ?? [];
      if (raw === secretMask) return kept(hidden.of, at, now.get(hidden.of) ?? [], values);
      if (!raw.includes(secretMask) || values.includes(raw)) return raw;
      throw refusal(hidden.of, 'envBeside');
    })
    .join('');
  // A value may reach further than its line: what is written around it could have become part of it.
  if (maskEnv(result) !== maskEnv(text)) {
    throw invalidField('env', say('envAround'));
  }
  return result;
}

/** The names that an environment file sets, as far as they are surely names. */
export function envNames(text: string | null): string[] {
  return [
    ...new Set(readEnv(text ?? '').flatMap(({ hidden }) => (hidden && /^[^#]/.test(hidden.of) ? [hidden.of] : []))),
  ];
}

/** Shorter values occur in ordinary words too. */
const shortestSecret = 4;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The forms in which a value can occur in output of Compose: as written, without escapes, and between variables. */
function formsOf(value: string): string[] {
  const plain = value.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
  const bare = /[ \t]#/.exec(value);
  return [value, plain, ...(bare ? [value.slice(0, bare.index)] : [])]
    .flatMap((form) => [form, ...form.split(/\$\{?\w*(?::?[-+?])?|\}/)])
    .flatMap((form) => form.split(/[\r\n]/))
    .map((form) => form.trim());
}

/** Takes the values of an environment file out of what a program says. */
export function maskOf(text: string | null): (line: string) => string {
  const written = readEnv(text ?? '').flatMap(({ hidden }) => hidden?.values ?? []);
  const values = [...new Set(written.flatMap(formsOf))]
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  return (line) => values.reduce((masked, value) => masked.replaceAll(value, secretMask), line);
}
