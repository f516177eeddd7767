import { readFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { wholeNumber } from '../process/caps.ts';

/** Settings of OpenTelemetry, by the names and with the meaning that its specification gives them. */

const longestHeaders = 16_384;

/** `name=value` pairs with commas between them, values percent-encoded as in baggage. */
function pairs(what: string) {
  return z
    .string()
    .max(longestHeaders)
    .transform((text, issues) => {
      const found: Record<string, string> = {};
      for (const part of text.split(',')) {
        if (part.trim() === '') continue;
        const at = part.indexOf('=');
        try {
          const name = decodeURIComponent(part.slice(0, at).trim());
          if (at < 1 || name === '') throw new Error('no name');
          found[name] = decodeURIComponent(part.slice(at + 1).trim());
        } catch {
          // The text may be a secret.
          const message = `must be ${what}=value pairs with commas between them, values percent-encoded`;
          issues.addIssue({ code: 'custom', message });
          return z.NEVER;
        }
      }
      return found;
    });
}

const headers = pairs('header').superRefine((given, issues) => {
  for (const [name, value] of Object.entries(given)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      issues.addIssue({ code: 'custom', message: 'must be headers that HTTP allows' });
    }
  }
});

const endpoint = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
const protocol = z.literal('http/protobuf', 'must be http/protobuf: the hub sends over HTTP, to port 4318 of most');
const exporters = z.enum(['otlp', 'none'], 'must be otlp or none');
const compression = z.enum(['gzip', 'none'], 'must be gzip or none');
const longestMs = 600_000;

const file = z.string().transform((name, issues) => {
  try {
    return readFileSync(name);
  } catch {
    issues.addIssue({ code: 'custom', message: `must be a file that can be read; ${name} is none` });
    return z.NEVER;
  }
});

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
const shareMessage = 'must be a share between 0 and 1, for example 0.1';
const share = z
  .string()
  .regex(/^(?:0|1|0?\.\d{1,9}|1\.0{1,9})$/, shareMessage)
  .transform(Number);
/** Of the traces that begin here. */
const usualShare = 0.1;

const milliseconds = wholeNumber(1, longestMs, 10_000);

export const TelemetrySettings = z.object({
  OTEL_SDK_DISABLED: z.stringbool().default(false),
  OTEL_SERVICE_NAME: z.string().max(256).optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs('attribute').optional(),
  OTEL_TRACES_EXPORTER: exporters.default('otlp'),
  OTEL_TRACES_SAMPLER: z.enum(samplers, `must be one of ${samplers.join(', ')}`).default('parentbased_traceidratio'),
  OTEL_TRACES_SAMPLER_ARG: share.optional(),
  OTEL_BSP_SCHEDULE_DELAY: wholeNumber(10, longestMs, 5000),
  OTEL_BSP_MAX_QUEUE_SIZE: wholeNumber(64, 1_000_000, 8192),
  OTEL_METRICS_EXPORTER: exporters.default('otlp'),
  OTEL_METRIC_EXPORT_INTERVAL: wholeNumber(100, 3_600_000, 60_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: headers.optional(),
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: headers.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds,
  OTEL_EXPORTER_OTLP_COMPRESSION: compression.default('none'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: file.optional(),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file.optional(),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: file.optional(),
});

/** The receiver of one kind of telemetry. */
export interface TelemetryTarget {
  url: string;
  /** May be secrets. */
  headers: Readonly<Record<string, string>>;
}

/** The settings of telemetry. */
export interface Telemetry {
  traces: TelemetryTarget | null;
  metrics: TelemetryTarget | null;
  timeoutMs: number;
  compression: 'gzip' | 'none';
  /** The TLS settings of a connection. */
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer };
  /** How many of the traces are kept that begin here, and whether who began one elsewhere decides of it. */
  sampling: { share: number; followsParent: boolean };
  spansEveryMs: number;
  /** Spans that may wait; those beyond are dropped. */
  mostSpans: number;
  metricsEveryMs: number;
  /** The attributes of this process. */
  resource: Readonly<Record<string, string>>;
}

type Env = z.infer<typeof TelemetrySettings>;

function samplingOf({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: given }: Env): Telemetry['sampling'] {
  const followsParent = sampler.startsWith('parentbased_');
  if (sampler.endsWith('always_on')) return { share: 1, followsParent };
  if (sampler.endsWith('always_off')) return { share: 0, followsParent };
  // Without a number the usual sampler has the hub's own share, and one that is asked for by name keeps everything.
  const isUsual = sampler === 'parentbased_traceidratio';
  return { share: given ?? (isUsual ? usualShare : 1), followsParent };
}

function below(base: string | undefined, path: string): string | undefined {
  if (base === undefined) return undefined;
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  return url.href;
}

/** The settings of telemetry; null where none is sent. */
export function toTelemetry(env: Env): Telemetry | null {
  if (env.OTEL_SDK_DISABLED) return null;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const common = env.OTEL_EXPORTER_OTLP_HEADERS;
  function target(
    exporter: 'otlp' | 'none',
    own: string | undefined,
    path: string,
    more: Env['OTEL_EXPORTER_OTLP_HEADERS'],
  ) {
    const url = own ?? below(base, path);
    return exporter === 'none' || url === undefined ? null : { url, headers: { ...common, ...more } };
  }
  const traces = target(
    env.OTEL_TRACES_EXPORTER,
    env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    '/v1/traces',
    env.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
  );
  const metrics = target(
    env.OTEL_METRICS_EXPORTER,
    env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT,
    '/v1/metrics',
    env.OTEL_EXPORTER_OTLP_METRICS_HEADERS,
  );
  if (traces === null && metrics === null) return null;
  const [ca, cert, key] = [
    env.OTEL_EXPORTER_OTLP_CERTIFICATE,
    env.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
    env.OTEL_EXPORTER_OTLP_CLIENT_KEY,
  ];
  const name = env.OTEL_SERVICE_NAME;
  return {
    traces,
    metrics,
    timeoutMs: env.OTEL_EXPORTER_OTLP_TIMEOUT,
    compression: env.OTEL_EXPORTER_OTLP_COMPRESSION,
    tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    sampling: samplingOf(env),
    spansEveryMs: env.OTEL_BSP_SCHEDULE_DELAY,
    mostSpans: env.OTEL_BSP_MAX_QUEUE_SIZE,
    metricsEveryMs: env.OTEL_METRIC_EXPORT_INTERVAL,
    resource: { ...env.OTEL_RESOURCE_ATTRIBUTES, ...(name !== undefined && { 'service.name': name }) },
  };
}
