import type { IncomingMessage, ServerResponse } from 'node:http';
import { readTrace, traceIn } from '@switchboard/mcp-runtime';
import type { JsonObject, RequestTrace, Span, Tracer } from '@switchboard/mcp-runtime/types';
import { nowMs } from '../telemetry/clock.ts';

/** Traces of requests that are no messages of MCP, for the code that answers them. */
const traces = new WeakMap<IncomingMessage, ListenedRequest>();

/** The trace of a request; undefined where there is none. */
export function traceOf(request: IncomingMessage | undefined): ListenedRequest | undefined {
  return request && traces.get(request);
}

/** The facts of a request before it is answered. */
interface TracedRequest {
  /** Null: not known yet. */
  route: string | null;
  requestId: string;
}

/** The span of one request, from its head to the end of its answer. */
export class ListenedRequest implements RequestTrace {
  private readonly tracer: Tracer;
  private readonly request: IncomingMessage;
  private readonly asked: TracedRequest;
  private readonly startedAt = nowMs();
  private span: Span | null = null;

  constructor(tracer: Tracer, request: IncomingMessage, asked: TracedRequest) {
    this.tracer = tracer;
    this.request = request;
    this.asked = asked;
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

  /** The trace in a message comes first: one connection may carry messages of several programs. */
  private begin(meta: JsonObject | undefined): Span {
    const { headers, method = 'GET', httpVersion } = this.request;
    const { traceparent, tracestate } = headers;
    const parent = traceIn(meta) ?? (traceparent === undefined ? null : readTrace(traceparent, tracestate));
    const span = this.tracer.begin({ name: method, kind: 'server', startedAt: this.startedAt }, parent);
    if (!span.isKept) return span;
    const { route, requestId } = this.asked;
    span.say({
      'http.request.method': method,
      'network.protocol.version': httpVersion,
      'switchboard.request.id': requestId,
    });
    if (route !== null) span.say({ 'http.route': route }, `${method} ${route}`);
    return span;
  }
}

/** Begins the trace of a request, which ends with its answer. */
export function traceRequest(
  tracer: Tracer,
  request: IncomingMessage,
  response: ServerResponse,
  asked: TracedRequest,
): ListenedRequest {
  const listened = new ListenedRequest(tracer, request, asked);
  if (asked.route === null) traces.set(request, listened);
  response.once('close', () => listened.end(response.statusCode));
  return listened;
}
