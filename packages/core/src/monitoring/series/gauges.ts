import { sql } from 'drizzle-orm';
import { setBounded } from '@switchboard/basics';
import type { Db } from '@switchboard/db';
import type { gaugeNames } from '@switchboard/db/words';
import type { Runtime } from '@switchboard/mcp-runtime/types';
import { intArray } from './facts.ts';
import { finerOf, minuteMs, type Resolution } from './resolutions.ts';

export type GaugeName = (typeof gaugeNames)[number];

/** The gauges of this process. */
export type Gauges = Record<GaugeName, number>;

/** The gauges of a server's programs. */
export const programGauges = ['cpu', 'memory'] as const satisfies readonly GaugeName[];

/** Measures this process, and keeps what it measured until it is written. */
export interface GaugeSampler {
  /** As of now. */
  current(): Gauges;
  /** Measures once for the series, the programs of servers too. */
  sample(): Promise<void>;
  /** Writes the minutes that are over. */
  write(db: Db): Promise<void>;
}

interface Tally {
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** Minutes that wait while the database is away. */
const mostWaiting = 60;
/** The shortest time between two readings of the processor time: less would measure moments. */
const leastMs = 500;

/** Percent of one core that the process used since the last look. */
function createCpu(): () => number {
  let used = process.cpuUsage();
  let at = performance.now();
  let percent = 0;
  return () => {
    const now = performance.now();
    if (now - at < leastMs) return percent;
    const { user, system } = process.cpuUsage(used);
    percent = (user + system) / 10 / (now - at);
    used = process.cpuUsage();
    at = now;
    return percent;
  };
}

function addTo(tally: Tally | undefined, value: number): Tally {
  if (!tally) return { count: 1, sum: value, min: value, max: value };
  const { count, sum, min, max } = tally;
  return { count: count + 1, sum: sum + value, min: Math.min(min, value), max: Math.max(max, value) };
}

/** Of one process among those on the database. */
export function createGauges(options: {
  runtime: Pick<Runtime, 'metrics' | 'programUsage'>;
  replica: string;
  now: () => number;
}): GaugeSampler {
  const { runtime, replica, now } = options;
  const cpu = createCpu();
  const minutes = new Map<number, Map<string, Tally & { gauge: GaugeName; server: string }>>();

  function current(): Gauges {
    const { sessions, instances } = runtime.metrics();
    return { cpu: cpu(), memory: process.memoryUsage.rss(), sessions, instances };
  }

  function waiting(minute: number) {
    return [...minutes].flatMap(([bucket, tallies]) =>
      bucket < minute ? [...tallies.values()].map((tally) => ({ bucket, replica, ...tally })) : [],
    );
  }

  function note(server: string, values: Partial<Gauges>) {
    const minute = Math.floor(now() / minuteMs);
    const tallies = minutes.get(minute) ?? new Map<string, Tally & { gauge: GaugeName; server: string }>();
    for (const [gauge, value] of Object.entries(values) as [GaugeName, number][]) {
      const name = `${gauge} ${server}`;
      tallies.set(name, { gauge, server, ...addTo(tallies.get(name), value) });
    }
    setBounded(minutes, minute, tallies, mostWaiting);
  }

  return {
    current,
    async sample() {
      note('', current());
      for (const { serverId, memoryBytes, cpuPercent } of await runtime.programUsage()) {
        note(serverId, { cpu: cpuPercent, memory: memoryBytes });
      }
    },
    async write(db) {
      const rows = waiting(Math.floor(now() / minuteMs));
      if (rows.length === 0) return;
      await writeMinutes(db, rows);
      for (const { bucket } of rows) minutes.delete(bucket);
    },
  };
}

async function writeMinutes(db: Db, rows: readonly (Tally & { bucket: number })[]): Promise<void> {
  await db.execute(sql`
    with written as (
      insert into gauge_series as known (resolution, gauge, bucket, replica, server, count, sum, min, max)
      select 1, gauge, bucket, replica, server, count, sum, min, max
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as given
        (gauge text, bucket integer, replica text, server text, count integer, sum float8, min float8, max float8)
      on conflict (resolution, server, gauge, bucket, replica) do update set count = known.count + excluded.count,
        sum = known.sum + excluded.sum, min = least(known.min, excluded.min), max = greatest(known.max, excluded.max)
      returning bucket)
    insert into series_changes (minute) select distinct bucket from written`);
}

/** Brings buckets of more than a minute up to date: of all processes together, a minute of each counting once. */
export async function rollGauges(db: Db, resolution: Resolution, buckets: readonly number[]): Promise<void> {
  const finer = finerOf(resolution);
  const one =
    finer === 1
      ? sql`select server, gauge, bucket, 1 as count, sum(sum / count) as sum, sum(min) as min, sum(max) as max
          from gauge_series where resolution = 1 and bucket between (select min(span) from spans)
            and (select max(span) from spans) + ${resolution}::integer
          group by server, gauge, bucket`
      : sql`select server, gauge, bucket, count, sum, min, max from gauge_series
          where resolution = ${finer}::smallint and bucket between (select min(span) from spans)
            and (select max(span) from spans) + ${resolution}::integer`;
  await db.execute(sql`
    with spans as materialized (select unnest(${intArray(buckets)}) as span), finer as materialized (${one})
    insert into gauge_series (resolution, gauge, bucket, replica, server, count, sum, min, max)
    select ${resolution}::smallint, gauge, span, '', server, sum(count), sum(sum), min(min), max(max)
    from spans join finer on bucket >= span and bucket < span + ${resolution}::integer
    group by server, gauge, span
    on conflict (resolution, server, gauge, bucket, replica) do update
      set count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max`);
}

/** The gauges of a bucket: the sum over all processes. */
export interface GaugePoint {
  bucket: number;
  avg: number;
  min: number;
  max: number;
}

/** Measured values of a span, by gauge, in order: of the hub, or of the programs of one server. */
export async function readGauges(
  db: Db,
  gauges: readonly GaugeName[],
  { from, to, resolution }: { from: number; to: number; resolution: Resolution },
  server = '',
): Promise<Map<GaugeName, GaugePoint[]>> {
  const points = new Map<GaugeName, GaugePoint[]>(gauges.map((gauge) => [gauge, []]));
  if (gauges.length === 0) return points;
  const rows = await db.execute<GaugePoint & { gauge: GaugeName; [column: string]: unknown }>(sql`
    select gauge, bucket, sum(sum / count) as avg, sum(min) as min, sum(max) as max from gauge_series
    where resolution = ${resolution}::smallint and server = ${server} and gauge = any(${`{${gauges.join(',')}}`}::text[])
      and bucket >= ${from}::integer and bucket < ${to}::integer
    group by gauge, bucket order by gauge, bucket`);
  for (const { gauge, bucket, avg, min, max } of rows) points.get(gauge)?.push({ bucket, avg, min, max });
  return points;
}
