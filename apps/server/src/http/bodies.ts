import { type Actor, personOf } from '@switchboard/core';
import { networkOf } from '@switchboard/core/access';
import { type BodyMeters, createBodyMeters } from './body-meters.ts';
import type { BodyBounds } from './body.ts';

export const mb = 1024 ** 2;

/** The most bytes of a body without credentials: a name, a password and a code are far less. */
export const anonymousBytes = 16 * 1024;
export const anonymousTimeoutMs = 10_000;
/** Node.js gives up a request that takes longer. */
export const requestTimeoutMs = 120_000;

/** Bodies that are read: of strangers by network, of everybody else by person. */
export interface Bodies {
  bounds(actor: Actor, address: string | null): BodyBounds;
  /** Most bytes of a body of somebody who has signed in. */
  limitBytes: number;
  /** Of everybody who has signed in. */
  meters: BodyMeters;
}

export function createBodies(limitBytes: number): Bodies {
  const strangers = createBodyMeters({ perCallerBytes: mb, totalBytes: 16 * mb });
  const meters = createBodyMeters({
    perCallerBytes: Math.max(32 * mb, 2 * limitBytes),
    totalBytes: Math.max(256 * mb, 8 * limitBytes),
  });
  return {
    meters,
    limitBytes,
    bounds(actor, address) {
      if (actor.type !== 'anonymous') {
        return { limitBytes, timeoutMs: requestTimeoutMs, caller: personOf(actor), meters };
      }
      const caller = address === null ? '' : networkOf(address);
      const most = Math.min(limitBytes, anonymousBytes);
      return { limitBytes: most, timeoutMs: anonymousTimeoutMs, caller, meters: strangers };
    },
  };
}
