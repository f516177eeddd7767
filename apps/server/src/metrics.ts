import type { RuntimeEvent, RuntimeMetrics } from '@switchboard/mcp-runtime/types';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  contentType: string;
  render(): Promise<string>;
  close(): void;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

interface Source {
  metrics(): RuntimeMetrics;
  subscribe(listener: (event: RuntimeEvent) => void): () => void;
}

function addGauges(registry: Registry, source: Source): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: (metrics: RuntimeMetrics) => number) =>
    new Gauge({
      name: `switchboard_${name}`,
      help,
      registers,
      collect() {
        this.set(read(source.metrics()));
      },
    });
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

/** The series of one server's calls by one method. */
interface Series {
  duration: { observe(seconds: number): void };
  /** By outcome and way in. */
  counts: Map<string, Map<string, { inc(): void }>>;
}

/** Series kept at hand; more than this many are looked up each time. */
const mostKept = 2000;

function kept<T>(series: Map<string, T>, key: string, make: () => T): T {
  const known = series.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (series.size < mostKept) series.set(key, made);
  return made;
}

/** Prometheus metrics of the process and of what the runtime does. */
export function createMetrics(source: Source): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  addGauges(registry, source);
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
  // Labels are hashed once per combination, not once per call.
  const servers = new Map<string, Map<string, Series>>();
  const close = source.subscribe((event) => {
    if (event.type !== 'call') return;
    const { serverId, method, outcome, via, durationMs } = event.record;
    const server = serverId ?? '';
    const methods = kept(servers, server, () => new Map<string, Series>());
    const series = kept(methods, method, () => ({ duration: duration.labels({ server, method }), counts: new Map() }));
    const ways = kept(series.counts, outcome, () => new Map<string, { inc(): void }>());
    kept(ways, via, () => calls.labels({ server, method, outcome, via })).inc();
    series.duration.observe(durationMs / 1000);
  });
  return { contentType: registry.contentType, render: () => registry.metrics(), close };
}
