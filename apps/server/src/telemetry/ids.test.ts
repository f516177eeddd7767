import { expect, test } from 'vitest';
import { Ids } from './ids.ts';

test('ids are whole and differ, past the end of the text that they are cut from', () => {
  const ids = new Ids();
  const spans = new Set<string>();
  const traces = new Set<string>();
  for (let i = 0; i < 500; i += 1) {
    traces.add(ids.traceId());
    spans.add(ids.spanId());
    spans.add(ids.spanId());
    spans.add(ids.spanId());
  }
  expect(traces.size).toBe(500);
  expect(spans.size).toBe(1_500);
  for (const id of traces) expect(id).toMatch(/^[0-9a-f]{32}$/);
  for (const id of spans) expect(id).toMatch(/^[0-9a-f]{16}$/);
});
