import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { rangeOf, timeSearch } from './time-range.ts';

const now = new Date(2026, 10, 29, 2, 15).getTime();
function local(day: number, hour = 0, minute = 0) {
  return new Date(2026, 10, day, hour, minute).toISOString();
}

afterEach(() => vi.unstubAllEnvs());

describe('rangeOf', () => {
  it('leaves the time open where nothing is chosen', () => {
    expect(rangeOf({}, now)).toEqual({});
    expect(rangeOf({ from: '2026-11-28T09:30' }, now)).toEqual({});
  });

  it('goes back from now', () => {
    expect(rangeOf({ span: '1h' }, now)).toEqual({ since: local(29, 1, 15) });
    expect(rangeOf({ span: '30d' }, now)).toEqual({ since: new Date(now - 30 * 86_400_000).toISOString() });
  });

  it('takes the whole day before as yesterday', () => {
    expect(rangeOf({ span: 'yesterday' }, now)).toEqual({ since: local(28), until: local(29) });
    const first = new Date(2027, 0, 1, 0, 0).getTime();
    expect(rangeOf({ span: 'yesterday' }, first).since).toBe(new Date(2026, 11, 31).toISOString());
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Pacific/Auckland'])('knows days of 23 and 25 hours in %s', (zone) => {
    vi.stubEnv('TZ', zone);
    const hours = Array.from({ length: 365 }, (_, day) => {
      const { since = '', until = '' } = rangeOf({ span: 'yesterday' }, new Date(2026, 0, 1 + day, 12).getTime());
      return (Date.parse(until) - Date.parse(since)) / 3_600_000;
    });
    expect(new Set(hours)).toEqual(new Set([23, 24, 25]));
  });

  it('takes own moments, one or both, and no nonsense', () => {
    function own(from?: string, to?: string) {
      return rangeOf({ span: 'own', from, to }, now);
    }
    expect(own('2026-11-28T09:30', '2026-11-28T10:00')).toEqual({ since: local(28, 9, 30), until: local(28, 10) });
    expect(own('2026-11-28T09:30')).toEqual({ since: local(28, 9, 30) });
    expect(own()).toEqual({});
    expect(own('2026-13-41T99:99')).toEqual({});
  });
});

it('an address keeps what it understands', () => {
  const Search = z.object(timeSearch(['1h', 'own']));
  expect(Search.parse({ span: 'own', from: '2026-11-28T09:30', to: 'later' })).toEqual({
    span: 'own',
    from: '2026-11-28T09:30',
  });
  expect(Search.parse({ span: '30d' })).toEqual({});
});
