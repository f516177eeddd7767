import { sql } from 'drizzle-orm';
import { sqlStateOf } from '@switchboard/db';
import { requireRight } from '../access/require.ts';
import { readRetention } from '../audit/retention.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import {
  MetricName,
  ReadMetrics,
  type timeRanges,
  type Granularity,
  type Metrics,
  type MetricSeries,
} from './schema.ts';
import { scopeOf, type Scope } from './scope.ts';
import { programGauges, readGauges, type GaugeName } from './series/gauges.ts';
import { readBuckets, readRecords, type SeriesOf, type Span } from './series/read.ts';
import { coarserOf, keptFrom, minuteMs, mostPoints, resolutions, type Resolution } from './series/resolutions.ts';
import type { Counts } from './series/slots.ts';
import { measured, shapes, type CallMetric } from './shapes.ts';

const gaugeMetrics = ['cpu', 'memory', 'sessions', 'instances'] as const satisfies readonly GaugeName[];
const gauges: ReadonlySet<string> = new Set(gaugeMetrics);
const resolutionOf: Record<Granularity, Resolution> = { '1m': 1, '5m': 5, '1h': 60, '1d': 1_440 };
const granularityOf: Record<Resolution, Granularity> = { 1: '1m', 5: '5m', 60: '1h', 1440: '1d' };
const rangeMinutes: Record<(typeof timeRanges)[number], number> = {
  '1h': 60,
  '24h': 1_440,
  '7d': 10_080,
  '30d': 43_200,
};
/** Points that suit a picture, where nobody says how fine. */
const usualPoints = 800;
/** For what several filters at once narrow. */
const longestReadMs = 5_000;

/** From when to when, in epoch milliseconds. */
interface Times {
  timeRange: (typeof timeRanges)[number];
  from?: Date | undefined;
  to?: Date | undefined;
}

/** The buckets of a time, finest where it may be: not too many, and none that are not kept any more. */
export function spanOf(ctx: Pick<Ctx, 'clock'>, times: Times, granularity?: Granularity): Span {
  const now = ctx.clock.now();
  const end = Math.min(times.to?.getTime() ?? now, now);
  const begin = times.from?.getTime() ?? end - rangeMinutes[times.timeRange] * minuteMs;
  if (begin >= end) throw invalidField('from', say('orderOfTimes'));
  const first = Math.floor(begin / minuteMs);
  const last = Math.floor(end / minuteMs) + 1;
  const wanted = granularity === undefined ? finestFor(last - first) : resolutionOf[granularity];
  let resolution = wanted;
  function fits() {
    return (last - first) / resolution <= mostPoints && first >= keptFrom(resolution, now);
  }
  while (!fits() && coarserOf(resolution) !== resolution) resolution = coarserOf(resolution);
  const kept = Math.max(first, last - mostPoints * resolution);
  return { from: kept - (kept % resolution), to: last, resolution };
}

function finestFor(minutes: number): Resolution {
  return resolutions.find((resolution) => minutes / resolution <= usualPoints) ?? 1_440;
}

function isGauge(metric: MetricName): metric is GaugeName {
  return gauges.has(metric);
}

function isOfPrograms(metric: GaugeName): boolean {
  return programGauges.some((gauge) => gauge === metric);
}

/** Whether a scope has a metric. */
function has(scope: Scope, metric: MetricName): boolean {
  if (isGauge(metric)) return scope.measures === 'hub' || (scope.measures !== null && isOfPrograms(metric));
  return metric === 'tokens' ? scope.turns !== null : scope.calls !== null;
}

/** The filters by which a metric is counted, in words, for a caller that used another one. */
function countedFor(metric: MetricName) {
  if (isGauge(metric)) return isOfPrograms(metric) ? say('wholeHubOrServer') : say('wholeHub');
  return metric === 'tokens' ? 'user, key, model' : 'server, tool, group, key, user';
}

/**
 * The metrics of a request. A metric that the actor may never read is refused as forbidden, one that has no such filter
 * as invalid.
 */
