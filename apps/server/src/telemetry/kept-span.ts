import {
  type Attributes,
  type HrTime,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Span, SpanFacts, SpanStart, TraceCarrier } from '@switchboard/mcp-runtime/types';
import { nowMs } from './clock.ts';
import type { Ids } from './ids.ts';

/** The common parts of all spans of a hub. */
export interface Household {
  ids: Ids;
  resource: Resource;
  scope: InstrumentationScope;
  /** Hears of each span that ended. */
  processor: Pick<SpanProcessor, 'onEnd'>;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;
const longestName = 200;
const longestFact = 256;
const wentWell: SpanStatus = { code: SpanStatusCode.UNSET };
const failed: SpanStatus = { code: SpanStatusCode.ERROR };

function toTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)];
}

function bounded(facts: SpanFacts): SpanFacts {
  let short = facts;
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'string' && value.length > longestFact)
      short = { ...short, [name]: value.slice(0, longestFact) };
  }
  return short;
}

/**
 * A span that is kept, in the shape in which the SDK sends it. The SDK's own is several times as large; spans wait for
 * seconds until they are sent, and the garbage collector moves what waits.
 */
export class KeptSpan implements Span, ReadableSpan {
  /** Absent where the trace begins with it. */
  readonly parentSpanContext?: SpanContext;
  readonly startedAt: number;
  readonly kind: SpanKind;
  name: string;
  private readonly household: Household;
  private readonly context: SpanContext;
  private facts: SpanFacts | null;
  private endedAt = 0;
  private failure: string | null = null;

  /** `parent`: the surrounding span, or the id of the trace that starts with it. */
  constructor(household: Household, parent: SpanContext | string, start: SpanStart) {
    const { name, kind, facts = null, startedAt = nowMs() } = start;
    const spanId = household.ids.spanId();
    this.household = household;
    if (typeof parent === 'string') {
      this.context = { traceId: parent, spanId, traceFlags: TraceFlags.SAMPLED };
    } else {
      const { traceId, traceFlags, traceState } = parent;
      this.context = { traceId, spanId, traceFlags, ...(traceState && { traceState }) };
      this.parentSpanContext = parent;
    }
    this.name = name;
    this.kind = kinds[kind];
    this.facts = facts;
    this.startedAt = startedAt;
  }

  get isKept(): boolean {
    return true;
  }

  get traceId(): string {
    return this.context.traceId;
  }

  get carrier(): TraceCarrier {
    const { traceId, spanId, traceState } = this.context;
    return { traceparent: `00-${traceId}-${spanId}-01`, tracestate: traceState?.serialize() ?? null };
  }

  begin(start: SpanStart): Span {
    return new KeptSpan(this.household, this.context, start);
  }

  say(facts: SpanFacts, name?: string): void {
    if (this.ended) return;
    this.facts = this.facts === null ? facts : { ...this.facts, ...facts };
    if (name !== undefined) this.name = name;
  }

  end(failure: string | null = null): void {
    if (this.ended) return;
    if (failure !== null) this.say({ 'error.type': failure });
    if (this.facts !== null) this.facts = bounded(this.facts);
    if (this.name.length > longestName) this.name = this.name.slice(0, longestName);
    this.failure = failure;
    this.endedAt = Math.max(nowMs(), this.startedAt);
    this.household.processor.onEnd(this);
  }

  get ended(): boolean {
    return this.endedAt > 0;
  }

  spanContext(): SpanContext {
    return this.context;
  }

  get attributes(): Attributes {
    return this.facts ?? {};
  }

  get status(): SpanStatus {
    return this.failure === null ? wentWell : failed;
  }

  get startTime(): HrTime {
    return toTime(this.startedAt);
  }

  get endTime(): HrTime {
    return toTime(this.endedAt);
  }

  get duration(): HrTime {
    return toTime(this.ended ? this.endedAt - this.startedAt : 0);
  }

  get resource(): Resource {
    return this.household.resource;
  }

  get instrumentationScope(): InstrumentationScope {
    return this.household.scope;
  }

  get events(): [] {
    return [];
  }

  get links(): [] {
    return [];
  }

  get droppedAttributesCount(): number {
    return 0;
  }

  get droppedEventsCount(): number {
    return 0;
  }

  get droppedLinksCount(): number {
    return 0;
  }
}
