import { isObject } from '@switchboard/basics';

/** A list; one value counts as a list of one, none as an empty list. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A value as people would write it; empty where there is none. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The entries of a map whose values are maps; a value left empty counts as one. */
export function entries(value: unknown): [string, Record<string, unknown>][] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, entry]) => [name, isObject(entry) ? entry : {}]);
}
