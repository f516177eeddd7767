import { describe, expect, it } from 'vitest';
import { bytes, clockTime, duration, percent, relativeTime } from './format.ts';

describe('relativeTime', () => {
  const now = Date.UTC(2026, 0, 1);

  it.each([
    [-1000, 'now'],
    [-42_000, '42s ago'],
    [12_000, 'in 12s'],
    [-3 * 60_000, '3m ago'],
    [-26 * 3_600_000, 'yesterday'],
  ])('tells %d ms as "%s"', (offset, text) => {
    expect(relativeTime(now + offset, now, 'en')).toBe(text);
  });

  it('speaks Chinese', () => {
    expect(relativeTime(now - 180_000, now, 'zh-CN')).toBe('3分钟前');
  });
});

describe('duration', () => {
  it.each([
    [0.4, '0.4 ms'],
    [12.6, '13 ms'],
    [1432, '1.4 sec'],
    [61_000, '1 min 1 sec'],
    [3_600_000, '1 hr'],
    [90_061_000, '1 day 1 hr'],
  ])('tells %d ms as "%s"', (ms, text) => {
    expect(duration(ms, 'en')).toBe(text);
  });
});

it('gives bytes and shares their units', () => {
  expect(bytes(512, 'en')).toBe('512 byte');
  expect(bytes(1_530_000, 'en')).toBe('1.5 MB');
  expect(percent(0.034, 'en')).toBe('3.4%');
});

it('writes a clock time with milliseconds', () => {
  expect(clockTime(new Date(2026, 0, 1, 3, 4, 5, 6).getTime())).toBe('03:04:05.006');
});
