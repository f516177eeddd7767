import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';
import { minuteMs, type Counters, type Share } from './counters.ts';

/** Tells the other replicas what was counted here, and learns what they counted. */
export interface Sharing {
  start(everyMs: number): void;
  /** One exchange now. */
  exchange(): Promise<void>;
  stop(): Promise<void>;
}

const mostAtOnce = 5_000;

/** Adds shares to the totals and gives the totals back, in one statement. */
async function addShares(db: Db, shares: readonly Share[]): Promise<Share[]> {
  const rows = await db.execute<{ bucket: string; minute: number; count: number }>(sql`
    insert into rate_counters as known (bucket, minute, count)
    select bucket, minute, count from json_to_recordset(${JSON.stringify(shares)}::text::json)
      as given(bucket text, minute integer, count integer) order by bucket
    on conflict (bucket, minute) do update set count = known.count + excluded.count
    returning bucket, minute, count`);
  return [...rows];
}

/**
 * Shares counters over the database in the background: no call waits for it, so a limit can be passed by what
 * replicas allow within one exchange. Old minutes are removed along the way.
 */
export function createSharing(options: { db: Db; counters: Counters; now: () => number; log: Log }): Sharing {
  const { db, counters, now, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let cleanedAt = 0;

  async function work(): Promise<void> {
    try {
      const shares = counters.drain();
      for (let from = 0; from < shares.length; from += mostAtOnce) {
        counters.learn(await addShares(db, shares.slice(from, from + mostAtOnce)));
      }
      const minute = Math.floor(now() / minuteMs);
      if (cleanedAt === minute) return;
      cleanedAt = minute;
      await db.execute(sql`delete from rate_counters where minute < ${minute - 1}`);
    } catch (error) {
      tellFailure(log, 'warn', error, 'Rate limits could not be shared with the other replicas');
    }
  }

  function exchange(): Promise<void> {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    exchange,
    start(everyMs) {
      timer = setInterval(() => void exchange(), everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
