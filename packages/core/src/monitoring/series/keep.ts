import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { keptFrom, resolutions } from './resolutions.ts';

/** Removes buckets that are older than their resolution is kept, and what nothing is counted for any more. */
export async function pruneSeries(db: Db, now: number): Promise<void> {
  for (const resolution of resolutions) {
    const first = keptFrom(resolution, now);
    await db.execute(sql`delete from series where resolution = ${resolution}::smallint and bucket < ${first}::integer`);
    await db.execute(
      sql`delete from gauge_series where resolution = ${resolution}::smallint and bucket < ${first}::integer`,
    );
  }
}
