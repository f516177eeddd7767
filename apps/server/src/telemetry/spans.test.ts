import { emptyResource } from '@opentelemetry/resources';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { describe, expect, test } from 'vitest';
import { createTracer } from './spans.ts';

const parent = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), isSampled: true, tracestate: 'a=1' };
const start = { name: 'asked', kind: 'server' } as const;

function tracingOf(share: number, followsParent = true) {
  const exporter = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor({ exporter });
  const shared = { resource: emptyResource(), scope: { name: 'test' }, processor };
  return { tracer: createTracer({ share, followsParent }, shared), kept: () => exporter.getFinishedSpans() };
}

describe('traces that begin here', () => {
  test('are kept by their share', () => {
    const { tracer } = tracingOf(0.1);
    const spans = Array.from({ length: 20_000 }, () => tracer.begin(start, null));
    const kept = spans.filter(({ isKept }) => isKept).length;
    expect(kept).toBeGreaterThan(1_700);
    expect(kept).toBeLessThan(2_300);
    for (const { isKept, carrier, traceId } of spans) {
      expect(carrier.traceparent).toMatch(
        isKept ? /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/ : /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/,
      );
      expect(traceId === null).toBe(!isKept);
    }
  });

  test('have no id in common', () => {
    const { tracer } = tracingOf(0.5);
    const ids = Array.from({ length: 1_000 }, () => tracer.begin(start, null).carrier.traceparent);
    expect(new Set(ids.map((id) => id.slice(0, 35))).size).toBe(1_000);
  });
});

describe('traces of others', () => {
  test.each([0, 0.5, 1])('are kept as their beginning says, whatever the share of %d', (share) => {
    const { tracer } = tracingOf(share);
    expect(tracer.begin(start, parent).isKept).toBe(true);
    expect(tracer.begin(start, { ...parent, isSampled: false }).isKept).toBe(false);
  });

  test('are kept by the share where the settings say so', () => {
    expect(tracingOf(1, false).tracer.begin(start, { ...parent, isSampled: false }).isKept).toBe(true);
    expect(tracingOf(0, false).tracer.begin(start, parent).isKept).toBe(false);
  });

  test('that are not kept are passed on under the span that asks', () => {
    const span = tracingOf(1).tracer.begin(start, { ...parent, isSampled: false });
    const child = span.begin({ name: 'more', kind: 'client' });
    const carrier = { traceparent: `00-${parent.traceId}-${parent.spanId}-00`, tracestate: 'a=1' };
    expect(child.carrier).toEqual(carrier);
    expect(span.traceId).toBe(parent.traceId);
  });
});

test('spans lie within each other, with bounded names and facts, and a failure', () => {
  const { tracer, kept } = tracingOf(1);
  const outer = tracer.begin({ ...start, name: 'x'.repeat(1_000) }, parent);
  const inner = outer.begin({ name: 'inner', kind: 'client', facts: { a: 1, long: 'x'.repeat(1_000) } });
  inner.say({ b: 'two' }, 'named later');
  inner.end('timeout');
  inner.say({ late: true });
  inner.end('again');
  outer.end();
  expect(kept()).toHaveLength(2);
  const [first, second] = kept();
  expect(first?.name).toBe('named later');
  expect(first?.attributes).toEqual({ a: 1, long: 'x'.repeat(256), b: 'two', 'error.type': 'timeout' });
  expect(first?.status.code).toBe(2);
  expect(first?.parentSpanContext?.spanId).toBe(second?.spanContext().spanId);
  expect(second?.parentSpanContext?.spanId).toBe(parent.spanId);
  expect(second?.name).toHaveLength(200);
  expect(second?.status.code).toBe(0);
  expect(outer.carrier).toEqual({ traceparent: expect.stringContaining('-01'), tracestate: 'a=1' });
});
