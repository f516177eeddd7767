import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';
import { shown } from '../bounds.ts';
import { canonical } from './canonical.ts';
import { limitFault } from './limits.ts';
import { target } from './references.ts';

/** A problem of one value. */
export interface SchemaProblem {
  /** JSON Pointer to the value; of one that is missing, to where it should be. */
  path: string;
  keyword: string;
  /** The end of a sentence that begins with the value's name. */
  message: string;
}

/** Looks at a value; empty = it fits. */
export type SchemaCheck = (value: unknown) => SchemaProblem[];

/** Schemas and values that are compared, one with another; a check that wants more ends in a problem. */
const mostSteps = 200_000;
const deepest = 100;
const mostProblems = 20;

/** One check under way. */
interface Run {
  root: JsonObject;
  stepsLeft: number;
}

interface At {
  run: Run;
  path: string;
  depth: number;
}

class TooMuch extends Error {}

function spend(run: Run, steps: number): void {
  run.stepsLeft -= steps;
  if (run.stepsLeft < 0) throw new TooMuch();
}

function below(at: At, key: string | number): At {
  const token = String(key).replaceAll('~', '~0').replaceAll('/', '~1');
  return { run: at.run, path: `${at.path}/${token}`, depth: at.depth + 1 };
}

/** The type of a value as JSON Schema calls it; whole numbers are `integer`. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function hasType(value: unknown, type: unknown): boolean {
  const found = typeOf(value);
  return found === type || (found === 'integer' && type === 'number');
}

type Keyword = (given: unknown, value: unknown, at: At, schema: JsonObject) => SchemaProblem[];

function problem(at: At, keyword: string, message: string): SchemaProblem[] {
  return [{ path: at.path, keyword, message }];
}

/** The text by which values are compared; long values cost what they are long. */
function compared(value: unknown, run: Run): string {
  const text = canonical(value) ?? '';
  spend(run, 1 + text.length / 16);
  return text;
}

function fits(schema: unknown, value: unknown, at: At): boolean {
  return visit(schema, value, at).length === 0;
}

function schemasIn(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [];
}

