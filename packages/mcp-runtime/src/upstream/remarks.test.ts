import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { boundRemarks } from './remarks.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('the hub says 50 things at once about a connection, 5 a second after that, and how many more there were', () => {
  const told: string[] = [];
  const remark = boundRemarks((_, text) => told.push(text), Date.now);
  for (let i = 0; i < 1_000; i += 1) remark('warn', `fault ${i}`);
  expect(told).toHaveLength(50);
  vi.advanceTimersByTime(1_000);
  expect(told.slice(50)).toEqual(['950 more remarks of the hub on this connection came too fast and were dropped.']);
  for (let i = 0; i < 1_000; i += 1) remark('warn', `fault ${i}`);
  expect(told).toHaveLength(56);
});
