import type { IncomingMessage, ServerResponse } from 'node:http';
import { readTrace, traceIn } from '@switchboard/mcp-runtime';
import type { JsonObject, RequestTrace, Span, SpanStart, Tracer } from '@switchboard/mcp-runtime/types';
import { nowMs } from '../telemetry/clock.ts';

/** Traces of requests that are no messages of MCP, for whoever answers them. */
const traces = new WeakMap<IncomingMessage, ListenedRequest>();

/** The trace of a request; undefined where there is none. */
export function traceOf(request: IncomingMessage | undefined): ListenedRequest | undefined {
  return request && traces.get(request);
}

/** The span of one request, from its head to the end of its answer. */
export class ListenedRequest implements RequestTrace {
  private readonly tracer: Tracer;
  private readonly request: IncomingMessage;
  private readonly start: SpanStart;
  private span: Span | null = null;

  constructor(tracer: Tracer, request: IncomingMessage, start: SpanStart) {
    this.tracer = tracer;
    this.request = request;
    this.start = start;
  }

  spanOf(meta: JsonObject | undefined): Span {
    return (this.span ??= this.begin(meta));
  }

  /** Names it by the route that answers. */
  name(route: string): void {
    if (this.span === null || this.span.isKept)
      this.spanOf(undefined).say({ 'http.route': route }, `${this.request.method} ${route}`);
  }

  end(status: number): void {
    const span = this.spanOf(undefined);
    if (!span.isKept) return;
    span.say({ 'http.response.status_code': status });
    span.end(status >= 500 ? String(status) : null);
  }

  /** What a message says comes first: one connection may carry those of several programs. */
  private begin(meta: JsonObject | undefined): Span {
    const { traceparent, tracestate } = this.request.headers;
    const parent = traceIn(meta) ?? (traceparent === undefined ? null : readTrace(traceparent, tracestate));
    return this.tracer.begin(this.start, parent);
  }
}

/** Begins the trace of a request, which ends with its answer. */
export function traceRequest(
  tracer: Tracer,
  request: IncomingMessage,
  response: ServerResponse,
  { route, requestId }: { route: string | null; requestId: string },
): ListenedRequest {
  const method = request.method ?? 'GET';
  const facts = {
    'http.request.method': method,
    'network.protocol.version': request.httpVersion,
    'switchboard.request.id': requestId,
    ...(route !== null && { 'http.route': route }),
  };
  const name = route === null ? method : `${method} ${route}`;
  const listened = new ListenedRequest(tracer, request, { name, kind: 'server', facts, startedAt: nowMs() });
  if (route === null) traces.set(request, listened);
  response.once('close', () => listened.end(response.statusCode));
  return listened;
}
