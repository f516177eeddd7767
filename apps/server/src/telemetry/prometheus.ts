import { ValueType, type HrTime } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';

type Metric = MetricObjectWithValues<MetricValue<string>>;
type Value = MetricValue<string> & { metricName?: string };
type Labels = Record<string, string | number>;

interface Span {
  startTime: HrTime;
  endTime: HrTime;
}

function labelsOf({ labels }: Value): Labels {
  const { le: _le, quantile: _quantile, ...rest } = labels as Labels;
  return rest;
}

function point<Of>(span: Span, attributes: Labels, value: Of): DataPoint<Of> {
  return { ...span, attributes, value };
}

/** Buckets that count what is in no smaller one, of those that count what is below their bound. */
function toHistogram(values: readonly Value[]): Histogram {
  const buckets = values.filter(({ labels }) => (labels as Labels)['le'] !== undefined);
  const bounds = buckets
    .map(({ labels }) => Number((labels as Labels)['le']))
    .filter((bound) => Number.isFinite(bound));
  const below = buckets.map(({ value }) => value);
  const counts = below.map((count, index) => count - (below[index - 1] ?? 0));
  const sum = values.find(({ metricName }) => metricName?.endsWith('_sum') === true)?.value ?? 0;
  const count = values.find(({ metricName }) => metricName?.endsWith('_count') === true)?.value ?? 0;
  return { buckets: { boundaries: bounds, counts }, sum, count };
}

function grouped(values: readonly Value[]): { attributes: Labels; values: Value[] }[] {
  const groups = new Map<string, { attributes: Labels; values: Value[] }>();
  for (const value of values) {
    const attributes = labelsOf(value);
    const key = JSON.stringify(attributes);
    const group = groups.get(key) ?? { attributes, values: [] };
    groups.set(key, group);
    group.values.push(value);
  }
  return [...groups.values()];
}

function toMetric(metric: Metric, span: Span): MetricData | null {
  const values = metric.values as Value[];
  const { name, help, type } = metric;
  const unit = /_seconds(?:_total)?$/.test(name) ? 's' : /_bytes(?:_total)?$/.test(name) ? 'By' : '';
  const common = {
    descriptor: { name, description: help, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  // The library's types say strings, and its objects have these words.
  switch (String(type)) {
    case 'counter': {
      const dataPoints = values.map((value) => point(span, labelsOf(value), value.value));
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
    }
    case 'gauge': {
      const dataPoints = values.map((value) => point(span, labelsOf(value), value.value));
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
    }
    case 'histogram': {
      const dataPoints = grouped(values).map((group) => point(span, group.attributes, toHistogram(group.values)));
      return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
    }
    default:
      return null;
  }
}

/** Gives the metrics that Prometheus gets in the form that OpenTelemetry sends: one set of names, counted once. */
export function producerOf(registry: Pick<Registry, 'getMetricsAsJSON'>, resource: Resource): MetricProducer {
  const startTime: HrTime = [Math.floor(Date.now() / 1000), 0];
  return {
    async collect() {
      const found = (await registry.getMetricsAsJSON()) as Metric[];
      const span = { startTime, endTime: [Math.floor(Date.now() / 1000), 0] as HrTime };
      const metrics = found
        .flatMap((metric) => toMetric(metric, span) ?? [])
        .filter(({ dataPoints }) => dataPoints.length > 0);
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'switchboard' }, metrics }] }, errors: [] };
    },
  };
}
