import type { Metrics, MetricSeries } from './use-metrics.ts';

/** One line, or row of bars, of a chart. */
export interface Line {
  label: string;
  /** By bucket; null where there is nothing. */
  values: (number | null)[];
  tone: 'first' | 'second' | 'bad';
}

const minutesOf = { '1m': 1, '5m': 5, '1h': 60, '1d': 1_440 } as const;

export function stepOf({ granularity }: Pick<Metrics, 'granularity'>): number {
  return minutesOf[granularity] * 60_000;
}

/** Where every bucket of the time begins, of those without anything too. */
export function bucketsOf(metrics: Pick<Metrics, 'from' | 'to' | 'granularity'>): number[] {
  const step = stepOf(metrics);
  const buckets: number[] = [];
  for (let at = metrics.from; at < metrics.to; at += step) buckets.push(at);
  return buckets;
}

/** A line through the buckets. */
export function lineOf(
  buckets: readonly number[],
  series: MetricSeries | undefined,
  line: Pick<Line, 'label' | 'tone'>,
  read: (point: MetricSeries['points'][number]) => number | undefined = ({ value }) => value,
): Line {
  const known = new Map(series?.points.map((point) => [point.at, read(point) ?? null]));
  return { ...line, values: buckets.map((at) => known.get(at) ?? null) };
}

/** Whether a chart has anything to show. */
export function isEmpty(lines: readonly Line[]): boolean {
  return lines.every(({ values }) => values.every((value) => value === null));
}
