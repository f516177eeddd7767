import { createTraceState, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { Span, SpanStart, TraceCarrier, TraceContext, Tracer } from '@switchboard/mcp-runtime/types';
import { nowMs } from './clock.ts';
import { Ids } from './ids.ts';
import { type Household, KeptSpan } from './kept-span.ts';
import type { Telemetry } from './settings.ts';

/** A span that is not kept; it represents all spans within it. */
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

/** Whether a trace is kept, by its id alone: every hub that is asked says the same. */
function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 2 ** 32;
}

function contextOf({ traceId, spanId, tracestate }: TraceContext): SpanContext {
  const context = { traceId, spanId, isRemote: true, traceFlags: TraceFlags.SAMPLED };
  return tracestate === null ? context : { ...context, traceState: createTraceState(tracestate) };
}

/** A tracer that decides which traces are kept, and gives those to a processor of the SDK. */
export function createTracer({ share, followsParent }: Telemetry['sampling'], shared: Omit<Household, 'ids'>): Tracer {
  const household: Household = { ...shared, ids: new Ids() };
  const { ids } = household;
  function beginHere(start: SpanStart): Span {
    const traceId = ids.traceId();
    if (isInShare(traceId, share)) {
      return new KeptSpan(household, traceId, start);
    }
    const carrier = { traceparent: `00-${traceId}-${ids.spanId()}-00`, tracestate: null };
    return new UnkeptSpan(carrier, null, start.startedAt ?? nowMs());
  }
  function beginWithin(start: SpanStart, parent: TraceContext): Span {
    const { traceId, spanId, tracestate, isSampled } = parent;
    if (followsParent ? isSampled : isInShare(traceId, share)) {
      return new KeptSpan(household, contextOf(parent), start);
    }
    // A server that continues the trace gets the id of the parent span, which its own sender keeps.
    const carrier = { traceparent: `00-${traceId}-${spanId}-00`, tracestate };
    return new UnkeptSpan(carrier, traceId, start.startedAt ?? nowMs());
  }
  return { begin: (start, parent) => (parent === null ? beginHere(start) : beginWithin(start, parent)) };
}
