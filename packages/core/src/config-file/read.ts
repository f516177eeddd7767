import { isObject } from '@switchboard/basics';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { DomainError, invalidField, type FieldProblem } from '../errors.ts';
import { say } from '../reasons.ts';
import { isMap, plainOf, type ConfigValue } from '../servers/configs/value.ts';
import { readYaml } from '../servers/configs/yaml.ts';
import { longestFile, mostEntries, SectionName, sectionNames } from './schema.ts';
import type { FileEntry } from './section.ts';
import { fileSections } from './sections.ts';

/** The entries of a file, by section and name. */
export type ReadFile = Map<SectionName, Map<string, FileEntry>>;

const mostProblems = 50;
const longestName = 256;

/** A problem at one place; a validator gives it no code. */
interface Problem {
  field: string;
  what: Reason | string;
}

function refuse(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  const errors: FieldProblem[] = problems.slice(0, mostProblems).map(({ field, what }) => ({
    field,
    ...(typeof what === 'string' ? { message: what } : { message: what.text, why: what }),
  }));
  const { field, what } = first;
  throw new DomainError('invalid', say('inField', { field, reason: what }), { field, errors });
}

function joined(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .join('.')
    .slice(0, 500);
}

/** Places where one key occurs twice: one of the two entries would be lost silently. */
function twice(value: ConfigValue, at = ''): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => twice(item, joined(at, String(index))));
  if (!isMap(value)) return [];
  const seen = new Set<string>();
  return value.pairs.flatMap(([key, inner]) => {
    const field = joined(at, key);
    const again = seen.has(key) ? [{ field, what: say('fileKeyTwice') }] : [];
    seen.add(key);
    return [...again, ...twice(inner, field)];
  });
}

function problemsOf(name: SectionName, key: string, entry: unknown): Problem[] {
  const field = joined(name, key);
  if (!isObject(entry) || key === '' || key.length > longestName) return [{ field, what: say('fileEntry') }];
  const { error } = fileSections[name].entry.safeParse(entry);
  return (error?.issues ?? []).map(({ path, message }) => ({
    field: joined(field, ...path.map(String)),
    what: message,
  }));
}

/** Reads a file whose shape is right in every place. Throws `invalid` with each place that is wrong. */
export function readFile(text: string, only?: readonly SectionName[]): ReadFile {
  const value = readYaml(text, longestFile);
  refuse(twice(value));
  const whole = plainOf(value);
  if (!isObject(whole))
    throw new DomainError('invalid', say('inField', { field: 'text', reason: say('fileEntry') }), { field: 'text' });
  const { version, ...rest } = whole;
  const problems: Problem[] = version === 1 ? [] : [{ field: 'version', what: say('fileOfVersion') }];
  const read: ReadFile = new Map();
  for (const [key, entries] of Object.entries(rest)) {
    const { data: name } = SectionName.safeParse(key);
    if (!name) problems.push({ field: joined(key), what: say('fileSection', { names: sectionNames.join(', ') }) });
    else if (entries !== null && !isObject(entries)) problems.push({ field: name, what: say('fileEntry') });
    else if (!only || only.includes(name)) {
      const told = Object.entries(entries ?? {});
      problems.push(...told.flatMap(([entry, inner]) => problemsOf(name, entry, inner)));
      read.set(name, new Map(told.flatMap(([entry, inner]) => (isObject(inner) ? [[entry, inner] as const] : []))));
    }
  }
  refuse(problems);
  const count = [...read.values()].reduce((sum, { size }) => sum + size, 0);
  if (count > mostEntries) throw invalidField('text', say('fileEntries', { most: mostEntries }));
  return read;
}
