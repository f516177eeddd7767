import type { JsonObject } from '../types.ts';
import type { StateHolder, Counters } from './ports.ts';

/** A state in memory. */
export function createStateHolder(initial: JsonObject): StateHolder {
  let state = initial;
  return {
    read: () => state,
    async change(apply) {
      state = apply(state);
    },
  };
}

/** The counters of a new scope. */
export function createCounters(): Counters {
  return { calls: 0, lists: 0, lastCallAt: null, minutes: new Map() };
}
