import { isObject } from '@switchboard/basics';
import { excessOf } from '@switchboard/mcp-runtime/rules';
import type { JsonObject } from '../types.ts';

/** An object whose fields are read; empty where the value is none. */
export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects of a list; none where it is no list. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text that is read; empty where the value is none. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A whole number that counts something; 0 where there is none. */
export function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** Reads an object of bounded structure, or says why it is none. */
export function parseObject(text: string): { ok: true; value: JsonObject } | { ok: false; why: string } {
  const excess = excessOf(text);
  if (excess !== null) return { ok: false, why: excess };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ok: true, value } : { ok: false, why: 'is no JSON object' };
  } catch {
    return { ok: false, why: 'is no JSON' };
  }
}
