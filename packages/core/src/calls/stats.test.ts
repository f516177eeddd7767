import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { makeRecord } from '../testing.ts';
import { callWindows, createCallStats } from './stats.ts';

const minute = 60_000;
const second = 1_000;

describe('createCallStats', () => {
  it('counts five minutes and an hour, the whole and by server', () => {
    let now = 1_000 * minute;
    const stats = createCallStats(() => now);
    function call(durationMs: number, more: object = {}) {
      stats.record(makeRecord({ startedAt: now - durationMs, durationMs, ...more }));
    }
    call(10);
    call(20, { outcome: 'error' });
    call(30, { outcome: 'tool_error', serverId: 'other' });
    call(40, { outcome: 'timeout', serverId: 'other' });
    expect(stats.server('files')).toEqual({ count: 2, errors: 1, toolErrors: 0, avgMs: 15, lastAt: now - 10 });
    expect(stats.figures()).toEqual({
      recent: { count: 4, perMinute: 4 / 5, avgMs: 25, p50Ms: 20, p95Ms: 40 },
      hour: { count: 4, errors: 2, toolErrors: 1, errorRate: 1 / 2, toolErrorRate: 1 / 4 },
    });
    expect(stats.figures(new Set(['other'])).hour).toMatchObject({ count: 2, errors: 1, toolErrors: 1 });
    expect(stats.figures(new Set(['files', 'other', 'unknown']))).toEqual(stats.figures());
    now += 30 * minute;
    expect(stats.figures().recent).toEqual({ count: 0, perMinute: 0, avgMs: null, p50Ms: null, p95Ms: null });
    expect(stats.figures().hour).toMatchObject({ count: 4, errorRate: 1 / 2 });
    now += 31 * minute;
    expect(stats.server('files')).toMatchObject({ count: 0, avgMs: null });
    expect(stats.figures().hour).toEqual({ count: 0, errors: 0, toolErrors: 0, errorRate: 0, toolErrorRate: 0 });
    stats.forget('files');
    expect(stats.server('files').lastAt).toBeNull();
  });

  it('divides a burst by the whole window, not by the minutes that had calls', () => {
    let now = 1_000 * minute;
    const stats = createCallStats(() => now);
    for (let n = 0; n < 1_000; n += 1) stats.record(makeRecord({ startedAt: now, durationMs: 0 }));
    now += 3 * minute;
    expect(stats.figures().recent).toMatchObject({ count: 1_000, perMinute: 200 });
  });

  it('gives percentiles of a busy second by a sample that weighs as much as its calls', () => {
    let now = 1_000 * minute;
    const stats = createCallStats(() => now);
    for (let n = 0; n < 10_000; n += 1) stats.record(makeRecord({ startedAt: now, durationMs: 7 }));
    now += second;
    for (let n = 0; n < 30; n += 1) stats.record(makeRecord({ startedAt: now, durationMs: 500 }));
    expect(stats.figures().recent).toMatchObject({ count: 10_030, p50Ms: 7, p95Ms: 7 });
  });

  it('goes on where the clock was set back, and counts nothing that ended after now', () => {
    let now = 1_000 * minute;
    const stats = createCallStats(() => now);
    stats.record(makeRecord({ startedAt: now, durationMs: 1 }));
    now -= 2 * 60 * minute;
    expect(stats.figures().hour.count).toBe(0);
    stats.record(makeRecord({ startedAt: now + 60 * minute, durationMs: 2 }));
    expect(stats.figures().recent).toMatchObject({ count: 1, p50Ms: 2 });
  });

  it('has calls of before its start put in, and drops those that no window holds', () => {
    const now = 1_000 * minute;
    const stats = createCallStats(() => now);
    const counts = {
      serverId: 'files',
      count: 3,
      toolCalls: 2,
      errors: 1,
      toolErrors: 1,
      totalMs: 60,
      lastAt: now - minute,
    };
    stats.restore([
      { ...counts, window: 'recent', endedAt: now - minute, durations: [10, 20, 30] },
      { ...counts, window: 'hour', endedAt: now - minute, durations: [] },
      { ...counts, window: 'hour', endedAt: now - 61 * minute, durations: [] },
    ]);
    expect(stats.server('files')).toEqual({ count: 3, errors: 1, toolErrors: 1, avgMs: 20, lastAt: now - minute });
    expect(stats.figures().recent).toMatchObject({ count: 3, p50Ms: 20 });
  });
});

