import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.ts';

let begun = 0;
beforeEach(() => {
  vi.useFakeTimers();
  begun = performance.now();
});
afterEach(() => void vi.useRealTimers());

it('rings when the earliest is due, then for the next, and sleeps where nothing waits', async () => {
  const due = [300, 100, 200, 200].map((ms) => begun + ms);
  const rung: number[] = [];
  let looks = 0;
  const alarm = new Alarm((now) => {
    looks += 1;
    while (due.length > 0 && Math.min(...due) <= now) rung.push(...due.splice(due.indexOf(Math.min(...due)), 1));
    return Math.min(...due);
  });
  for (const at of due) alarm.by(at);
  await vi.advanceTimersByTimeAsync(99);
  expect(rung).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(rung).toEqual([begun + 100]);
  await vi.advanceTimersByTimeAsync(200);
  expect(rung).toEqual([100, 200, 200, 300].map((ms) => begun + ms));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(3);
});

it('looks again where it is too early, and at once where it is late', async () => {
  const rings: number[] = [];
  const alarm = new Alarm((now) => {
    rings.push(now - begun);
    return now - begun < 500 ? begun + 500 : Number.POSITIVE_INFINITY;
  });
  alarm.by(begun - 100);
  alarm.by(begun + 1_000);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(rings).toEqual([0, 500]);
});

it('does not ring once it is stopped, until it is set again', async () => {
  const ring = vi.fn((_now: number) => Number.POSITIVE_INFINITY);
  const alarm = new Alarm(ring);
  alarm.by(begun + 100);
  alarm.stop();
  await vi.advanceTimersByTimeAsync(150);
  expect(ring).not.toHaveBeenCalled();
  alarm.by(begun + 200);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ring.mock.calls).toEqual([[begun + 200]]);
});

it.each([-3_600_000, 3_600_000])('does not heed a clock that is set by %i ms', async (step) => {
  const rings: number[] = [];
  const alarm = new Alarm((now) => {
    rings.push(now - begun);
    return rings.length === 1 ? begun + 200 : Number.POSITIVE_INFINITY;
  });
  alarm.by(begun + 100);
  vi.setSystemTime(Date.now() + step);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(rings).toEqual([100, 200]);
});

it('waits as long as a timer can where that is not enough, and then on', async () => {
  const rings: number[] = [];
  const alarm = new Alarm((now) => {
    rings.push(now - begun);
    return rings.length === 1 ? begun + 2 ** 31 + 1_000 : Number.POSITIVE_INFINITY;
  });
  alarm.by(begun + 2 ** 31 + 1_000);
  await vi.advanceTimersByTimeAsync(2 ** 31 - 2);
  expect(rings).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(rings).toEqual([2 ** 31 - 1, 2 ** 31 + 1_000]);
});
