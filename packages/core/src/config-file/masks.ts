import { isSecretField, isSecretValue } from '../secrecy.ts';
import { isObject } from '../servers/configs/value.ts';
import { secretMask } from '../servers/schema.ts';

/** Whether a value has a `***` in it that stands for a secret. */
export function isMasked(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(secretMask);
  if (Array.isArray(value)) return value.some(isMasked);
  return isObject(value) && Object.values(value).some(isMasked);
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