function metricsOf(ctx: Ctx, scope: Scope, asked: readonly MetricName[] | undefined, filters: string[]): MetricName[] {
  if (asked === undefined) return MetricName.options.filter((metric) => has(scope, metric));
  for (const metric of asked) {
    if (has(scope, metric)) continue;
    if (filters.length === 0) requireRight(ctx, 'metrics.read');
    const why = say('notCountedBy', { counted: countedFor(metric), filter: filters.join(', ') });
    throw invalidField('metrics', say('metricNot', { metric, reason: why }));
  }
  return [...new Set(asked)];
}

/** Counts of calls that several things at once narrow: from the records, as far as they are kept. */
async function readNarrowed(ctx: Ctx, narrowed: Parameters<typeof readRecords>[1], span: Span) {
  const { callsDays } = await readRetention(ctx.db);
  if (span.from * minuteMs < ctx.clock.now() - (callsDays * 1_440 + span.resolution) * minuteMs) {
    throw new DomainError('invalid', say('onlyWithinRecords', { days: callsDays }), { field: 'timeRange' });
  }
  try {
    return await ctx.db.transaction(async (tx) => {
      await tx.execute(sql.raw(`set local statement_timeout = ${longestReadMs}`));
      return await readRecords(tx, narrowed, span);
    });
  } catch (error) {
    if (sqlStateOf(error) !== '57014') throw error;
    throw new DomainError('invalid', say('tooManyRecords'), { field: 'timeRange' }, { cause: error });
  }
}

async function readCalls(ctx: Ctx, of: Scope['calls'], span: Span): Promise<Map<number, Counts>> {
  if (of === null) return new Map();
  return 'narrowed' in of ? readNarrowed(ctx, of.narrowed, span) : readBuckets(ctx.db, of, span, ctx.clock.now());
}

async function readTurns(ctx: Ctx, of: SeriesOf | null, span: Span): Promise<Map<number, Counts>> {
  return of === null ? new Map() : await readBuckets(ctx.db, of, span, ctx.clock.now());
}

/**
 * Figures over time, of everything or of one filter, as far as the actor may see them. Without a filter, a caller
 * without the right to the hub's metrics gets the calls at the servers that it sees and its own tokens.
 */
export const readMetrics = verb(
  { name: 'monitoring.read', access: 'read', input: ReadMetrics },
  async (ctx, input): Promise<Metrics> => {
    const { timeRange, from, to, granularity, metrics: asked, ...filters } = input;
    const scope = await scopeOf(ctx, filters);
    const given = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const wanted = metricsOf(ctx, scope, asked, given);
    const span = spanOf(ctx, { timeRange, from, to }, granularity);
    await ctx.hub.flushCalls();
    const ofCalls = wanted.filter((metric): metric is CallMetric => !isGauge(metric) && metric !== 'tokens');
    const ofGauges = wanted.filter(isGauge);
    const calls = ofCalls.length === 0 ? new Map<number, Counts>() : await readCalls(ctx, scope.calls, span);
    const turns = wanted.includes('tokens') ? await readTurns(ctx, scope.turns, span) : calls;
    const server = typeof scope.measures === 'string' ? undefined : scope.measures?.server;
    const gaugePoints = await readGauges(ctx.db, ofGauges, span, server);
    const current = ofGauges.length === 0 || server !== undefined ? null : ctx.hub.gauges.current();
    const found = wanted.map((metric): [MetricName, MetricSeries] => {
      if (isGauge(metric)) return [metric, measured(gaugePoints.get(metric) ?? [], current?.[metric])];
      return [metric, shapes[metric](metric === 'tokens' ? turns : calls)];
    });
    const { resolution } = span;
    return {
      from: span.from * minuteMs,
      to: Math.min(span.to * minuteMs, ctx.clock.now()),
      granularity: granularityOf[resolution],
      metrics: Object.fromEntries(found),
    };
  },
);
