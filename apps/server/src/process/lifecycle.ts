import type { Log } from '@switchboard/core';

/** One part of the process that has to be started and stopped. */
export interface Part<Value> {
  name: string;
  start(): Promise<Value> | Value;
  stop?(value: Value): Promise<void> | void;
  /** How long its stop may take before the next one's turn comes. */
  stopTimeoutMs?: number;
}

export interface Lifecycle {
  /**
   * Starts a part and registers how to stop it. On failure, the running parts are stopped again and the error is
   * thrown.
   */
  start<Value>(part: Part<Value>): Promise<Value>;
  /** Stops what runs, last started first. Safe to call twice. */
  stop(): Promise<void>;
}

/** Whether work ends within a time; it continues where it does not. */
export async function within(ms: number, work: Promise<void> | void): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([Promise.resolve(work).then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Orders the start and the stop of a process. */
export function createLifecycle(log: Log): Lifecycle {
  const stops: { name: string; timeoutMs: number; run: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | null = null;

  async function stopAll(): Promise<void> {
    for (let part = stops.pop(); part; part = stops.pop()) {
      const { name, timeoutMs, run } = part;
      try {
        if (!(await within(timeoutMs, run()))) log.warn({ part: name }, 'A part took too long to stop');
      } catch (error) {
        log.error({ part: name, error }, 'A part failed to stop');
      }
    }
  }

  function stop() {
    return (stopping ??= stopAll());
  }

  return {
    stop,
    async start({ name, start, stop: end, stopTimeoutMs = 10_000 }) {
      const startedAt = performance.now();
      try {
        const value = await start();
        stops.push({ name, timeoutMs: stopTimeoutMs, run: () => end?.(value) });
        log.debug({ part: name, ms: Math.round(performance.now() - startedAt) }, 'Started');
        return value;
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}
