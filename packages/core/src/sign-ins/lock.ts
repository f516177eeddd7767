import { setTimeout as sleep } from 'node:timers/promises';
import type { LockSession } from '../journal/hubs.ts';

/** Runs something while no other hub on the database runs what has the same name. */
export type Lock = <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;

const lookMs = 100;
const longestMs = 90_000;

/** Locks of the hub's own session: they end with the hub, whatever becomes of it. */
export function createLock(session: LockSession | null): Lock {
  const queues = new Map<string, Promise<unknown>>();
  // A session that takes a lock twice has it twice, so those of one hub wait for each other here.
  return (name, run) => {
    const before = queues.get(name) ?? Promise.resolve();
    const going = before.then(() => (session === null ? run() : amongHubs(session, name, run)));
    const settled = going.then(
      () => undefined,
      () => undefined,
    );
    queues.set(name, settled);
    void settled.then(() => {
      if (queues.get(name) === settled) queues.delete(name);
    });
    return going;
  };
}

async function amongHubs<Result>(
  { run: query }: LockSession,
  name: string,
  run: () => Promise<Result>,
): Promise<Result> {
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
}
