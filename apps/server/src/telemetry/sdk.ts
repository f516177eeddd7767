import { randomUUID } from 'node:crypto';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Registry } from 'prom-client';
import type { Log } from '@switchboard/core';
import type { Tracer } from '@switchboard/mcp-runtime/types';
import { createOutage } from './outage.ts';
import { producerOf } from './prometheus.ts';
import type { Telemetry, TelemetryTarget } from './settings.ts';
import { createTracer } from './spans.ts';

/** The part that is loaded only where telemetry is sent. */
export interface Sdk {
  tracer: Tracer | null;
  /** Sends the metrics of a registry at intervals, until it is stopped. */
  sendMetrics(registry: Registry): { stop(): Promise<void> };
  /** Sends what waits. */
  stop(): Promise<void>;
}

const mostAtOnce = 1024;

function exporterOptions({ timeoutMs, compression, tls }: Telemetry, { url, headers }: TelemetryTarget) {
  return {
    url,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
    compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
    httpAgentOptions: { keepAlive: true, ...tls },
  };
}

type Send<Items> = (items: Items, done: (result: ExportResult) => void) => void;

/** Sends as before, and reports the result: null, or the failure. */
function telling<Items>(send: Send<Items>, tell: (error: unknown) => void): Send<Items> {
  return (items, done) => {
    send(items, (result) => {
      tell(result.code === ExportResultCode.SUCCESS ? null : (result.error ?? new Error('failed')));
      done(result);
    });
  };
}

function traceExporter(telemetry: Telemetry, target: TelemetryTarget, log: Log): OTLPTraceExporter {
  const exporter = new OTLPTraceExporter(exporterOptions(telemetry, target));
  exporter.export = telling(exporter.export.bind(exporter), createOutage(log, 'traces', target.url));
  return exporter;
}

function metricExporter(telemetry: Telemetry, target: TelemetryTarget, log: Log): OTLPMetricExporter {
  const exporter = new OTLPMetricExporter(exporterOptions(telemetry, target));
  exporter.export = telling(exporter.export.bind(exporter), createOutage(log, 'metrics', target.url));
  return exporter;
}

/** Opens what sends traces and metrics. */
export function openSdk(telemetry: Telemetry, { log, version }: { log: Log; version: string }): Sdk {
  const about = { 'service.name': 'switchboard', 'service.version': version, 'service.instance.id': randomUUID() };
  const resource = defaultResource().merge(resourceFromAttributes({ ...about, ...telemetry.resource }));
  const { traces, metrics } = telemetry;
  const processor =
    traces &&
    new BatchSpanProcessor({
      exporter: traceExporter(telemetry, traces, log),
      maxQueueSize: telemetry.mostSpans,
      maxExportBatchSize: Math.min(mostAtOnce, telemetry.mostSpans),
      scheduledDelayMillis: telemetry.spansEveryMs,
      exportTimeoutMillis: telemetry.timeoutMs + 1000,
    });
  const scope = { name: 'switchboard', version };
  return {
    tracer: processor && createTracer(telemetry.sampling, { resource, scope, processor }),
    sendMetrics(registry) {
      if (metrics === null) return { stop: () => Promise.resolve() };
      const reader = new PeriodicExportingMetricReader({
        exporter: metricExporter(telemetry, metrics, log),
        exportIntervalMillis: telemetry.metricsEveryMs,
        exportTimeoutMillis: Math.min(telemetry.timeoutMs + 1000, telemetry.metricsEveryMs),
        metricProducers: [producerOf(registry, resource)],
      });
      const provider = new MeterProvider({ resource, readers: [reader] });
      return { stop: () => provider.shutdown() };
    },
    stop: () => processor?.shutdown() ?? Promise.resolve(),
  };
}
