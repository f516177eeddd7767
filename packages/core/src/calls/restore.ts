import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { callWindows, durationsKept, type CallStats, type RestoredCalls } from './stats.ts';

/** Calls that ended in the last hour are found by when they started: none that ran longer is counted. */
const longestCallMs = 3_600_000;

interface Row extends Record<string, unknown> {
  server_id: string | null;
  step: string;
  count: string;
  tool_calls: string;
  errors: string;
  tool_errors: string;
  total_ms: number;
  last_at: string;
  durations: number[];
}

/**
 * The calls of one window, counted by server and step; calls that started before `startedAt`, in epoch milliseconds.
 */
async function readWindow(
  db: Db,
  window: RestoredCalls['window'],
  { now, startedAt }: { now: number; startedAt: number },
): Promise<RestoredCalls[]> {
  const { stepMs, steps } = callWindows[window];
  const first = Math.floor(now / stepMs) - steps + 1;
  const from = new Date(first * stepMs - longestCallMs).toISOString();
  const rows = await db.execute<Row>(sql`
    select server_id, step, count(*) as count, count(*) filter (where method = 'tools/call') as tool_calls, sum(duration_ms) as total_ms,
      count(*) filter (where outcome in ('error', 'timeout')) as errors,
      count(*) filter (where outcome = 'tool_error') as tool_errors,
      extract(epoch from max(started_at)) * 1000 as last_at,
      (array_agg(duration_ms))[1:${window === 'recent' ? durationsKept : 0}] as durations
    from (
      select server_id, method, outcome, duration_ms, started_at,
        floor((extract(epoch from started_at) * 1000 + duration_ms) / ${stepMs}::double precision) as step
      from call_records
      where started_at >= ${from}::timestamptz and started_at < ${new Date(startedAt).toISOString()}::timestamptz
    ) as ended
    where step >= ${first}::double precision
    group by server_id, step`);
  return rows.map((row) => ({
    window,
    serverId: row.server_id,
    endedAt: Number(row.step) * stepMs,
    lastAt: Number(row.last_at),
    count: Number(row.count),
    toolCalls: Number(row.tool_calls),
    errors: Number(row.errors),
    toolErrors: Number(row.tool_errors),
    totalMs: row.total_ms,
    durations: row.durations,
  }));
}

/** Has the figures begin with what the history holds, so that a restart empties no window. */
export async function restoreCallStats(
  db: Db,
  stats: Pick<CallStats, 'restore'>,
  times: { now: number; startedAt: number },
): Promise<void> {
  for (const window of ['recent', 'hour'] as const) stats.restore(await readWindow(db, window, times));
}