interface Raw {
  serverId: string | null;
  outcome: CallRecord['outcome'];
  durationMs: number;
  endedAt: number;
}

const ids = ['a', 'b', 'c'] as const;

/** Steps of time that end just before, on and just after what the windows count by. */
const passing = fc.oneof(
  fc.constantFrom(0, 1, 999, second, 1_001, 9_999, 10_000, 10_001, 299_000, 299_999, 300_000, 300_001),
  fc.constantFrom(3_589_999, 3_590_000, 3_599_999, 3_600_000, 3_600_001),
  fc.nat(20_000),
);
const step = fc.oneof(
  { weight: 2, arbitrary: passing.map((ms) => ({ pass: ms })) },
  {
    weight: 3,
    arbitrary: fc.record({
      serverId: fc.constantFrom(...ids, null),
      outcome: fc.constantFrom('ok', 'tool_error', 'error', 'cancelled', 'timeout') satisfies fc.Arbitrary<
        Raw['outcome']
      >,
      durationMs: fc.oneof(fc.nat(2_000), fc.constantFrom(0, 0.25, 1_800_000)),
    }),
  },
);

/** The figures as they follow from raw records alone, of a window that begins with a whole step. */
function figuresOf(raw: readonly Raw[], now: number) {
  function within({ stepMs, steps }: { stepMs: number; steps: number }) {
    return raw.filter(({ endedAt }) => endedAt >= (Math.floor(now / stepMs) - steps + 1) * stepMs && endedAt <= now);
  }
  function count(calls: readonly Raw[], ...outcomes: string[]) {
    return calls.filter(({ outcome }) => outcomes.includes(outcome)).length;
  }
  const recent = within(callWindows.recent);
  const hour = within(callWindows.hour);
  const sorted = recent.map(({ durationMs }) => durationMs).toSorted((x, y) => x - y);
  function rank(share: number) {
    return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  }
  const total = sorted.reduce((sum, ms) => sum + ms, 0);
  const errors = count(hour, 'error', 'timeout');
  const toolErrors = count(hour, 'tool_error');
  return {
    recent: {
      count: recent.length,
      perMinute: recent.length / 5,
      avgMs: recent.length === 0 ? null : expect.closeTo(total / recent.length, 6),
      p50Ms: rank(0.5),
      p95Ms: rank(0.95),
    },
    hour: {
      count: hour.length,
      errors,
      toolErrors,
      errorRate: hour.length === 0 ? 0 : errors / hour.length,
      toolErrorRate: hour.length === 0 ? 0 : toolErrors / hour.length,
    },
  };
}

it('has the figures of the raw records, whatever was called when', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.array(step, { maxLength: 60 }), (start, steps) => {
      let now = 1_000_000_000 + start;
      const stats = createCallStats(() => now);
      const raw: Raw[] = [];
      for (const each of steps) {
        if ('pass' in each) now += each.pass;
        else {
          stats.record(makeRecord({ ...each, startedAt: now - each.durationMs }));
          raw.push({ ...each, endedAt: now });
        }
        expect(stats.figures()).toEqual(figuresOf(raw, now));
      }
      for (const among of [[], ['a'], ['a', 'b'], ids] as const) {
        const seen = raw.filter(({ serverId }) => among.some((id) => id === serverId));
        expect(stats.figures(new Set(among))).toEqual(figuresOf(seen, now));
      }
      function since(ms: number) {
        return raw.filter(({ endedAt }) => endedAt > now - ms).length;
      }
      const { recent, hour } = stats.figures();
      // As exact as its name: a window misses the beginning of its first step at most.
      expect(recent.count).toBeGreaterThanOrEqual(since(5 * minute - second));
      expect(recent.count).toBeLessThanOrEqual(since(5 * minute));
      expect(hour.count).toBeGreaterThanOrEqual(since(60 * minute - 10 * second));
      expect(hour.count).toBeLessThanOrEqual(since(60 * minute));
      for (const id of ids) {
        const { count, errors, toolErrors } = figuresOf(
          raw.filter(({ serverId }) => serverId === id),
          now,
        ).hour;
        expect(stats.server(id)).toMatchObject({ count, errors, toolErrors });
      }
    }),
    { numRuns: 150 },
  );
});
