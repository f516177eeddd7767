import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';

/** References that lead to references. */
const longestChain = 16;

function own(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d{1,9}$/.test(key) ? (value[Number(key)] as unknown) : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function unescaped(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return token;
  }
}

/** The target of a reference within a document; undefined where it has none, or is elsewhere. */
export function target(root: JsonObject, reference: unknown): unknown {
  if (reference === '#') return root;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  return reference.slice(2).split('/').map(unescaped).reduce<unknown>(own, root);
}

/** A schema, or what it refers to in the end; empty where that is nowhere. */
export function resolveReference(root: JsonObject, schema: JsonObject): JsonObject {
  let found = schema;
  for (let steps = 0; found['$ref'] !== undefined; steps += 1) {
    const { $ref: reference, ...beside } = found;
    const next = target(root, reference);
    if (!isObject(next) || steps >= longestChain) return beside;
    found = { ...next, ...beside };
    if (next['$ref'] === undefined) break;
    found = { ...found, $ref: next['$ref'] };
  }
  return found;
}
