import type { MetricName, MetricPoint, MetricSeries } from './schema.ts';
import { figuresOf, type SeriesFigures } from './series/figures.ts';
import type { GaugeName, GaugePoint } from './series/gauges.ts';
import { minuteMs } from './series/resolutions.ts';
import { addCounts, type Counts } from './series/slots.ts';

export type CallMetric = Exclude<MetricName, GaugeName | 'tokens'>;

type Buckets = ReadonlyMap<number, Counts>;

/** The counted buckets; empty buckets are left out. */
function counted(buckets: Buckets, read: (figures: SeriesFigures) => number | null): MetricPoint[] {
  return [...buckets].flatMap(([bucket, counts]) => {
    const value = read(figuresOf(counts));
    return value === null ? [] : [{ at: bucket * minuteMs, value }];
  });
}

function totalOf(buckets: Buckets): SeriesFigures {
  const sum = new Map<number, number>();
  for (const counts of buckets.values()) addCounts(sum, counts);
  return figuresOf(sum);
}

function peakOf(points: readonly MetricPoint[]): number {
  return points.reduce((most, { value }) => Math.max(most, value), 0);
}

/** A number of things; a bucket in which there were calls, and none of these, has zero. */
function sums(read: (figures: SeriesFigures) => number): (buckets: Buckets) => MetricSeries {
  return (buckets) => {
    const points = counted(buckets, read);
    if (points.length === 0) return { points, summary: null };
    const total = points.reduce((sum, { value }) => sum + value, 0);
    return { points, summary: { total, avg: total / points.length, peak: peakOf(points) } };
  };
}

/** Buckets with turns of models and no call are none of calls. */
function ofCalls(read: (figures: SeriesFigures) => number) {
  return sumsWhere(({ requests }) => requests > 0, read);
}

function sumsWhere(counts: (figures: SeriesFigures) => boolean, read: (figures: SeriesFigures) => number) {
  return (buckets: Buckets) => sums(read)(new Map([...buckets].filter(([, each]) => counts(figuresOf(each)))));
}

function rates(buckets: Buckets): MetricSeries {
  const points = counted(buckets, ({ errorRate }) => errorRate);
  if (points.length === 0) return { points, summary: null };
  return { points, summary: { avg: totalOf(buckets).errorRate, peak: peakOf(points) } };
}

function timesOf({ p50Ms, p95Ms, p99Ms }: SeriesFigures) {
  return { p50: p50Ms ?? 0, p95: p95Ms ?? 0, p99: p99Ms ?? 0 };
}

function times(buckets: Buckets): MetricSeries {
  const points = [...buckets].flatMap(([bucket, counts]): MetricPoint[] => {
    const figures = figuresOf(counts);
    return figures.avgMs === null ? [] : [{ at: bucket * minuteMs, value: figures.avgMs, ...timesOf(figures) }];
  });
  if (points.length === 0) return { points, summary: null };
  const total = totalOf(buckets);
  return { points, summary: { avg: total.avgMs, ...timesOf(total) } };
}

/** Points and summary of what is counted, by metric. */
export const shapes: Readonly<Record<CallMetric | 'tokens', (buckets: Buckets) => MetricSeries>> = {
  requests: ofCalls(({ requests }) => requests),
  toolCalls: ofCalls(({ toolCalls }) => toolCalls),
  errors: ofCalls(({ errors }) => errors),
  toolErrors: ofCalls(({ toolErrors }) => toolErrors),
  errorRate: rates,
  responseTime: times,
  tokens: sumsWhere(
    ({ tokens }) => tokens > 0,
    ({ tokens }) => tokens,
  ),
};

/** Points and summary of what is measured. */
export function measured(found: readonly GaugePoint[], current: number | undefined): MetricSeries {
  const points = found.map(({ bucket, avg, min, max }) => ({ at: bucket * minuteMs, value: avg, min, max }));
  if (points.length === 0) return { points, summary: current === undefined ? null : { avg: null, current } };
  const summary = {
    avg: points.reduce((sum, { value }) => sum + value, 0) / points.length,
    min: Math.min(...points.map(({ min }) => min)),
    max: Math.max(...points.map(({ max }) => max)),
    ...(current !== undefined && { current }),
  };
  return { points, summary };
}