function own(map: unknown, key: string): unknown {
  return isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Whether another keyword speaks of this property; by a pattern it may, so any pattern counts. */
function isNamed(schema: JsonObject, key: string): boolean {
  return own(schema['properties'], key) !== undefined || isObject(schema['patternProperties']);
}

const ofObjects: Readonly<Record<string, Keyword>> = {
  required(given, value, at) {
    if (!isObject(value)) return [];
    const missing = schemasIn(given).filter(
      (key): key is string => typeof key === 'string' && !Object.hasOwn(value, key),
    );
    return missing.slice(0, mostProblems).flatMap((key) => problem(below(at, key), 'required', 'is missing'));
  },
  properties(given, value, at) {
    if (!isObject(value) || !isObject(given)) return [];
    return Object.keys(given).flatMap((key) =>
      Object.hasOwn(value, key) ? visit(given[key], value[key], below(at, key)) : [],
    );
  },
  additionalProperties(given, value, at, schema) {
    if (!isObject(value)) return [];
    const further = Object.keys(value).filter((key) => !isNamed(schema, key));
    if (given === false) {
      return further
        .slice(0, mostProblems)
        .flatMap((key) => problem(below(at, key), 'additionalProperties', 'is unknown'));
    }
    return further.flatMap((key) => visit(given, value[key], below(at, key)));
  },
  propertyNames(given, value, at) {
    if (!isObject(value)) return [];
    return Object.keys(value).flatMap((key) => visit(given, key, below(at, key)));
  },
  dependentRequired(given, value, at) {
    if (!isObject(value) || !isObject(given)) return [];
    return Object.entries(given)
      .filter(([key]) => Object.hasOwn(value, key))
      .flatMap(([, needed]) => ofObjects['required']?.(needed, value, at, {}) ?? []);
  },
};

const ofArrays: Readonly<Record<string, Keyword>> = {
  items(given, value, at, schema) {
    if (!Array.isArray(value)) return [];
    const first = schemasIn(schema['prefixItems']).length;
    if (Array.isArray(given)) return ofArrays['prefixItems']?.(given, value, at, schema) ?? [];
    return value.slice(first).flatMap((each, index) => visit(given, each, below(at, first + index)));
  },
  prefixItems(given, value, at) {
    if (!Array.isArray(value)) return [];
    const entries: unknown[] = value;
    return schemasIn(given).flatMap((each, index) =>
      index < entries.length ? visit(each, entries[index], below(at, index)) : [],
    );
  },
  contains(given, value, at, { minContains }) {
    if (!Array.isArray(value) || minContains === 0) return [];
    const holds = value.some((each, index) => fits(given, each, below(at, index)));
    return holds ? [] : problem(at, 'contains', 'lacks an entry of the kind that it needs');
  },
  uniqueItems(given, value, at) {
    if (given !== true || !Array.isArray(value)) return [];
    const different = new Set(value.map((each) => compared(each, at.run)));
    return different.size === value.length ? [] : problem(at, 'uniqueItems', 'has the same entry twice');
  },
};

const ofSchemas: Readonly<Record<string, Keyword>> = {
  $ref: (given, value, at) => visit(target(at.run.root, given) ?? true, value, { ...at, depth: at.depth + 1 }),
  allOf: (given, value, at) => schemasIn(given).flatMap((each) => visit(each, value, { ...at, depth: at.depth + 1 })),
  anyOf(given, value, at) {
    const one = schemasIn(given).some((each) => fits(each, value, { ...at, depth: at.depth + 1 }));
    return one ? [] : problem(at, 'anyOf', 'fits none of the shapes that it may have');
  },
  oneOf(given, value, at) {
    const count = schemasIn(given).filter((each) => fits(each, value, { ...at, depth: at.depth + 1 })).length;
    if (count === 1) return [];
    return problem(
      at,
      'oneOf',
      count === 0 ? 'fits none of the shapes that it may have' : 'fits several shapes at once',
    );
  },
  not: (given, value, at) =>
    fits(given, value, { ...at, depth: at.depth + 1 }) ? problem(at, 'not', 'has a shape that it may not have') : [],
  if(given, value, at, schema) {
    const deeper = { ...at, depth: at.depth + 1 };
    return visit(schema[fits(given, value, deeper) ? 'then' : 'else'] ?? true, value, deeper);
  },
};

const ofValues: Readonly<Record<string, Keyword>> = {
  type(given, value, at) {
    const types = [given].flat().filter((type) => typeof type === 'string');
    if (types.length === 0 || types.some((type) => hasType(value, type))) return [];
    return problem(at, 'type', `must be ${shown(types.slice(0, 7).join(' or '))}, not ${typeOf(value)}`);
  },
  enum(given, value, at) {
    if (!Array.isArray(given)) return [];
    const wanted = compared(value, at.run);
    const options: unknown[] = given;
    if (options.some((option) => compared(option, at.run) === wanted)) return [];
    const names = options.slice(0, 20).map((option) => JSON.stringify(option)?.slice(0, 40));
    return problem(at, 'enum', `must be one of ${names.join(', ')}${options.length > 20 ? ', …' : ''}`);
  },
  const: (given, value, at) =>
    compared(given, at.run) === compared(value, at.run)
      ? []
      : problem(at, 'const', `must be ${JSON.stringify(given)?.slice(0, 40)}`),
};

/** In the order in which they are reported. */
const keywords: readonly (readonly [string, Keyword])[] = Object.entries({
  ...ofValues,
  ...ofSchemas,
  ...ofObjects,
  ...ofArrays,
});

function visit(schema: unknown, value: unknown, at: At): SchemaProblem[] {
  spend(at.run, 1);
  if (at.depth > deepest) throw new TooMuch();
  if (schema === false) return problem(at, 'false', 'may not be there');
  if (!isObject(schema)) return [];
  const found: SchemaProblem[] = [];
  for (const [keyword, check] of keywords) {
    const given = schema[keyword];
    if (given === undefined || found.length >= mostProblems) continue;
    spend(at.run, Array.isArray(given) ? given.length : 1);
    found.push(...check(given, value, at, schema).slice(0, mostProblems));
  }
  const limit = limitFault(schema, value, (steps) => spend(at.run, steps));
  if (limit !== null) found.push({ path: at.path, ...limit });
  return found;
}

/**
 * A check by a JSON Schema from outside, which is read and never compiled to code. It takes bounded time for any schema
 * and value: a check that would take more is reported as a problem. `pattern`, `format` and references to other
 * documents have no effect.
 */
export function schemaCheck(schema: JsonObject): SchemaCheck {
  return (value) => {
    const run = { root: schema, stepsLeft: mostSteps };
    try {
      return visit(schema, value, { run, path: '', depth: 0 }).slice(0, mostProblems);
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      return [{ path: '', keyword: 'limit', message: 'takes too long to compare with its schema' }];
    }
  };
}
