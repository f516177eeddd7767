import {
  type Context,
  createTraceState,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as SdkTracer,
} from '@opentelemetry/api';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';
import type { Span, SpanFacts, SpanStart, TraceCarrier, TraceContext, Tracer } from '@switchboard/mcp-runtime/types';
import { nowMs } from './clock.ts';
import type { Telemetry } from './settings.ts';

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;
const longestName = 200;
function toTime(ms: number): [seconds: number, nanoseconds: number] {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)];
}

/** Gives a trace the id by which it was decided that it is kept. */
class Ids implements IdGenerator {
  private readonly random = new RandomIdGenerator();
  private next: string | null = null;

  /** The id of the next trace that begins here. */
  nextTraceId(): string {
    return (this.next = this.random.generateTraceId());
  }

  generateTraceId(): string {
    const id = this.next ?? this.random.generateTraceId();
    this.next = null;
    return id;
  }

  generateSpanId(): string {
    return this.random.generateSpanId();
  }
}

/** A span that nobody keeps; it stands for all that begin within it. */
class UnkeptSpan implements Span {
  readonly isKept = false;
  readonly traceId: string | null;
  readonly carrier: TraceCarrier;
  readonly startedAt: number;

  constructor(carrier: TraceCarrier, traceId: string | null, startedAt: number) {
    this.carrier = carrier;
    this.traceId = traceId;
    this.startedAt = startedAt;
  }

  begin(): Span {
    return this;
  }

  say(): void {}

  end(): void {}
}

class KeptSpan implements Span {
  readonly isKept = true;
  readonly traceId: string;
  readonly startedAt: number;
  private readonly inner: SdkSpan;
  private readonly tracer: SdkTracer;
  private context: Context | null = null;
  private ownCarrier: TraceCarrier | null = null;

  constructor(tracer: SdkTracer, within: Context, { name, kind, facts, startedAt = nowMs() }: SpanStart) {
    const options = { kind: kinds[kind], startTime: toTime(startedAt), ...(facts && { attributes: facts }) };
    this.inner = tracer.startSpan(name.slice(0, longestName), options, within);
    this.tracer = tracer;
    this.startedAt = startedAt;
    this.traceId = this.inner.spanContext().traceId;
  }

  get carrier(): TraceCarrier {
    return (this.ownCarrier ??= this.toCarrier());
  }

  begin(start: SpanStart): Span {
    this.context ??= trace.setSpan(ROOT_CONTEXT, this.inner);
    return new KeptSpan(this.tracer, this.context, start);
  }

  say(facts: SpanFacts, name?: string): void {
    this.inner.setAttributes(facts);
    if (name !== undefined) this.inner.updateName(name.slice(0, longestName));
  }

  end(failure: string | null = null): void {
    if (failure !== null) {
      this.inner.setAttribute('error.type', failure);
      this.inner.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.inner.end(toTime(nowMs()));
  }

  private toCarrier(): TraceCarrier {
    const { traceId, spanId, traceState } = this.inner.spanContext();
    return { traceparent: `00-${traceId}-${spanId}-01`, tracestate: traceState?.serialize() ?? null };
  }
}

/** Whether a trace is kept, by its id alone: every hub that is asked says the same. */
function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32;
}

function contextOf({ traceId, spanId, isSampled, tracestate }: TraceContext): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    isRemote: true,
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    ...(tracestate !== null && { traceState: createTraceState(tracestate) }),
  });
}

/** Ids for a tracer of the SDK, and the hub's tracer over it, which decides which traces are kept. */
export function createTracing({ share, followsParent }: Telemetry['sampling']) {
  const ids = new Ids();
  function beginIn(sdk: SdkTracer, start: SpanStart, parent: TraceContext | null): Span {
    const startedAt = start.startedAt ?? nowMs();
    if (parent === null) {
      const traceId = ids.nextTraceId();
      if (isInShare(traceId, share)) return new KeptSpan(sdk, ROOT_CONTEXT, { ...start, startedAt });
      return new UnkeptSpan(
        { traceparent: `00-${traceId}-${ids.generateSpanId()}-00`, tracestate: null },
        null,
        startedAt,
      );
    }
    const { traceId, spanId, tracestate } = parent;
    const isKept = followsParent ? parent.isSampled : isInShare(traceId, share);
    if (isKept) return new KeptSpan(sdk, contextOf(parent), { ...start, startedAt });
    // Who asks for it in the server behind finds the one that keeps it.
    return new UnkeptSpan({ traceparent: `00-${traceId}-${spanId}-00`, tracestate }, traceId, startedAt);
  }
  return {
    ids,
    tracerOver: (sdk: SdkTracer): Tracer => ({ begin: (start, parent) => beginIn(sdk, start, parent) }),
  };
}
