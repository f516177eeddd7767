import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { until } from './until.ts';

/** What OTLP sends, as far as tests look at it, with the numbers that the protocol gives its fields. */
const proto = `
  syntax = "proto3";
  message AnyValue {
    oneof value { string s = 1; bool b = 2; int64 i = 3; double d = 4; ArrayValue a = 5; KeyValueList k = 6; bytes y = 7; }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Scope { string name = 1; string version = 2; }
  message Status { string message = 2; int32 code = 3; }
  message Span {
    bytes traceId = 1; bytes spanId = 2; string traceState = 3; bytes parentSpanId = 4; string name = 5; int32 kind = 6;
    fixed64 start = 7; fixed64 end = 8; repeated KeyValue attributes = 9; Status status = 15; fixed32 flags = 16;
  }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2; }
  message Traces { repeated ResourceSpans resourceSpans = 1; }
  message NumberPoint { repeated KeyValue attributes = 7; fixed64 start = 2; fixed64 time = 3; oneof value { double asDouble = 4; sfixed64 asInt = 6; } }
  message HistogramPoint {
    repeated KeyValue attributes = 9; fixed64 start = 2; fixed64 time = 3; fixed64 count = 4; optional double sum = 5;
    repeated fixed64 bucketCounts = 6; repeated double explicitBounds = 7;
  }
  message Gauge { repeated NumberPoint points = 1; }
  message Sum { repeated NumberPoint points = 1; int32 temporality = 2; bool monotonic = 3; }
  message Histogram { repeated HistogramPoint points = 1; int32 temporality = 2; }
  message Metric { string name = 1; string description = 2; string unit = 3; oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; } }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopeMetrics = 2; }
  message Metrics { repeated ResourceMetrics resourceMetrics = 1; }
`;
const { root } = protobuf.parse(proto, { keepCase: true });
const [Traces, Metrics] = [root.lookupType('Traces'), root.lookupType('Metrics')];

type Facts = Record<string, unknown>;

export interface SentSpan {
  traceId: string;
  spanId: string;
  /** Empty where it has none. */
  parentId: string;
  name: string;
  kind: 'internal' | 'server' | 'client';
  startNs: bigint;
  endNs: bigint;
  facts: Facts;
  failed: boolean;
  tracestate: string;
  service: unknown;
}

export interface SentMetric {
  name: string;
  unit: string;
  points: { facts: Facts; value: number; count: number; buckets: number[]; bounds: number[] }[];
}

/** A collector of its own: takes traces and metrics over HTTP, and has what it was sent. */
export interface OtlpReceiver extends AsyncDisposable {
  url: string;
  spans: SentSpan[];
  metrics: SentMetric[];
  /** Each request as it came. */
  requests: { path: string; headers: IncomingHttpHeaders; bytes: Buffer }[];
  /** In place of taking what comes. */
  answer: ((response: ServerResponse) => void) | null;
  /** The spans of a trace, once so many with this name came. */
  spanNamed(name: string, where?: (span: SentSpan) => boolean): Promise<SentSpan>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- what was decoded is looked into
type Decoded = any;

function valueOf(value: Decoded): unknown {
  const [first] = Object.values((value ?? {}) as object);
  return first;
}

function factsOf(attributes: Decoded[] = []): Facts {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

const kinds = { 1: 'internal', 2: 'server', 3: 'client' } as const;
const options = { longs: String, bytes: String } as const;

function hex(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('hex');
}

function spansIn(bytes: Buffer): SentSpan[] {
  const sent: Decoded = Traces.toObject(Traces.decode(bytes), options);
  return (sent.resourceSpans ?? []).flatMap(({ resource, scopeSpans }: Decoded) =>
    (scopeSpans ?? []).flatMap(({ spans }: Decoded) =>
      (spans ?? []).map((span: Decoded) => ({
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentId: hex(span.parentSpanId),
        name: span.name,
        kind: kinds[span.kind as 1],
        startNs: BigInt(span.start),
        endNs: BigInt(span.end),
        facts: factsOf(span.attributes),
        failed: span.status?.code === 2,
        tracestate: span.traceState ?? '',
        service: factsOf(resource.attributes)['service.name'],
      })),
    ),
  );
}

function metricsIn(bytes: Buffer): SentMetric[] {
  const sent: Decoded = Metrics.toObject(Metrics.decode(bytes), options);
  return (sent.resourceMetrics ?? []).flatMap(({ scopeMetrics }: Decoded) =>
    (scopeMetrics ?? []).flatMap(({ metrics }: Decoded) =>
      (metrics ?? []).map(({ name, unit = '', gauge, sum, histogram }: Decoded) => ({
        name,
        unit,
        points: ((gauge ?? sum ?? histogram)?.points ?? []).map((point: Decoded) => ({
          facts: factsOf(point.attributes),
          value: Number(point.asDouble ?? point.asInt ?? point.sum ?? 0),
          count: Number(point.count ?? 0),
          buckets: (point.bucketCounts ?? []).map(Number),
          bounds: point.explicitBounds ?? [],
        })),
      })),
    ),
  );
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: SentSpan[] = [];
  const metrics: SentMetric[] = [];
  const requests: OtlpReceiver['requests'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      requests.push({ path: request.url ?? '', headers: request.headers, bytes });
      if (receiver.answer) return receiver.answer(response);
      if (request.url === '/v1/traces') spans.push(...spansIn(bytes));
      else if (request.url === '/v1/metrics') metrics.push(...metricsIn(bytes));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    requests,
    answer: null,
    async spanNamed(name, where = () => true) {
      function found() {
        return spans.find((span) => span.name === name && where(span));
      }
      await until(() => found() !== undefined, `a span ${name}`);
      return found() as SentSpan;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
