import { isObject } from '@switchboard/basics';
import { objectIn, objectsIn } from '../../providers/json.ts';
import type { JsonObject } from '../../types.ts';

/** A parameter as it was written. */
export interface WrittenParameter {
  name: string;
  text: string;
}

/** Converts a text to a type; undefined where it does not fit. */
type Convert = (text: string, schema: JsonObject) => unknown;

const converters: Readonly<Record<string, Convert>> = {
  string: (text) => text,
  number: numberIn,
  integer: (text) => {
    const value = numberIn(text);
    return Number.isSafeInteger(value) ? value : undefined;
  },
  boolean: (text) => {
    const word = text.trim().toLowerCase();
    if (['true', '1', 'yes'].includes(word)) return true;
    return ['false', '0', 'no'].includes(word) ? false : undefined;
  },
  null: (text) => (text.trim() === 'null' ? null : undefined),
  array: listIn,
  object: (text) => {
    const value = jsonIn(text);
    return isObject(value) ? value : undefined;
  },
};

/**
 * Every value is written as text: converts each to the type in its schema. A text that fits no type of its parameter
 * stays a text, so that the tool reports the problem. Several of one name are the entries of a list, where the tool
 * takes one.
 */
export function typedArguments(
  given: readonly WrittenParameter[],
  schemas: ReadonlyMap<string, JsonObject>,
): JsonObject {
  const texts = new Map<string, string[]>();
  for (const { name, text } of given) {
    const known = texts.get(name);
    if (known === undefined) texts.set(name, [text]);
    else known.push(text);
  }
  return Object.fromEntries(
    [...texts].map(([name, [first = '', ...more]]) => {
      const schema = schemas.get(name) ?? {};
      if (more.length === 0 || !typesOf(schema).includes('array')) return [name, typed(first, schema)];
      return [name, [first, ...more].map((text) => typed(text, objectIn(schema['items'])))];
    }),
  );
}

function typed(text: string, schema: JsonObject): unknown {
  for (const type of typesOf(schema)) {
    const value = Object.hasOwn(converters, type) ? converters[type]?.(text, schema) : undefined;
    if (value !== undefined) return value;
  }
  return text;
}

/** The types that a schema allows, in its order. */
function typesOf({ type, anyOf, oneOf }: JsonObject): string[] {
  const own = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  const others = [...objectsIn(anyOf), ...objectsIn(oneOf)].map((each) => each['type']);
  return [...own, ...others.filter((each) => typeof each === 'string')];
}

function numberIn(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** JSON, or the texts between commas. */
function listIn(text: string, schema: JsonObject): unknown[] {
  const value = jsonIn(text);
  if (Array.isArray(value)) return value;
  if (text.trim() === '') return [];
  return text.split(',').map((entry) => typed(entry.trim(), objectIn(schema['items'])));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
