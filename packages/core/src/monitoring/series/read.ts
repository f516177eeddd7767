import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import type { seriesDimensions } from '@switchboard/db/words';
import { countRecords, intArray } from './facts.ts';
import { keptFrom, minuteMs, type Resolution } from './resolutions.ts';
import { firstStep, numberOf, slotOf, slots, type Counts } from './slots.ts';

export type Dimension = (typeof seriesDimensions)[number];

/** A series: everything, or what one value of a dimension has to do with. */
export interface SeriesOf {
  dimension: Dimension;
  values: readonly string[];
}

export const everything: SeriesOf = { dimension: 'all', values: [''] };

/** Whole buckets: minutes since 1970, `to` not among them. */
export interface Span {
  from: number;
  to: number;
  resolution: Resolution;
}

function textArray(values: readonly string[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;
}

/** Numbers of a bucket and a value, as the database counts them. */
interface CountRow extends Record<string, unknown> {
  bucket: number;
  value: string;
  slot: number;
  n: string;
}

/**
 * The counted rows, and for minutes that changed since then (the running one among them) the difference to the records.
 * It is one statement, so that it sees records and rows of one moment.
 */
function counted(
  { dimension, values }: { dimension: Dimension; values: readonly string[] | null },
  span: Span,
  now: number,
) {
  const { from, to, resolution } = span;
  const first = Math.max(from, keptFrom(1, now));
  const among = values === null ? sql`true` : sql`value = any(${textArray(values)})`;
  return sql`
    with spans as materialized (
      select distinct minute as bucket from series_changes where minute >= ${first}::integer and minute < ${to}::integer
    ),
    ${countRecords(1)},
    wanted as materialized (select id, value from series_keys where dimension = ${dimension} and ${among}),
    counted as (
      select bucket, value, ${slotOf} as slot, ${numberOf} as n
      from wanted join series on key = id and resolution = ${resolution}::smallint
        and bucket >= ${from}::integer and bucket < ${to}::integer, unnest(counts) as c
      union all
      select spans.bucket, value, ${slotOf}, - ${numberOf}
      from spans cross join wanted join series on key = id and resolution = 1 and series.bucket = spans.bucket,
        unnest(counts) as c
      union all
      select bucket, value, slot, n from facts where dimension = ${dimension} and ${among}
    )`;
}

function toCounts(rows: readonly CountRow[], keyOf: (row: CountRow) => string | number) {
  const found = new Map<string | number, Map<number, number>>();
  for (const row of rows) {
    const key = keyOf(row);
    let counts = found.get(key);
    if (!counts) found.set(key, (counts = new Map()));
    counts.set(row.slot, Number(row.n));
  }
  return found;
}

/** Counts of a series by bucket, those of several values added. */
export async function readBuckets(db: Db, of: SeriesOf, span: Span, now: number): Promise<Map<number, Counts>> {
  if (of.values.length === 0) return new Map();
  const rows = await db.execute<CountRow>(sql`${counted(of, span, now)}
    select bucket - bucket % ${span.resolution}::integer as bucket, slot, sum(n) as n from counted
    group by 1, 2 having sum(n) <> 0 order by 1`);
  return toCounts(rows, ({ bucket }) => bucket) as Map<number, Counts>;
}

/** Counts of a whole span by value of a dimension; null: of every value. */
export async function readValues(
  db: Db,
  of: { dimension: Dimension; values: readonly string[] | null },
  span: Span,
  now: number,
): Promise<Map<string, Counts>> {
  const rows = await db.execute<CountRow>(sql`${counted(of, span, now)}
    select value, slot, sum(n) as n from counted group by value, slot having sum(n) <> 0`);
  return toCounts(rows, ({ value }) => value) as Map<string, Counts>;
}

/** Calls, and those that failed, by value and bucket; buckets without calls are left out. */
export async function readGrid(
  db: Db,
  of: { dimension: Dimension; values: readonly string[] },
  span: Span,
  now: number,
): Promise<{ value: string; bucket: number; calls: number; failed: number }[]> {
  const rows = await db.execute<{ value: string; bucket: number; calls: string; failed: string | null }>(sql`
    ${counted(of, span, now)}
    select value, bucket - bucket % ${span.resolution}::integer as bucket, sum(n) filter (where slot >= ${firstStep}) as calls,
      sum(n) filter (where slot in (${slots.errors}, ${slots.toolErrors})) as failed
    from counted group by 1, 2 having sum(n) filter (where slot >= ${firstStep}) > 0`);
  return rows.map(({ calls, failed, ...row }) => ({ ...row, calls: Number(calls), failed: Number(failed ?? 0) }));
}

/** Counts of records themselves by bucket, where several things at once narrow them. */
export async function readRecords(
  db: Db,
  { server, tool, group, key, user }: Partial<Record<Dimension, string>>,
  { from, to, resolution }: Span,
): Promise<Map<number, Counts>> {
  const buckets: number[] = [];
  for (let bucket = from; bucket < to; bucket += resolution) buckets.push(bucket);
  const is = [
    server === undefined ? undefined : sql`server = ${server}`,
    tool === undefined ? undefined : sql`tool = ${tool}`,
    group === undefined ? undefined : sql`of_group = ${group}`,
    key === undefined ? undefined : sql`key = ${key}`,
    user === undefined ? undefined : sql`person = ${user}`,
  ].filter((condition) => condition !== undefined);
  const rows = await db.execute<CountRow>(sql`
    with spans as (select unnest(${intArray(buckets)}) as bucket), ${countRecords(resolution, sql.join(is, sql` and `))}
    select bucket, slot, n from facts where dimension = 'all'`);
  return toCounts(rows, ({ bucket }) => bucket) as Map<number, Counts>;
}

/** Minutes until now, the running one included. */
export function lastMinutes(minutes: number, now: number): Span {
  const to = Math.floor(now / minuteMs) + 1;
  return { from: to - minutes, to, resolution: 1 };
}
