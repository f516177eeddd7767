import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { intArray } from './facts.ts';
import { keptFrom, minuteMs, resolutions } from './resolutions.ts';
import { seriesLock } from './roll.ts';

/** A hub that counts while another removes may have begun earlier, or have a clock that is behind. */
const spareMs = 60 * minuteMs;

/** Removes buckets that are older than their resolution is kept, and what nothing is counted for any more. */
export async function pruneSeries(db: Db, now: number): Promise<void> {
  for (const resolution of resolutions) {
    const first = keptFrom(resolution, now - spareMs);
    await db.execute(sql`delete from series where resolution = ${resolution}::smallint and bucket < ${first}::integer`);
    await db.execute(
      sql`delete from gauge_series where resolution = ${resolution}::smallint and bucket < ${first}::integer`,
    );
  }
  await db.transaction(async (tx) => {
    // A counter finds a key and writes its row later; the lock keeps this removal from running in between.
    await tx.execute(sql`select pg_advisory_xact_lock(${seriesLock})`);
    await tx.execute(sql`
      delete from series_keys where not exists (
        select from unnest(${intArray(resolutions)}) as kept (resolution)
          join series on series.resolution = kept.resolution and series.key = series_keys.id
      )`);
  });
}
