import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../types.ts';
import { longestPattern, mostPropertyClasses } from './limits.ts';

/** The schema that a checked value is part of. */
interface Whole {
  root: JsonObject;
  /** Property classes that its patterns may still have. */
  classesLeft: number;
}

type Check = (value: unknown, whole: Whole) => string | null;

const schemaTypes = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

function needs(what: string, holds: (value: unknown) => boolean): Check {
  return (value) => (holds(value) ? null : `must be ${what}`);
}

const number = needs('a number', Number.isFinite);
const flag = needs('true or false', (value) => typeof value === 'boolean');
const text = needs('a text', (value) => typeof value === 'string');
const texts = needs(
  'a list of texts',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
);
function never(): string {
  return 'is not supported';
}

const type = needs('a type of JSON', (value) => {
  const types = Array.isArray(value) ? value : [value];
  return types.length > 0 && types.every((each) => schemaTypes.has(each as string));
});

function pattern(value: unknown, whole: Whole): string | null {
  if (typeof value !== 'string') return 'must be a text';
  if (value.length > longestPattern) return 'is too long';
  whole.classesLeft -= value.match(/\\p\{/gi)?.length ?? 0;
  if (whole.classesLeft < 0) return 'has too many property classes';
  try {
    void new RegExp(value, 'u');
    return null;
  } catch {
    return 'is no regular expression';
  }
}

/** Only what is in the schema itself: a client looks for nothing elsewhere. */
function reference(value: unknown, { root }: Whole): string | null {
  if (typeof value !== 'string') return 'must be a text';
  return value === '#' || (value.startsWith('#/') && isSchema(at(root, value.slice(2)))) ? null : 'leads nowhere';
}

function at(root: unknown, pointer: string): unknown {
  let found = root;
  try {
    for (const raw of pointer.split('/')) {
      const key = decodeURIComponent(raw).replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
      found = (found as JsonObject)[key];
    }
    return found;
  } catch {
    return undefined;
  }
}

function isSchema(value: unknown): value is JsonObject | boolean {
  return typeof value === 'boolean' || isObject(value);
}

const schema: Check = (value, whole) => (isSchema(value) ? fault(value, whole) : 'must be a schema');

const schemas: Check = (value, whole) => {
  if (!Array.isArray(value) || value.length === 0) return 'must be a list of schemas';
  return firstFault(value.entries(), whole);
};

const schemaMap: Check = (value, whole) =>
  isObject(value) ? firstFault(Object.entries(value), whole) : 'must be an object of schemas';

const byPattern: Check = (value, whole) => {
  for (const key of Object.keys(isObject(value) ? value : {})) {
    const wrong = pattern(key, whole);
    if (wrong !== null) return wrong;
  }
  return schemaMap(value, whole);
};

/** A property needs others, or a schema of the whole. */
const dependencies: Check = (value, whole) => {
  if (!isObject(value)) return 'must be an object';
  return firstFault(
    Object.entries(value).filter(([, each]) => texts(each, whole) !== null),
    whole,
  );
};

/** The problem, with the path to it. */
function below(key: string | number, wrong: string): string {
  return `/${String(key).slice(0, 40)}${wrong.startsWith('/') ? '' : ' '}${wrong}`;
}

function firstFault(entries: Iterable<readonly [string | number, unknown]>, whole: Whole): string | null {
  for (const [key, value] of entries) {
    const wrong = schema(value, whole);
    if (wrong !== null) return below(key, wrong);
  }
  return null;
}

const items: Check = (value, whole) =>
  Array.isArray(value) && value.length === 0 ? null : (Array.isArray(value) ? schemas : schema)(value, whole);

/** Keywords whose value a client's validator refuses where it is of another shape. */
const keywords: Readonly<Record<string, Check>> = {
  type,
  nullable: flag,
  enum: needs('a list with something in it', (value) => Array.isArray(value) && value.length > 0),
  pattern,
  format: text,
  required: texts,
  uniqueItems: flag,
  $ref: reference,
  $schema: text,
  // Identities lead to schemas of other tools, since a client keeps all in one place.
  $id: never,
  id: never,
  $anchor: never,
  $dynamicAnchor: never,
  $recursiveAnchor: never,
  $async: never,
  properties: schemaMap,
  patternProperties: byPattern,
  $defs: schemaMap,
  definitions: schemaMap,
  dependentSchemas: schemaMap,
  dependencies,
  dependentRequired: needs('an object', isObject),
  items,
  prefixItems: schemas,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  ...Object.fromEntries(
    [
      'additionalItems',
      'additionalProperties',
      'contains',
      'else',
      'if',
      'not',
      'propertyNames',
      'then',
      'unevaluatedItems',
      'unevaluatedProperties',
    ].map((keyword) => [keyword, schema]),
  ),
  ...Object.fromEntries(
    [
      'exclusiveMaximum',
      'exclusiveMinimum',
      'maxContains',
      'maxItems',
      'maxLength',
      'maxProperties',
      'maximum',
      'minContains',
      'minItems',
      'minLength',
      'minProperties',
      'minimum',
      'multipleOf',
    ].map((keyword) => [keyword, number]),
  ),
};

function fault(value: JsonObject | boolean, whole: Whole): string | null {
  if (typeof value === 'boolean') return null;
  const { nullable } = value;
  if (nullable !== undefined && value['type'] === undefined) return '/nullable needs a type';
  if (nullable === false && [value['type']].flat().includes('null')) return '/nullable contradicts the type';
  for (const [keyword, each] of Object.entries(value)) {
    const check = Object.hasOwn(keywords, keyword) ? keywords[keyword] : unknown;
    const wrong = check?.(each, whole) ?? null;
    if (wrong !== null) return below(keyword, wrong);
  }
  return null;
}

/** Validators look for identities below keywords that they do not know, too. */
const hidden = ['$id', '$anchor', '$dynamicAnchor'] as const;
function unknown(value: unknown): string | null {
  const inner = Array.isArray(value) ? value : isObject(value) ? [value] : [];
  for (const each of inner) {
    if (!isObject(each)) continue;
    if (hidden.some((keyword) => typeof each[keyword] === 'string')) return 'has an identity';
    for (const inside of Object.values(each)) {
      const wrong = unknown(inside);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

/**
 * Why a client's validator (ajv) would not compile a JSON schema, as a path and a few words; null where it would. A
 * schema whose outer shape was measured: it is walked recursively.
 */
export function schemaFault(root: JsonObject): string | null {
  return fault(root, { root, classesLeft: mostPropertyClasses });
}
