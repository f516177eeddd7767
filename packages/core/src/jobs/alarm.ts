import { z } from 'zod';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';
import { jobsSchema } from './boss.ts';
import type { JobDatabase } from './contract.ts';

export interface Alarm {
  /** Looks soon when the next jobs are due: some were put off. */
  set(): void;
  stop(): void;
}

interface AlarmOptions {
  database: Pick<JobDatabase, 'run'>;
  names: readonly string[];
  log: Log;
  /** Takes what is due of a type. */
  ring(name: string): void;
}

/** The store writes down how a try ended after the try itself has ended. */
const lookAfterMs = 500;
/** The clock of the store decides what is due, and can be a little behind this one. */
const marginMs = 100;
/** Timers take no more; what is due later is looked up again. */
const longestMs = 3_600_000;

const Due = z.object({ name: z.string(), ms: z.number() });

const readDue = `
  select name, extract(epoch from min(start_after) - now())::double precision * 1000 as ms
  from ${jobsSchema}.job where name = any($1) and state in ('created', 'retry') and start_after > now() group by name`;

/**
 * Wakes the workers of a type when a delayed job is due: the store notifies of new jobs, and finds delayed ones only at
 * its next poll.
 */
export function createAlarm({ database, names, log, ring }: AlarmOptions): Alarm {
  const timers = new Map<string, NodeJS.Timeout>();
  let looking: NodeJS.Timeout | null = null;
  let isStopped = false;

  function plan({ name, ms }: z.infer<typeof Due>): void {
    clearTimeout(timers.get(name));
    const wait = Math.min(ms + marginMs, longestMs);
    timers.set(name, setTimeout(rang, wait, name).unref());
  }

  function rang(name: string): void {
    timers.delete(name);
    ring(name);
    set();
  }

  async function look(): Promise<void> {
    looking = null;
    const { rows } = await database.run(readDue, [names]);
    if (isStopped) return;
    for (const row of rows) plan(Due.parse(row));
  }

  function set(): void {
    if (isStopped || looking !== null) return;
    looking = setTimeout(() => {
      look().catch((error: unknown) => {
        tellFailure(log, 'debug', error, 'When the next jobs are due could not be read; they wait for the next look');
      });
    }, lookAfterMs).unref();
  }

  return {
    set,
    stop() {
      isStopped = true;
      if (looking !== null) clearTimeout(looking);
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
