import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Core } from '@switchboard/core';
import { KNOWN_METHODS } from '@switchboard/mcp-runtime';
import type { CallRecord, Runtime, RuntimeMetrics } from '@switchboard/mcp-runtime/types';
import { addDatabaseGauges, type DatabaseFigures } from './metrics-database.ts';
import { addJobGauges, type JobFigures } from './metrics-jobs.ts';

export interface Metrics {
  contentType: string;
  /** All metrics, for exporters. */
  registry: Registry;
  render(): Promise<string>;
  close(): void;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export interface MetricsOptions {
  runtime: Pick<Runtime, 'metrics' | 'status' | 'subscribe'>;
  events: Pick<Core['events'], 'subscribe'>;
  database: DatabaseFigures;
  jobs: JobFigures;
  /** Of the hub. */
  version: string;
}

function addGauges(registry: Registry, source: Pick<Runtime, 'metrics'>): void {
  const registers = [registry];
  function gauge(name: string, help: string, read: (metrics: RuntimeMetrics) => number) {
    return new Gauge({
      name: `switchboard_${name}`,
      help,
      registers,
      collect() {
        this.set(read(source.metrics()));
      },
    });
  }
  gauge('sessions', 'Open MCP client sessions', (metrics) => metrics.sessions);
  gauge('instances', 'Running upstream instances', (metrics) => metrics.instances);
  gauge('calls_in_flight', 'Calls that wait for their answer', (metrics) => metrics.inFlight);
  gauge('calls_parked', 'Calls that wait for input of the client', (metrics) => metrics.parked);
  const servers = new Gauge({
    name: 'switchboard_servers',
    help: 'Servers by phase',
    labelNames: ['phase'],
    registers: [],
    collect() {
      for (const [phase, count] of Object.entries(source.metrics().servers)) this.set({ phase }, count);
    },
  });
  registry.registerMetric(servers);
}

/** Stands for what is of no closed set. */
const other = 'other';

/** More servers than these share one label. */
const mostServers = 500;

type CallLabels = Record<'server' | 'method' | 'outcome' | 'via', string>;

/** The series of one server, so that they can be dropped with it; labels are hashed once per combination. */
interface ServerSeries {
  durations: Map<string, { observe(seconds: number): void }>;
  counts: Map<string, { labels: CallLabels; counter: { inc(): void } }>;
}

function kept<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Counts calls by labels out of closed sets. */
function createCallSeries(registers: Registry[], isServer: (id: string) => boolean) {
  const calls = new Counter({
    name: 'switchboard_calls_total',
    help: 'Finished calls to upstream servers',
    labelNames: ['server', 'method', 'outcome', 'via'],
    registers,
  });
  const duration = new Histogram({
    name: 'switchboard_call_duration_seconds',
    help: 'How long calls to upstream servers took',
    labelNames: ['server', 'method'],
    buckets: secondsBuckets,
    registers,
  });
  const servers = new Map<string, ServerSeries>();

  /** A call may end after its server is gone, and its series with it. */
  function labelOf(serverId: string | null): string {
    if (serverId === null || servers.has(serverId)) return serverId ?? '';
    return servers.size < mostServers && isServer(serverId) ? serverId : other;
  }

  return {
    record({ serverId, method: given, outcome, via, durationMs }: CallRecord): void {
      const server = labelOf(serverId);
      const method = KNOWN_METHODS.has(given) ? given : other;
      const series = kept(servers, server, () => ({ durations: new Map(), counts: new Map() }));
      kept(series.durations, method, () => duration.labels({ server, method })).observe(durationMs / 1000);
      const count = kept(series.counts, `${method} ${outcome} ${via}`, () => {
        const labels = { server, method, outcome, via };
        return { labels, counter: calls.labels(labels) };
      });
      count.counter.inc();
    },
    forget(server: string): void {
      const series = servers.get(server);
      servers.delete(server);
      for (const method of series?.durations.keys() ?? []) duration.remove({ server, method });
      for (const { labels } of series?.counts.values() ?? []) calls.remove(labels);
    },
  };
}

/** Prometheus metrics of the process and of what the runtime does. */
export function createMetrics({ runtime, events, database, jobs, version }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'switchboard_build_info',
    help: 'Always 1; the label says which version runs',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  addGauges(registry, runtime);
  addDatabaseGauges(registry, database);
  addJobGauges(registry, jobs);
  const series = createCallSeries(registers, (id) => runtime.status(id) !== null);
  const stops = [
    runtime.subscribe((event) => event.type === 'call' && series.record(event.record)),
    events.subscribe((event) => event.type === 'server.removed' && series.forget(event.id)),
  ];
  return {
    contentType: registry.contentType,
    registry,
    render: () => registry.metrics(),
    close: () => stops.forEach((stop) => stop()),
  };
}
