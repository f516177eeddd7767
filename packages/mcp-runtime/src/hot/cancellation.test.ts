import { describe, expect, it, vi } from 'vitest';
import { Cancellation, toAbortSignal, withDeadline, type CancelSignal } from './cancellation.ts';

describe('Cancellation', () => {
  it('tells its listeners once, in their order, and why', () => {
    const cancellation = new Cancellation();
    const told: unknown[] = [];
    cancellation.addEventListener('abort', () => told.push('first', cancellation.reason));
    cancellation.addEventListener('abort', () => told.push('second'));
    cancellation.abort('why');
    cancellation.abort('again');
    expect(told).toEqual(['first', 'why', 'second']);
    expect(cancellation).toMatchObject({ aborted: true, reason: 'why' });
  });

  it('tells nobody who has left, nor who comes too late', () => {
    const cancellation = new Cancellation();
    const left = vi.fn();
    const late = vi.fn();
    const stays = vi.fn();
    cancellation.addEventListener('abort', left);
    cancellation.addEventListener('abort', stays);
    cancellation.removeEventListener('abort', left);
    cancellation.removeEventListener('abort', late);
    cancellation.abort();
    cancellation.addEventListener('abort', late);
    cancellation.abort();
    expect([left, late, stays].map((listener) => listener.mock.calls.length)).toEqual([0, 0, 1]);
  });

  it('does not tell who was made to leave by one told before', () => {
    const cancellation = new Cancellation();
    const second = vi.fn();
    function first(): void {
      cancellation.removeEventListener('abort', second);
    }
    cancellation.addEventListener('abort', first);
    cancellation.addEventListener('abort', second);
    cancellation.abort();
    expect(second).not.toHaveBeenCalled();
  });
});

describe('toAbortSignal', () => {
  it('gives a signal as it is', () => {
    const { signal } = new AbortController();
    expect(toAbortSignal(signal)).toBe(signal);
  });

  it('follows a cancellation, also one that has happened', () => {
    const cancellation = new Cancellation();
    const before = toAbortSignal(cancellation);
    expect(before.aborted).toBe(false);
    cancellation.abort('why');
    const after = toAbortSignal(cancellation);
    expect([before, after].map(({ aborted, reason }) => [aborted, reason])).toEqual([
      [true, 'why'],
      [true, 'why'],
    ]);
  });
});

describe('withDeadline', () => {
  function untilAborted(signal: CancelSignal): Promise<unknown> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
  }

  it('aborts with the outer signal, and when the time is up', async () => {
    const outer = new Cancellation();
    const work = withDeadline(outer, 60_000, untilAborted);
    outer.abort('why');
    expect(await work).toBe('why');
    expect(await withDeadline(new Cancellation(), 5, untilAborted)).toBeUndefined();
    expect(await withDeadline(new Cancellation(), 5, () => Promise.resolve('done'))).toBe('done');
  });
});
