import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@switchboard/basics';
import { reasonOf } from '../away.ts';
import type { RunRecord } from './cluster.ts';
import type { Places } from './places.ts';
import { exists, isAlive, signal } from './process.ts';

export interface Supervisor {
  readonly running: RunRecord;
  /** Why there is no database at the moment; null where there is one. */
  trouble(): string | null;
  /** Called when the database has ended, is back, or is not started any more. */
  subscribe(listener: () => void): () => void;
  /** Ends the watch, not the database; waits for a start that is under way. */
  stop(): Promise<void>;
}

export const mostRestarts = 5;
const windowMs = 600_000;
const lookEveryMs = 250;
/** Asking for a process's start needs a program of its own outside of Linux: one look in so many does. */
const looksPerIdentity = process.platform === 'linux' ? 1 : 20;
const longestPauseMs = 60_000;
const quitMs = 2_000;

/** Processes of the cluster, children of its postmaster: they work in its directory. Only Linux lists them. */
function workersOf(places: Places): number[] {
  if (process.platform !== 'linux') return [];
  const data = realpathSync(places.data);
  function isWorker(pid: string): boolean {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === data && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'postgres\n';
    } catch {
      return false;
    }
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isWorker(name))
    .map(Number);
}

/** Ends what a killed postmaster left: its memory stays taken, and no other can start, while one of them lives. */
async function endWorkers(places: Places): Promise<void> {
  for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
    const left = workersOf(places);
    if (left.length === 0) return;
    for (const pid of left) signal(pid, name);
    await waitFor(() => workersOf(places).length === 0, { timeoutMs: quitMs, everyMs: 50 });
  }
}

/**
 * Watches a PostgreSQL, started or adopted, and starts it again when it has ended: five times in ten minutes at most,
 * for one that ends again and again would only wear the disk out.
 */
export function supervise(options: {
  places: Places;
  running: RunRecord;
  /** Removes the files of the one that ended, and starts another. */
  start(): Promise<RunRecord>;
  /** Called with a sentence when it is not started any more. */
  giveUp(message: string): void;
}): Supervisor {
  const { places } = options;
  let { running } = options;
  let trouble: string | null = null;
  const stopping = new AbortController();
  const starts: number[] = [];
  const listeners = new Set<() => void>();

  function tell(now: string | null): void {
    trouble = now;
    for (const listener of listeners) listener();
  }
  function rest(ms: number) {
    return pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  /** False where it is not started any more. */
  async function bringBack(): Promise<boolean> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      const now = performance.now();
      while (starts[0] !== undefined && now - starts[0] > windowMs) starts.shift();
      if (starts.length >= mostRestarts) {
        const last = failures === 0 ? '' : ` (${trouble})`;
        const message = `The built-in PostgreSQL has ended again after ${mostRestarts} new starts within ${windowMs / 60_000} minutes and is not started any more${last}. See ${places.log}, then restart Switchboard.`;
        tell(message);
        options.giveUp(message);
        return false;
      }
      starts.push(now);
      try {
        await endWorkers(places);
        running = await options.start();
        tell(null);
        return true;
      } catch (error) {
        tell(`the built-in PostgreSQL does not start: ${reasonOf(error)}`);
        await rest(Math.min(1_000 * 4 ** failures, longestPauseMs));
      }
    }
    return false;
  }

  async function watch(): Promise<void> {
    for (let looks = 0; !stopping.signal.aborted; looks += 1) {
      await rest(lookEveryMs);
      if (stopping.signal.aborted) return;
      if (looks % looksPerIdentity === 0 ? isAlive(running) : exists(running.pid)) continue;
      tell(`the built-in PostgreSQL (process ${running.pid}) has ended and is started again`);
      if (!(await bringBack())) return;
    }
  }
  const watching = watch();

  return {
    get running() {
      return running;
    },
    trouble: () => trouble,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
