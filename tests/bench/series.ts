import { readMetrics, readTop } from '@switchboard/core/monitoring';
import { makeTestCore, type TestCore } from '@switchboard/core/testing';
import { startTestPostgres } from '@switchboard/db/testing';
import { rollUp } from '../../packages/core/src/monitoring/series/roll.ts';
import type { HistoryRow } from './history.ts';

const days = 30;
const times = 7;

/**
 * Calls of a month as people make them: few servers, tools and people have most of them, and the day has its hours. The
 * minutes that changed are noted, as the hub notes them.
 */
async function fill({ testDb: { connection }, clock }: TestCore, calls: number): Promise<void> {
  const { sql } = connection;
  const now = new Date(clock.now()).toISOString();
  await sql`select setseed(0.5)`;
  await sql`
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, credential, user_id, via)
    select 'call-' || n, ${now}::timestamptz - make_interval(secs => floor(day * ${days}) * 86400 + 86400 * (1 - (sqrt(hour) * 0.7 + day * 0.3))),
      exp(2 + 6 * random() * random()), 'server-' || server, case n % 5 when 0 then 'group-' || server % 4 else 'all' end,
      case n % 20 when 0 then 'tools/list' else 'tools/call' end, 'tool-' || floor(8 * random() * random()),
      case n % 50 when 0 then 'error' when 1 then 'tool_error' else 'ok' end,
      case when person % 2 = 0 then 'key:p' || person || ':k' || person else 'user:p' || person || ':s' end, 'p' || person, 'mcp'
    from (select n, random() as day, random() as hour, floor(20 * random() * random() * random())::int as server,
      floor(100 * random() * random() * random())::int as person from generate_series(1, ${calls}::int) as n) as drawn`;
  await sql`
    insert into series_changes (minute) select distinct floor(extract(epoch from started_at) / 60)::integer from call_records`;
  await sql`analyze`;
}

/** Two years of days, as they are kept, copied from the month that was counted. */
async function fillYears({ testDb: { connection } }: TestCore): Promise<void> {
  await connection.sql`
    insert into series (resolution, key, bucket, counts)
    select resolution, key, bucket - 1440 * ${days}::int * back, counts from series, generate_series(1, 22) as back
    where resolution = 1440
    on conflict do nothing`;
  await connection.sql`analyze`;
}

async function median(run: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const begun = performance.now();
    await run();
    taken.push(performance.now() - begun);
  }
  return taken.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

async function sizeOf({ testDb: { connection } }: TestCore): Promise<string> {
  const [row] = await connection.sql<{ bytes: string }[]>`
    select pg_total_relation_size('series') + pg_total_relation_size('series_keys') + pg_total_relation_size('series_changes')
      as bytes`;
  return `${(Number(row?.bytes ?? 0) / 1e6).toFixed(1)} MB`;
}

/** What the time series of a million calls take, and how long they take to read. */
export async function measureSeries(quick: boolean): Promise<HistoryRow[]> {
  const postgres = await startTestPostgres();
  try {
    await using hub = await makeTestCore();
    const calls = quick ? 100_000 : 1_000_000;
    await fill(hub, calls);
    const now = hub.clock.now();
    const begun = performance.now();
    await rollUp(hub.testDb.db, now);
    const rows: HistoryRow[] = [
      { what: `${calls} calls of ${days} days counted, ${await sizeOf(hub)} of series`, ms: performance.now() - begun },
    ];
    await fillYears(hub);
    const year = { from: new Date(now - 365 * 86_400_000) };
    const asked: [string, () => Promise<unknown>][] = [
      ['figures of an hour, by the minute', () => readMetrics(hub.ctx(), { timeRange: '1h' })],
      ['figures of 24 hours, by the minute', () => readMetrics(hub.ctx(), { timeRange: '24h', granularity: '1m' })],
      ['figures of 30 days, by the hour', () => readMetrics(hub.ctx(), { timeRange: '30d', granularity: '1h' })],
      ['figures of a year', () => readMetrics(hub.ctx(), year)],
      ['figures of a year, of one person', () => readMetrics(hub.ctx(), { ...year, user: 'p2' })],
      ['slowest and most failing tools of 24 hours', () => readTop(hub.ctx(), { by: 'tool', timeRange: '24h' })],
      ['slowest and most failing tools of a year', () => readTop(hub.ctx(), { by: 'tool', ...year })],
    ];
    for (const [what, run] of asked) rows.push({ what, ms: await median(run) });
    return rows;
  } finally {
    await postgres.stop();
  }
}
