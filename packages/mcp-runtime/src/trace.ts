import type { JsonObject } from './json.ts';

/** The facts of a span: words of closed sets, names and numbers; never contents of a call. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** `server`: the hub is asked. `client`: the hub asks. */
export type SpanKind = 'server' | 'client' | 'internal';

export interface SpanStart {
  name: string;
  kind: SpanKind;
  facts?: SpanFacts;
  /** Milliseconds since the epoch, with their fractions; absent: now. */
  startedAt?: number;
}

/** A trace as W3C's headers carry it on. */
export interface TraceCarrier {
  readonly traceparent: string;
  readonly tracestate: string | null;
}

/** The sender's facts about the trace that a request belongs to. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
  readonly tracestate: string | null;
}

/** A part of a trace, kept or not. A span that is not kept costs nothing to start and end. */
export interface Span {
  /** False: nobody keeps it, and facts about it are made for nothing. */
  readonly isKept: boolean;
  /** The id that is stored; null where the trace is not kept and the sender named none. */
  readonly traceId: string | null;
  /** How it is passed on. */
  readonly carrier: TraceCarrier;
  /** Milliseconds since the epoch, with their fractions. */
  readonly startedAt: number;
  begin(start: SpanStart): Span;
  /** Adds what is known by now; `name` in place of the one that it has. */
  say(facts: SpanFacts, name?: string): void;
  /** `failure`: the kind of failure, a word or code; absent or null where it went well. */
  end(failure?: string | null): void;
}

/** Starts traces, and continues those of senders. */
export interface Tracer {
  begin(start: SpanStart, parent: TraceContext | null): Span;
}

/** The trace of one HTTP request. It begins with the first message, which may say to which trace it belongs. */
export interface RequestTrace {
  /** The span of the request; the first call decides to which trace it belongs. */
  spanOf(meta: JsonObject | undefined): Span;
}
