import { isObject } from '@switchboard/basics';

/** JSON as forms hold it: a text that may not be finished yet. */

export type JsonKind = 'value' | 'object';

type Read = { ok: true; value: unknown } | { ok: false; reason: string | null };

/** The value of a text; the reason is null where it is JSON of another kind. */
export function readJson(text: string, kind: JsonKind): Read {
  try {
    const value: unknown = JSON.parse(text);
    return kind === 'value' || isObject(value) ? { ok: true, value } : { ok: false, reason: null };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

export function isJson(text: string, kind: JsonKind): boolean {
  return readJson(text, kind).ok;
}

export function printJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? '';
}

/** An object of a text that has been looked at; null where it is empty. */
export function objectOf(text: string): Record<string, unknown> | null {
  const read = readJson(text, 'object');
  return read.ok ? (read.value as Record<string, unknown>) : null;
}

/** What a short field means: JSON where it is some, else the text itself. */
export function looseValue(text: string): unknown {
  const read = readJson(text, 'value');
  return read.ok ? read.value : text;
}

/** A value in a short field, which `looseValue` reads as the same value. */
export function looseText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && value.trim() !== '' && looseValue(value) === value) return value;
  return JSON.stringify(value);
}
