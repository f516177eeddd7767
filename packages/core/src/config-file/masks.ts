import { isObject } from '@switchboard/basics';
import { isSecretField, isSecretValue } from '../secrecy.ts';
import { secretMask } from '../servers/schema.ts';

/** Whether a value contains a `***` in place of a secret. */
export function isMasked(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(secretMask);
  if (Array.isArray(value)) return value.some(isMasked);
  return isObject(value) && Object.values(value).some(isMasked);
}

/** Whether a place matches one of these patterns: `*` is any name, and `**` at the end everything below. */
export function isPlaceOf(patterns: readonly string[], place: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('.');
    const isOpen = parts.at(-1) === '**';
    const fixed = isOpen ? parts.slice(0, -1) : parts;
    const fits = isOpen ? place.length > fixed.length : place.length === fixed.length;
    return fits && fixed.every((part, at) => part === '*' || part === place[at]);
  });
}

/** Whether `***` is this value, or one of a list. */
export function isMask(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isMask) : value === secretMask;
}

/** A value of free form with `***` for each text in it whose name or form says that it is secret. */
export function maskDeep(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return isSecretField(name) || isSecretValue(value) ? secretMask : value;
  if (Array.isArray(value)) return value.map((item) => maskDeep(item, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskDeep(inner, key)]));
}

/** A value that was masked, with what is stored in the place of each `***`. */
export function unmaskDeep(given: unknown, stored: unknown): unknown {
  if (given === secretMask) return stored ?? given;
  if (Array.isArray(given)) {
    const list = Array.isArray(stored) ? stored : [];
    return given.map((item, at) => unmaskDeep(item, list[at]));
  }
  if (!isObject(given)) return given;
  const kept = isObject(stored) ? stored : {};
  return Object.fromEntries(
    Object.entries(given).map(([key, inner]) => [
      key,
      unmaskDeep(inner, Object.hasOwn(kept, key) ? kept[key] : undefined),
    ]),
  );
}
