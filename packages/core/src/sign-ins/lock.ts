import { setTimeout as sleep } from 'node:timers/promises';
import type { LockSession } from '../journal/hubs.ts';

/** Runs something while no other hub on the database runs what has the same name. */
export type Lock = <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;

const lookMs = 100;
const longestMs = 90_000;

/**
 * Locks of the hub's own session: they end with the hub, whatever becomes of it. Within one hub whoever takes a lock twice
 * would have it twice, so callers do not ask for one that they have.
 */
export function createLock(session: LockSession | null): Lock {
  if (session === null) return (_name, run) => run();
  const { run: query } = session;
  return async (name, run) => {
    const deadline = Date.now() + longestMs;
    for (;;) {
      const { rows } = await query('select pg_try_advisory_lock(hashtextextended($1, 0)) as free', [name]);
      if (rows[0]?.['free'] === true) break;
      if (Date.now() > deadline) throw new Error(`Another hub holds ${name}.`);
      await sleep(lookMs);
    }
    try {
      return await run();
    } finally {
      await query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
    }
  };
}
