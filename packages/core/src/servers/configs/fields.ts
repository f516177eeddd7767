import { isObject } from '@switchboard/basics';
import type { Json } from './value.ts';

/** An entry while it is read: fields that are not taken are reported. */
export interface Fields {
  /** The value under the first of several spellings that has one; null says nothing. */
  take: (...keys: string[]) => unknown;
  /** The same value, left to be taken. */
  peek: (...keys: string[]) => unknown;
  /** All values under several spellings. */
  takeAll: (...keys: string[]) => unknown[];
  /** An object under a key, as fields of their own. */
  inside: (key: string) => Fields;
  rest: () => string[];
}

/** The fields of an object; null counts as absent. */
export function fieldsOf(raw: Json): Fields {
  const left = new Set(Object.keys(raw).filter((key) => raw[key] !== null));
  const inner = new Map<string, Fields>();
  function take(...keys: string[]): unknown {
    const key = keys.find((each) => left.has(each));
    if (key === undefined) return undefined;
    left.delete(key);
    return raw[key];
  }
  return {
    take,
    peek: (...keys) => keys.filter((key) => left.has(key)).map((key) => raw[key])[0],
    takeAll: (...keys) => keys.map((key) => take(key)).filter((value) => value !== undefined),
    inside(key) {
      const value = raw[key];
      if (isObject(value)) left.delete(key);
      const fields = fieldsOf(isObject(value) ? value : {});
      inner.set(key, fields);
      return fields;
    },
    rest: () => [...left, ...[...inner].flatMap(([key, fields]) => fields.rest().map((deeper) => `${key}.${deeper}`))],
  };
}
