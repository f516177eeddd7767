import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../../types.ts';
import { target } from '../../schema/references.ts';

/** The bounds of a document. */
export interface OpenApiBounds {
  /** Characters, as JSON. */
  size: number;
  /** Levels of objects and lists. */
  depth: number;
  operations: number;
}

export const openApiBounds: OpenApiBounds = { size: 10 * 1024 * 1024, depth: 256, operations: 1000 };

/** A document that is no OpenAPI, or more than it may be. */
export class OpenApiError extends Error {
  override name = 'OpenApiError';
}

/**
 * The approximate length of a value as JSON; a number beyond the bounds where it is larger. A value in two places
 * counts twice: YAML can name one value again and again.
 */
export function measured(
  value: unknown,
  { size, depth }: Pick<OpenApiBounds, 'size' | 'depth'>,
): number | 'size' | 'depth' {
  const open = [{ value, level: 0 }];
  let left = size;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: each, level } = next;
    left -= typeof each === 'string' ? each.length + 3 : 5;
    if (level > depth) return 'depth';
    if (Array.isArray(each)) for (const entry of each as unknown[]) open.push({ value: entry, level: level + 1 });
    else if (isObject(each)) {
      for (const key of Object.keys(each)) {
        left -= key.length + 3;
        open.push({ value: each[key], level: level + 1 });
      }
    }
    if (left - 2 * open.length < 0) return 'size';
  }
  return size - left;
}

/** Refuses what is larger or deeper than it may be. */
export function assertBounded(document: unknown, bounds: OpenApiBounds): void {
  const found = measured(document, bounds);
  if (found === 'depth') throw new OpenApiError(`The document is nested deeper than ${bounds.depth} levels`);
  if (found === 'size') throw new OpenApiError(`The document has more than ${bounds.size} characters`);
}

/** Reads the head of a document; throws OpenApiError where it is none of versions 3.0 and 3.1. */
export function asOpenApi(document: unknown): JsonObject {
  if (!isObject(document)) throw new OpenApiError('The document is no object');
  const version = document['openapi'];
  if (typeof document['swagger'] === 'string') {
    throw new OpenApiError('This is Swagger 2.0: convert it to OpenAPI 3.0 or 3.1 first');
  }
  if (typeof version !== 'string' || !/^3\.[01](?:\.|$)/.test(version)) {
    throw new OpenApiError('The field openapi has to say 3.0 or 3.1');
  }
  return document;
}

/** Tells what is wrong with one place. */
export type Tell = (message: string) => void;

const longestChain = 16;

/** An object, or the target of its reference within the document; null where there is none, which is reported. */
export function followed(document: JsonObject, value: unknown, tell: Tell): JsonObject | null {
  let found = value;
  for (let steps = 0; isObject(found) && found['$ref'] !== undefined; steps += 1) {
    const reference = found['$ref'];
    const next = target(document, reference);
    const named = (JSON.stringify(reference) ?? '').slice(0, 200);
    if (steps >= longestChain) {
      tell(`The reference ${named} leads in a circle`);
      return null;
    }
    if (!isObject(next)) {
      const isWithin = typeof reference === 'string' && reference.startsWith('#');
      tell(`The reference ${named} leads ${isWithin ? 'nowhere' : 'out of the document'}`);
      return null;
    }
    found = next;
  }
  return isObject(found) ? found : null;
}
