import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../types.ts';

/** A tool's schema as models take it: untouched, but an object with properties at its root. */
export function toolSchema(schema: JsonObject | undefined): JsonObject {
  const given = schema ?? {};
  if (given['type'] === 'object' && isObject(given['properties'])) return given;
  return { ...given, type: 'object', properties: isObject(given['properties']) ? given['properties'] : {} };
}
