import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
afterEach(() => void vi.useRealTimers());

const clock = (): number => Date.now();

it('rings when the earliest is due, then for the next, and sleeps where nothing waits', async () => {
  const due = [1_300, 1_100, 1_200, 1_200];
  const rung: number[] = [];
  const alarm = new Alarm(clock, (now) => {
    while (due.length > 0 && Math.min(...due) <= now) rung.push(...due.splice(due.indexOf(Math.min(...due)), 1));
    return Math.min(...due);
  });
  for (const at of due) alarm.by(at);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(99);
  expect(rung).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(rung).toEqual([1_100]);
  await vi.advanceTimersByTimeAsync(200);
  expect(rung).toEqual([1_100, 1_200, 1_200, 1_300]);
  expect(vi.getTimerCount()).toBe(0);
});

it('looks again where it is too early', async () => {
  const rings: number[] = [];
  const alarm = new Alarm(clock, (now) => {
    rings.push(now);
    return now < 1_500 ? 1_500 : Number.POSITIVE_INFINITY;
  });
  alarm.by(900);
  alarm.by(2_000);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(rings).toEqual([1_000, 1_500]);
});

it('does not ring once it is stopped, until it is set again', async () => {
  const ring = vi.fn(() => Number.POSITIVE_INFINITY);
  const alarm = new Alarm(clock, ring);
  alarm.by(1_100);
  alarm.stop();
  expect(vi.getTimerCount()).toBe(0);
  alarm.by(1_200);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ring.mock.calls).toEqual([[1_200]]);
});
