import { expect, it } from 'vitest';
import { createReadings, keptReadings } from './readings.ts';

function stats(second: number, received: number) {
  return {
    time: new Date(second * 1000).toISOString(),
    cpuPercent: 12,
    memoryBytes: 1000,
    memoryLimitBytes: 4000,
    networkReceivedBytes: received,
    networkSentBytes: 0,
    blockReadBytes: 0,
    blockWrittenBytes: 0,
    pids: 1,
  };
}

it('turns totals into bytes a second', () => {
  const readings = createReadings();
  readings.add([{ id: 'a', stats: stats(1, 500) }]);
  readings.add([{ id: 'a', stats: stats(3, 2500) }]);
  expect(readings.of('a').map((each) => each.receivedPerSecond)).toEqual([1000]);
});

it('counts from nothing again after a restart', () => {
  const readings = createReadings();
  readings.add([
    { id: 'a', stats: stats(1, 500) },
    { id: 'a', stats: stats(2, 10) },
  ]);
  expect(readings.of('a').at(-1)?.receivedPerSecond).toBe(0);
});

it('keeps the newest, and only of those that are shown', () => {
  const readings = createReadings();
  for (let second = 0; second < keptReadings + 10; second += 1) readings.add([{ id: 'a', stats: stats(second, 0) }]);
  expect(readings.of('a')).toHaveLength(keptReadings);
  readings.keep([]);
  expect(readings.of('a')).toEqual([]);
});
