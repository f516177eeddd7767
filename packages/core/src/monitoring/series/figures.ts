import { sql } from 'drizzle-orm';
import type { Deps } from '../../context.ts';
import type { MetricName } from '../schema.ts';
import { everything, lastMinutes, readBuckets } from './read.ts';
import { addCounts, callsOf, percentileOf, slots, type Counts } from './slots.ts';

/** Sums and percentiles of some minutes. Durations are in milliseconds, rates 0 to 1; null where nothing was called. */
export interface SeriesFigures {
  requests: number;
  toolCalls: number;
  errors: number;
  toolErrors: number;
  errorRate: number | null;
  avgMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  tokens: number;
}

/** The figures of counts. */
export function figuresOf(counts: Counts): SeriesFigures {
  function of(slot: keyof typeof slots) {
    return counts.get(slots[slot]) ?? 0;
  }
  const requests = callsOf(counts);
  return {
    requests,
    toolCalls: requests - of('otherCalls'),
    errors: of('errors'),
    toolErrors: of('toolErrors'),
    errorRate: requests === 0 ? null : of('errors') / requests,
    avgMs: requests === 0 ? null : of('callUs') / 1_000 / requests,
    p50Ms: percentileOf(counts, 0.5),
    p95Ms: percentileOf(counts, 0.95),
    p99Ms: percentileOf(counts, 0.99),
    tokens: of('tokensIn') + of('tokensOut'),
  };
}

/**
 * Figures of the last minutes, the running one included, on all hubs together: of everything, or of one server. It asks
 * for no rights.
 */
export async function readSeries(
  { db, hub, clock }: Pick<Deps, 'db' | 'hub' | 'clock'>,
  { minutes, serverId }: { minutes: number; serverId?: string },
): Promise<SeriesFigures> {
  await hub.flushCalls();
  const of = serverId === undefined ? everything : ({ dimension: 'server', values: [serverId] } as const);
  const now = clock.now();
  const sum = new Map<number, number>();
  for (const counts of (await readBuckets(db, of, lastMinutes(minutes, now), now)).values()) addCounts(sum, counts);
  return figuresOf(sum);
}

async function tokensAMinute({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<number> {
  const since = new Date(clock.now() - 300_000).toISOString();
  const [row] = await db.execute<{ tokens: string }>(sql`
    select coalesce(sum(tokens_in + tokens_out), 0) / 5 as tokens from model_turns
    where started_at >= ${since}::timestamptz and outcome is not null`);
  return Number(row?.tokens ?? 0);
}

/**
 * The figures of this moment: of this process what is measured and the calls of the last five minutes, by the minute;
 * `responseTime` is the average. It asks for no rights: who may not read the hub's metrics is given `among`, the servers
 * that it sees, and then what is not of servers is null.
 */
export async function currentFigures(
  deps: Pick<Deps, 'db' | 'hub' | 'clock'>,
  among?: ReadonlySet<string>,
): Promise<Record<MetricName, number | null>> {
  const { count, minutes, toolCalls, errors, toolErrors, avgMs } = deps.hub.stats.lately(among);
  const gauges = among ? { cpu: null, memory: null, sessions: null, instances: null } : deps.hub.gauges.current();
  return {
    ...gauges,
    requests: count / minutes,
    toolCalls: toolCalls / minutes,
    errors: errors / minutes,
    toolErrors: toolErrors / minutes,
    errorRate: count === 0 ? null : errors / count,
    responseTime: avgMs,
    tokens: among ? null : await tokensAMinute(deps),
  };
}
