import { expect, it } from 'vitest';
import { bucketsOf, isEmpty, lineOf } from './lines.ts';

const from = Date.UTC(2026, 0, 1);
const minute = 60_000;

it('has a place for every bucket, and leaves those empty that have nothing', () => {
  const buckets = bucketsOf({ from, to: from + 4.5 * minute, granularity: '1m' });
  expect(buckets).toHaveLength(5);
  const series = { points: [{ at: from + minute, value: 3, p95: 9 }], summary: null };
  const line = lineOf(buckets, series, { label: 'x', tone: 'first' }, ({ p95 }) => p95);
  expect(line.values).toEqual([null, 9, null, null, null]);
  expect(isEmpty([line])).toBe(false);
  expect(isEmpty([lineOf(buckets, undefined, { label: 'x', tone: 'first' })])).toBe(true);
});
