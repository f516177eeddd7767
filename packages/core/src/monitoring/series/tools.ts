import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { intArray, mostTools } from './facts.ts';
import type { Resolution } from './resolutions.ts';
import { firstStep, numberOf, slotOf } from './slots.ts';

/** A row that was written. */
export interface WrittenRow extends Record<string, unknown> {
  key: number;
  bucket: number;
}

/**
 * Of the tools of one server the most called of each bucket stay, of those that were written now and before: a bucket of
 * a day is made of many minutes, each of which may have had other names.
 */
export async function dropSeldomTools(db: Db, resolution: Resolution, written: readonly WrittenRow[]): Promise<void> {
  if (written.length === 0) return;
  await db.execute(sql`
    with touched as materialized (
      select distinct split_part(value, '/', 1) as server, bucket
      from unnest(${intArray(written.map(({ key }) => key))}, ${intArray(written.map(({ bucket }) => bucket))})
        as given (key, bucket) join series_keys on id = key
      where dimension = 'tool'
    ),
    tools as materialized (
      select id, value, split_part(value, '/', 1) as server from series_keys
      where dimension = 'tool' and split_part(value, '/', 1) in (select server from touched)
    ),
    ranked as (
      select key, series.bucket,
        row_number() over (partition by tools.server, series.bucket order by calls desc, value) as place
      from touched join tools using (server)
        join series on series.resolution = ${resolution}::smallint and series.key = tools.id
          and series.bucket = touched.bucket
        cross join lateral (
          select coalesce(sum(${numberOf}) filter (where ${slotOf} >= ${firstStep}), 0) as calls from unnest(counts) as c
        ) as called
    )
    delete from series using ranked
    where series.resolution = ${resolution}::smallint and series.key = ranked.key and series.bucket = ranked.bucket
      and place > ${mostTools}`);
}
