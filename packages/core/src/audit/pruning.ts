import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';

export interface Pruning {
  start(): void;
  /** Ends a run between two slices, and waits for it. */
  stop(): Promise<void>;
}

/** Soon after the start: a hub that is restarted each day removes what is old, too. */
const firstAfterMs = 60_000;
const everyMs = 3_600_000;

/** Removes old rows in the background, one run at a time. */
export function createPruning(
  prune: (signal: AbortSignal) => Promise<void>,
  log: Log,
  firstMs = firstAfterMs,
): Pruning {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  function schedule(ms: number): void {
    if (stopping.signal.aborted) return;
    timer = setTimeout(run, ms);
    timer.unref();
  }

  function run(): void {
    running = prune(stopping.signal)
      .catch((error: unknown) => tellFailure(log, 'warn', error, 'Old rows were not removed'))
      .finally(() => schedule(everyMs));
  }

  return {
    start: () => schedule(firstMs),
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
