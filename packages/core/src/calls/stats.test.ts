import { describe, expect, it } from 'vitest';
import { makeRecord } from '../testing.ts';
import { createCallStats } from './stats.ts';

const minute = 60_000;

describe('createCallStats', () => {
  it('counts by server for an hour, and the whole for the last minutes', () => {
    let now = 1_000 * minute;
    const stats = createCallStats(() => now);
    const call = (durationMs: number, more: object = {}) =>
      stats.record(makeRecord({ startedAt: now, durationMs, ...more }));
    call(10);
    call(20, { outcome: 'error' });
    call(30, { outcome: 'tool_error', serverId: 'other' });
    expect(stats.server('files')).toEqual({ count: 2, errors: 1, avgMs: 15, lastAt: now });
    expect(stats.summary()).toMatchObject({ perMinute: 3, avgMs: 20, p50Ms: 20, errorRate: 1 / 3 });
    expect(stats.summary(new Set(['other']))).toEqual({ perMinute: 1, avgMs: 30, p50Ms: 30, errorRate: 0 });
    expect(stats.summary(new Set(['files', 'other']))).toEqual(stats.summary());
    expect(stats.summary(new Set())).toEqual({ perMinute: 0, avgMs: null, p50Ms: null, errorRate: 0 });
    now += 30 * minute;
    expect(stats.server('files')).toMatchObject({ count: 2 });
    expect(stats.summary()).toMatchObject({ perMinute: 0, avgMs: null, errorRate: 0 });
    now += 31 * minute;
    expect(stats.server('files')).toMatchObject({ count: 0, avgMs: null });
    stats.forget('files');
    expect(stats.server('files').lastAt).toBeNull();
  });
});
