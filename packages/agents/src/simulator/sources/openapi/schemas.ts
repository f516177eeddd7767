import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../../types.ts';
import { followed, type Tell } from './document.ts';

/** Schemas that one action is made of, and levels of references in each other. */
const mostSchemas = 2000;
const deepest = 12;

/** One schema that is being taken over. */
interface Taking {
  document: JsonObject;
  tell: Tell;
  left: number;
  /** The references that lead here. */
  path: readonly string[];
}

const kept: readonly string[] = [
  'type',
  'title',
  'description',
  'format',
  'enum',
  'const',
  'default',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
  'examples',
  'deprecated',
];
const ofSchema = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames'];
const ofSchemas = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

/** The differences of OpenAPI 3.0 from JSON Schema. */
function inJsonSchema(schema: JsonObject): JsonObject {
  const own = Object.fromEntries(kept.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]));
  const { type, enum: options } = own;
  if (schema['nullable'] === true && typeof type === 'string') {
    own['type'] = [type, 'null'];
    if (Array.isArray(options) && !options.includes(null)) own['enum'] = [...(options as unknown[]), null];
  }
  for (const [flag, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (own[flag] === true) {
      own[flag] = own[limit];
      delete own[limit];
    } else if (typeof own[flag] === 'boolean') delete own[flag];
    if (own[flag] === undefined) delete own[flag];
  }
  if (schema['example'] !== undefined && own['examples'] === undefined) own['examples'] = [schema['example']];
  return own;
}

function takeAll(values: unknown[], taking: Taking): unknown[] {
  return values.map((each) => take(each, taking));
}

function takeMap(value: JsonObject, taking: Taking): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, take(each, taking)]));
}

function take(value: unknown, taking: Taking): unknown {
  if (typeof value === 'boolean') return value;
  if (!isObject(value)) return {};
  taking.left -= 1;
  if (taking.left < 0) return {};
  const reference = value['$ref'];
  if (typeof reference !== 'string') return takeOwn(value, taking);
  const found = followed(taking.document, value, taking.tell);
  if (found === null) return {};
  // A circular reference continues without an end: of the next round only the type is kept.
  if (taking.path.includes(reference) || taking.path.length >= deepest) {
    return typeof found['type'] === 'string' ? { type: found['type'] } : {};
  }
  const inner: Taking = { ...taking, path: [...taking.path, reference] };
  const taken = takeOwn(found, inner);
  taking.left = inner.left;
  return taken;
}

function takeOwn(schema: JsonObject, taking: Taking): JsonObject {
  const taken = inJsonSchema(schema);
  if (isObject(schema['properties'])) taken['properties'] = takeMap(schema['properties'], taking);
  for (const key of ofSchema) if (schema[key] !== undefined) taken[key] = take(schema[key], taking);
  for (const key of ofSchemas) {
    const list = schema[key];
    if (Array.isArray(list) && list.length > 0) taken[key] = takeAll(list, taking);
  }
  return taken;
}

/**
 * Converts schemas of a document to JSON Schema without references; a reference without a target is reported, and
 * matches anything.
 */
export function schemaTaker(document: JsonObject, tell: Tell): (schema: unknown) => JsonObject {
  const taking: Taking = { document, tell, left: mostSchemas, path: [] };
  let toldEnd = false;
  return (schema) => {
    const taken = take(schema, taking);
    if (taking.left < 0 && !toldEnd) {
      toldEnd = true;
      tell(`Its schemas have more than ${mostSchemas} parts: the rest is left open`);
    }
    return isObject(taken) ? taken : {};
  };
}
