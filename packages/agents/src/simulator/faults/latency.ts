import type { Clock } from '../../types.ts';
import type { Random } from '../chance.ts';
import type { Fault } from '../types.ts';

/** No wait is longer. */
export const longestMs = 600_000;

/** A number of the normal distribution with mean 0 and deviation 1. */
function normal(random: Random): number {
  // 1 - random() is never 0.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How long an answer takes. */
export function latencyOf({ ms, distribution, spread }: Extract<Fault, { kind: 'latency' }>, random: Random): number {
  switch (distribution) {
    case 'fixed':
      return bounded(ms);
    case 'normal':
      return bounded(ms + (spread ?? ms / 4) * normal(random));
    case 'long-tail':
      return bounded(ms * Math.max(1, spread ?? 2) ** normal(random));
  }
}

/** A wait as it may be. */
export function bounded(ms: number): number {
  return Number.isFinite(ms) ? Math.round(Math.min(longestMs, Math.max(0, ms))) : 0;
}

/** Waits; false where the signal ended that. */
export function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    function abort(): void {
      callOff();
      resolve(false);
    }
    const callOff = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve(true);
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
