import type { Log } from '@switchboard/core';

/** One part of the process that has to be started and stopped. */
export interface Part {
  name: string;
  start(): Promise<void> | void;
  stop?(): Promise<void> | void;
  /** How long its stop may take before the next one's turn comes. */
  stopTimeoutMs?: number;
}

export interface Lifecycle {
  /** Starts the parts in order; where one fails, those that run are stopped again and the error is thrown. */
  start(): Promise<void>;
  /** Stops what runs, last started first. Safe to call twice. */
  stop(): Promise<void>;
}

async function within(ms: number, work: Promise<void> | void): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([Promise.resolve(work).then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Orders the start and the stop of a process. */
export function createLifecycle(parts: readonly Part[], log: Log): Lifecycle {
  const running: Part[] = [];
  let stopping: Promise<void> | null = null;

  async function stopAll(): Promise<void> {
    for (let part = running.pop(); part; part = running.pop()) {
      try {
        const inTime = await within(part.stopTimeoutMs ?? 10_000, part.stop?.());
        if (!inTime) log.warn({ part: part.name }, 'A part took too long to stop');
      } catch (error) {
        log.error({ part: part.name, error }, 'A part failed to stop');
      }
    }
  }

  return {
    async start() {
      for (const part of parts) {
        const startedAt = performance.now();
        try {
          await part.start();
        } catch (error) {
          await stopAll();
          throw error;
        }
        running.push(part);
        log.debug({ part: part.name, ms: Math.round(performance.now() - startedAt) }, 'Started');
      }
    },
    stop: () => (stopping ??= stopAll()),
  };
}
