import { isObject } from '@switchboard/basics';
import { objectIn } from '../../providers/json.ts';
import type { JsonObject } from '../../types.ts';
import { wholeOf, type Random } from '../chance.ts';
import { resolveReference } from './references.ts';

/** Levels that are made up, and values in all. */
const deepest = 12;
const mostValues = 2000;

interface Making {
  root: JsonObject;
  random: Random;
  /** Epoch milliseconds. */
  time: number;
  left: number;
}

/** Texts of formats. */
const formats: Readonly<Record<string, (making: Making) => string>> = {
  'date-time': ({ time }) => new Date(time).toISOString(),
  date: ({ time }) => new Date(time).toISOString().slice(0, 10),
  time: ({ time }) => new Date(time).toISOString().slice(11),
  email: ({ random }) => `user${wholeOf(random, 1, 999)}@example.com`,
  uri: ({ random }) => `https://example.com/${wholeOf(random, 1, 9999)}`,
  url: ({ random }) => `https://example.com/${wholeOf(random, 1, 9999)}`,
  hostname: ({ random }) => `host${wholeOf(random, 1, 999)}.example.com`,
  ipv4: ({ random }) => `203.0.113.${wholeOf(random, 1, 254)}`,
  ipv6: ({ random }) => `2001:db8::${wholeOf(random, 1, 9999)}`,
  uuid: ({ random }) => {
    const hex = Array.from({ length: 32 }, () => wholeOf(random, 0, 15).toString(16)).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  },
};

function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function textFor(schema: JsonObject, making: Making): string {
  const { format } = schema;
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format]?.(making) ?? '';
  const least = Math.min(1000, numberIn(schema['minLength']) ?? 0);
  const text = `text ${wholeOf(making.random, 1, 9999)}`.padEnd(least, 'x');
  return text.slice(0, Math.max(least, numberIn(schema['maxLength']) ?? text.length));
}

function numberFor(schema: JsonObject, { random }: Making, isWhole: boolean): number {
  const from = numberIn(schema['minimum']) ?? above(schema['exclusiveMinimum'], isWhole);
  const to = numberIn(schema['maximum']) ?? below(schema['exclusiveMaximum'], isWhole);
  const least = from ?? Math.min(0, to ?? 0);
  const most = Math.max(least, to ?? least + 100);
  const step = numberIn(schema['multipleOf']) ?? 0;
  if (step > 0) return Math.ceil(least / step) * step;
  if (isWhole) return wholeOf(random, Math.ceil(least), Math.floor(most));
  return Math.min(most, Math.round((least + random() * (most - least)) * 100) / 100);
}

function above(limit: unknown, isWhole: boolean): number | null {
  const value = numberIn(limit);
  return value === null ? null : value + (isWhole ? 1 : 0.01);
}

function below(limit: unknown, isWhole: boolean): number | null {
  const value = numberIn(limit);
  return value === null ? null : value - (isWhole ? 1 : 0.01);
}

function listFor(schema: JsonObject, making: Making, depth: number): unknown[] {
  const first: unknown[] = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
  const length = Math.min(100, Math.max(first.length, numberIn(schema['minItems']) ?? 1));
  return Array.from({ length }, (_each, at) => make(first[at] ?? schema['items'], making, depth + 1));
}

function objectFor(schema: JsonObject, making: Making, depth: number): JsonObject {
  const properties = Object.entries(objectIn(schema['properties'])).slice(0, 200);
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  // Deep down only required properties are made: schemas may continue without an end.
  const wanted = depth < 5 ? properties : properties.filter(([key]) => required.includes(key));
  const made = wanted.map(([key, property]) => [key, make(property, making, depth + 1)] as const);
  const missing = required
    .filter((key): key is string => typeof key === 'string' && !Object.hasOwn(objectIn(schema['properties']), key))
    .slice(0, 200)
    .map((key) => [key, 'value'] as const);
  return Object.fromEntries([...made, ...missing]);
}

/** The type to make: the first that is not null. */
function typeOf(schema: JsonObject): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return (type as unknown[]).find((each) => each !== 'null') ?? 'null';
  if (type !== undefined) return type;
  if (isObject(schema['properties'])) return 'object';
  return schema['items'] === undefined ? 'string' : 'array';
}

/** A value that the schema names itself; undefined where it names none. */
function named(schema: JsonObject): unknown {
  const { example, examples, default: fallback, const: only, enum: options } = schema;
  if (only !== undefined) return only;
  if (example !== undefined) return example;
  if (Array.isArray(examples) && examples.length > 0) return (examples as unknown[])[0];
  if (fallback !== undefined) return fallback;
  return Array.isArray(options) ? (options as unknown[])[0] : undefined;
}

/** The schema with the first of its alternatives and all of its parts. */
function joined(schema: JsonObject, making: Making): JsonObject {
  const alternatives = [schema['anyOf'], schema['oneOf']].filter(Array.isArray).map((each: unknown[]) => each[0]);
  const parts = [...(Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]) : []), ...alternatives];
  let whole = schema;
  for (const part of parts.slice(0, 50)) {
    const one = isObject(part) ? resolveReference(making.root, part) : {};
    whole = {
      ...one,
      ...whole,
      properties: { ...objectIn(one['properties']), ...objectIn(whole['properties']) },
      required: [one['required'], whole['required']].filter(Array.isArray).flat(),
    };
    if (Object.keys(objectIn(whole['properties'])).length === 0) delete whole['properties'];
  }
  return whole;
}

function make(given: unknown, making: Making, depth: number): unknown {
  making.left -= 1;
  if (!isObject(given)) return 'value';
  if (making.left < 0 || depth > deepest) return null;
  const schema = joined(resolveReference(making.root, given), making);
  const value = named(schema);
  if (value !== undefined) return structuredClone(value);
  switch (typeOf(schema)) {
    case 'object':
      return objectFor(schema, making, depth);
    case 'array':
      return listFor(schema, making, depth);
    case 'integer':
      return numberFor(schema, making, true);
    case 'number':
      return numberFor(schema, making, false);
    case 'boolean':
      return making.random() < 0.5;
    case 'null':
      return null;
    default:
      return textFor(schema, making);
  }
}

/** A value of about the shape that a schema asks for; what it is made of is bounded. */
export function sampleOf(schema: JsonObject, random: Random, time: number): unknown {
  return make(schema, { root: schema, random, time, left: mostValues }, 0);
}
