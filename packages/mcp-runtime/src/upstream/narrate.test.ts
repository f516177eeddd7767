import { describe, expect, it, test } from 'vitest';
import { createTestRuntime, specOf } from '../testing.ts';
import { narrate } from './narrate.ts';
import { initialState, type UpstreamState } from './state.ts';

const facts = { pid: null, idleMs: 600_000, now: 1_000 };
function state(change: Partial<UpstreamState>): UpstreamState {
  return { ...initialState, desired: 'on', ...change };
}

it.each<[Partial<UpstreamState>, Partial<UpstreamState>, string | null]>([
  [{ phase: 'stopped' }, { phase: 'stopped' }, null],
  [{ phase: 'stopped' }, { phase: 'starting' }, 'Starting'],
  [{ phase: 'error' }, { phase: 'starting', failures: 2 }, 'Starting again, attempt 3'],
  [{ phase: 'starting' }, { phase: 'running' }, 'Running'],
  [{ phase: 'running' }, { phase: 'stopping', again: true }, 'Restarting'],
  [{ phase: 'running' }, { phase: 'stopping', asleep: true }, 'Going to sleep after 10 min without a call'],
  [{ phase: 'running' }, { phase: 'stopping', desired: 'stopped' }, 'Stopping'],
  [{ phase: 'stopping' }, { phase: 'stopped', asleep: true }, 'Asleep until the next call'],
  [{ phase: 'stopping' }, { phase: 'stopped', desired: 'stopped' }, 'Stopped'],
  [{ phase: 'starting' }, { phase: 'error', nextRetryAt: 6_000 }, 'The next attempt is in 5 s'],
  [{ phase: 'starting' }, { phase: 'error', needsSignIn: true }, null],
])('says what happened between %o and %o', (before, after, text) => {
  expect(narrate(state(before), state(after), facts)).toBe(text);
});

it('names the process', () => {
  const text = narrate(state({ phase: 'starting' }), state({ phase: 'running' }), { ...facts, pid: 12 });
  expect(text).toBe('Running as process 12');
});

describe('the log of a quiet server', () => {
  test('tells its life', async () => {
    await using it = createTestRuntime();
    const spec = specOf('s');
    function said(): string[] {
      return it.runtime
        .logs('s')
        .filter(({ source }) => source === 'hub')
        .map(({ message }) => message.replace(/\d+/, 'N'));
    }
    it.runtime.apply([spec]);
    await expect.poll(said).toEqual(['Starting', 'Running as process N']);
    await it.runtime.restart('s', AbortSignal.timeout(5_000));
    await expect.poll(() => said().slice(2)).toEqual(['Restarting', 'Starting', 'Running as process N']);
    await it.runtime.stop('s', { graceMs: 0 });
    expect(said().slice(5)).toEqual(['Stopping', 'Stopped']);
  });
});
