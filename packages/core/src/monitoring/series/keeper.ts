import type { Db } from '@switchboard/db';
import { tellFailure } from '../../database-away.ts';
import type { Log } from '../../ports.ts';
import type { GaugeSampler } from './gauges.ts';
import { minuteMs } from './resolutions.ts';
import { rollUp } from './roll.ts';

/** Measures this hub, and counts what has changed once a minute. */
export interface SeriesKeeper {
  start(everyMs: number): void;
  /** Measures and counts now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Counts in the background: minutes that are not counted yet are read from the records. */
export function createSeriesKeeper(options: {
  db: Db;
  gauges: GaugeSampler;
  now: () => number;
  log: Log;
}): SeriesKeeper {
  const { db, gauges, now, log } = options;
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | null = null;
  let counted = 0;

  async function count(): Promise<void> {
    try {
      await gauges.write(db);
      await rollUp(db, now(), stopping.signal);
    } catch (error) {
      tellFailure(log, 'warn', error, 'The time series were not brought up to date; it is tried again');
    }
  }

  function look(): Promise<void> {
    void gauges.sample();
    const minute = Math.floor(now() / minuteMs);
    if (counted !== minute && working === null) {
      counted = minute;
      working = count().finally(() => {
        working = null;
      });
    }
    return working ?? Promise.resolve();
  }

  return {
    look,
    start(everyMs) {
      timer = setInterval(() => void look(), everyMs);
      timer.unref();
      void gauges.sample();
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await working;
    },
  };
}
