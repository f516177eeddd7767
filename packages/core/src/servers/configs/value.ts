import { type JsonObject } from '@switchboard/basics';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { atField, DomainError } from '../../errors.ts';
import { say } from '../../reasons.ts';

/** An object as readers give it on. */
export type Json = JsonObject;

/** A value of a config, in any of the formats: a map keeps the order of its keys, and repeated keys. */
export type ConfigValue = string | number | boolean | null | ConfigValue[] | ConfigMap;
export interface ConfigMap {
  pairs: [key: string, value: ConfigValue][];
}

export function isMap(value: ConfigValue | undefined): value is ConfigMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under a key; of repeated keys the last, as in JSON. */
export function childOf(value: ConfigValue | undefined, key: string): ConfigValue | undefined {
  return isMap(value) ? value.pairs.findLast(([name]) => name === key)?.[1] : undefined;
}

/** The value with plain objects in the place of maps. */
export function plainOf(value: ConfigValue): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (!isMap(value)) return value;
  return Object.fromEntries(value.pairs.map(([key, inner]) => [key, plainOf(inner)]));
}

export function unreadable(why: Reason): DomainError {
  return new DomainError('invalid', say('configUnreadable', { reason: why }), atField('text', why));
}

export const deepest = 64;
const mostValues = 200_000;

export interface Budget {
  /** Counts one more value at a depth. Throws `invalid` where a config is too deep or too much. */
  spend: (depth: number) => void;
}

/** Bounds the size of one config: a few aliases of YAML can expand to any number of values. */
export function createBudget(): Budget {
  let values = 0;
  return {
    spend(depth) {
      values += 1;
      if (depth > deepest) throw unreadable(say('configTooDeep', { most: deepest }));
      if (values > mostValues) throw unreadable(say('configValues', { most: mostValues }));
    },
  };
}
