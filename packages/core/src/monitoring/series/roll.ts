import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { countRecords, intArray, keptFacts } from './facts.ts';
import { rollGauges } from './gauges.ts';
import { finerOf, keptFrom, minuteMs, resolutions, type Resolution } from './resolutions.ts';
import { numberOf, packed, slotOf } from './slots.ts';
import { dropSeldomTools, type WrittenRow } from './tools.ts';

/** Held by counting and by removal of counted rows: one of them at a time, on all hubs together. */
export const seriesLock = sql`hashtextextended('switchboard:series', 0)`;
/** The most minutes that one transaction counts. */
const minutesAtOnce = 1_440;
/** How far the records are removed: of older minutes a part may be missing, and what is counted of them stays. */
const prunedKey = 'seriesPruned';

function bucketsOf(minutes: readonly number[], resolution: Resolution): number[] {
  return [...new Set(minutes.map((minute) => minute - (minute % resolution)))];
}

/** Replaces the rows of `grouped (key, bucket, counts)`. */
function writeRows(resolution: Resolution): SQL {
  return sql`insert into series (resolution, key, bucket, counts)
    select ${resolution}::smallint, key, bucket, array_agg(${packed} order by slot) from counted group by key, bucket
    on conflict (resolution, key, bucket) do update set counts = excluded.counts
    returning key, bucket`;
}

/** Counts whole buckets from the records themselves. */
async function rollRecords(db: Db, resolution: Resolution, buckets: readonly number[]): Promise<WrittenRow[]> {
  if (buckets.length === 0) return [];
  return await db.execute<WrittenRow>(sql`
    with spans as (select unnest(${intArray(buckets)}) as bucket), ${countRecords(resolution)}, ${keptFacts},
    named as materialized (select distinct dimension, value from kept),
    made as (
      insert into series_keys (dimension, value)
      select dimension, value from named where not exists
        (select from series_keys as known where known.dimension = named.dimension and known.value = named.value)
      returning id, dimension, value
    ),
    keys as (
      select id, dimension, value from made
      union all select id, dimension, value from series_keys join named using (dimension, value)
    ),
    counted as (select id as key, bucket, slot, n from kept join keys using (dimension, value))
    ${writeRows(resolution)}`);
}

/** Counts whole buckets from the next finer ones, of the keys that changed in them. */
async function rollFiner(db: Db, resolution: Resolution, changed: readonly WrittenRow[]): Promise<WrittenRow[]> {
  const pairs = new Map<string, WrittenRow>();
  for (const { key, bucket } of changed) {
    const at = bucket - (bucket % resolution);
    pairs.set(`${key} ${at}`, { key, bucket: at });
  }
  if (pairs.size === 0) return [];
  const touched = [...pairs.values()];
  return await db.execute<WrittenRow>(sql`
    with touched as (
      select * from unnest(${intArray(touched.map(({ key }) => key))}, ${intArray(touched.map(({ bucket }) => bucket))})
        as given (key, bucket)
    ),
    counted as (
      select touched.key, touched.bucket, ${slotOf} as slot, sum(${numberOf})::bigint as n
      from touched join series on series.resolution = ${finerOf(resolution)} and series.key = touched.key
        and series.bucket >= touched.bucket and series.bucket < touched.bucket + ${resolution}::integer,
        unnest(counts) as c
      group by 1, 2, 3
    )
    ${writeRows(resolution)}`);
}

/**
 * Counts minutes at every resolution: a bucket from the next finer ones while those are kept, else from the records. Of
 * what the records are not whole of any more, nothing changes.
 */
async function countMinutes(db: Db, minutes: readonly number[], now: number): Promise<void> {
  const [row] = await db.execute<{ value: number }>(
    sql`select (value #>> '{}')::double precision as value from settings where key = ${prunedKey}`,
  );
  const wholeFrom = Math.ceil((row?.value ?? 0) / minuteMs);
  let changed: WrittenRow[] = [];
  for (const resolution of resolutions) {
    const kept = minutes.filter((minute) => minute >= keptFrom(resolution, now));
    const finer = resolution === 1 ? Infinity : keptFrom(finerOf(resolution), now);
    const fromRecords = bucketsOf(
      kept.filter((minute) => minute < finer),
      resolution,
    ).filter((bucket) => bucket >= wholeFrom);
    const fromFiner = changed.filter(({ bucket }) => bucket >= finer);
    changed = [
      ...(await rollRecords(db, resolution, fromRecords)),
      ...(resolution === 1 ? [] : await rollFiner(db, resolution, fromFiner)),
    ];
    await dropSeldomTools(db, resolution, changed);
    if (resolution !== 1) await rollGauges(db, resolution, bucketsOf(kept, resolution));
  }
}

/** Counts some of the minutes that changed and are over; true where more are left. */
async function rollSome(db: Db, now: number): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const [taken] = await tx.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${seriesLock}) as free`);
    if (!taken?.free) return false;
    const rows = await tx.execute<{ minute: number }>(sql`
      delete from series_changes where minute in (
        select distinct minute from series_changes where minute < ${Math.floor(now / minuteMs)}::integer
        order by minute limit ${minutesAtOnce}::integer)
      returning minute`);
    const minutes = [...new Set(rows.map(({ minute }) => minute))];
    if (minutes.length > 0) await countMinutes(tx, minutes, now);
    return minutes.length === minutesAtOnce;
  });
}

/**
 * Counts the records of past minutes into the series. `series_changes` names the minutes that changed; its rows are
 * committed with the records, so a late record has its minute counted again. Only one hub at a time does this.
 */
export async function rollUp(db: Db, now: number, signal?: AbortSignal): Promise<void> {
  for (;;) {
    if (signal?.aborted || !(await rollSome(db, now))) return;
  }
}

/** Notes that records of these moments were written; in the transaction of the records. */
export async function noteChanges(db: Db, moments: readonly number[]): Promise<void> {
  const minutes = [...new Set(moments.map((at) => Math.floor(at / minuteMs)))];
  await db.execute(sql`insert into series_changes (minute) select unnest(${intArray(minutes)})`);
}

/**
 * Says that records of before a moment will be removed, and gives how far that may go: not past a minute that is not
 * counted yet.
 */
export async function allowPruning(db: Db, before: number): Promise<number> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${seriesLock})`);
    const [row] = await tx.execute<{ minute: number | null }>(sql`select min(minute) as minute from series_changes`);
    const allowed = Math.min(before, (row?.minute ?? Infinity) * minuteMs);
    await tx.execute(sql`
      insert into settings as known (key, value, updated_at)
      values (${prunedKey}, to_jsonb(${allowed}::double precision), now())
      on conflict (key) do update set value = excluded.value, updated_at = now()
      where (known.value #>> '{}')::double precision < ${allowed}::double precision`);
    return allowed;
  });
}
