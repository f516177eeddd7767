import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { say } from '../reasons.ts';
import { initialState, next, type UpstreamEvent, type UpstreamState } from './state.ts';

const on: UpstreamState = { ...initialState, desired: 'on' };

/** A state in each phase, reached by events alone. */
function run(...events: UpstreamEvent[]): UpstreamState {
  return events.reduce((state, event) => next(state, event).state, initialState);
}
const wanted: UpstreamEvent = { type: 'desired', desired: 'on', restart: false };
const wake: UpstreamEvent = { type: 'wake', at: 10 };
const opened: UpstreamEvent = { type: 'opened', generation: 1 };
const failedEvent: UpstreamEvent = { type: 'failed', generation: 1, error: 'no', needsSignIn: false, retryAt: 99 };
const idle: UpstreamEvent = { type: 'idle' };
const closed: UpstreamEvent = { type: 'closed', generation: 1, at: 20 };
const off: UpstreamEvent = { type: 'desired', desired: 'stopped', restart: false };
const restart: UpstreamEvent = { type: 'desired', desired: 'on', restart: true };
function ended(brief: boolean, generation = 1): UpstreamEvent {
  return {
    type: 'ended',
    generation,
    error: 'died',
    brief,
    retryAt: 50,
  };
}

const asleep = run(wanted);
const starting = run(wanted, wake);
const running = run(wanted, wake, opened);
const failed = run(wanted, wake, failedEvent);
const falling = run(wanted, wake, opened, idle);
const stopping = run(wanted, wake, opened, off);

describe('a wish', () => {
  test('to be on makes a stopped server asleep until it is woken', () => {
    expect(next(initialState, wanted)).toMatchObject({
      state: { phase: 'stopped', asleep: true, desired: 'on' },
      effects: [],
    });
  });

  test.each([
    ['running', running],
    ['starting', starting],
  ])('to be off closes what is %s', (_phase, state) => {
    expect(next(state, off)).toMatchObject({ state: { phase: 'stopping', asleep: false }, effects: ['close'] });
  });

  test('to be off forgets failures', () => {
    expect(next(failed, off).state).toMatchObject({ phase: 'stopped', failures: 0, error: null, nextRetryAt: null });
  });

  test('to be on changes nothing where it is on', () => {
    expect(next(running, wanted)).toEqual({ state: running, effects: [] });
    expect(next(failed, wanted)).toEqual({ state: failed, effects: [] });
  });

  test.each([
    ['running', running],
    ['starting', starting],
  ])('to restart closes what is %s and starts again after that', (_phase, state) => {
    const step = next(state, restart);
    expect(step).toMatchObject({ state: { phase: 'stopping', again: true }, effects: ['close'] });
    expect(next(step.state, closed)).toMatchObject({ state: { phase: 'starting', generation: 2 }, effects: ['open'] });
  });

  test('to be on while it stops starts it when it has stopped', () => {
    expect(next(next(stopping, wanted).state, closed)).toMatchObject({
      state: { phase: 'starting' },
      effects: ['open'],
    });
  });

  test('to be off, on and off again while it stops leaves it stopped', () => {
    const state = [wanted, off].reduce((before, event) => next(before, event).state, stopping);
    expect(next(state, closed)).toMatchObject({ state: { phase: 'stopped', asleep: false }, effects: [] });
  });
});

describe('a wake', () => {
  test.each([
    ['asleep', asleep],
    ['failed', failed],
  ])('starts what is %s', (_phase, state) => {
    const { generation } = state;
    expect(next(state, wake)).toMatchObject({
      state: { phase: 'starting', generation: generation + 1, lastStartAt: 10, nextRetryAt: null, asleep: false },
      effects: ['open'],
    });
  });

  test('of a server that falls asleep starts it when it has stopped', () => {
    expect(next(next(falling, wake).state, closed)).toMatchObject({ state: { phase: 'starting' }, effects: ['open'] });
  });

  test.each([
    ['a stopped', initialState],
    ['a disabled', { ...initialState, desired: 'disabled' as const }],
    ['a stopping', stopping],
    ['a starting', starting],
    ['a running', running],
  ])('leaves %s server as it is', (_what, state) => {
    expect(next(state, wake)).toEqual({ state, effects: [] });
  });
});

describe('an attempt', () => {
  test('that opens runs, without its failures', () => {
    const again = run(wanted, wake, failedEvent, wake);
    expect(next(again, { type: 'opened', generation: 2 }).state).toMatchObject({
      phase: 'running',
      failures: 0,
      error: null,
    });
  });

  test('that fails waits for its next time', () => {
    expect(failed).toMatchObject({ phase: 'error', failures: 1, error: 'no', nextRetryAt: 99 });
  });

  test('that wants a sign-in is not tried again by itself', () => {
    const { state } = next(starting, { ...failedEvent, needsSignIn: true });
    expect(state).toMatchObject({ phase: 'error', needsSignIn: true, nextRetryAt: null });
    const again = next(state, wake).state;
    expect(again, 'which is not known to be over yet').toMatchObject({ phase: 'starting', needsSignIn: true });
    expect(next(again, { type: 'opened', generation: 2 }).state).toMatchObject({ needsSignIn: false });
  });

  test.each([
    ['opened', { type: 'opened', generation: 0 }],
    ['failed', { ...failedEvent, generation: 0 }],
    ['ended', ended(true, 0)],
    ['closed', { ...closed, generation: 0 }],
    ['forgotten', { type: 'forgotten', generation: 0 }],
  ] as [string, UpstreamEvent][])('of an older generation has no say: %s', (_what, event) => {
    for (const state of [starting, running, stopping]) expect(next(state, event)).toEqual({ state, effects: [] });
  });
});

describe('a running server', () => {
  test('that dies soon after its start counts on, that ran long begins anew', () => {
    const soon = [wake, { ...opened, generation: 2 } as UpstreamEvent].reduce((s, e) => next(s, e).state, failed);
    expect(soon).toMatchObject({ phase: 'running', failures: 0, streak: 1 });
    expect(next(soon, ended(true, 2)).state).toMatchObject({ phase: 'error', failures: 1, streak: 2 });
    expect(next(soon, ended(false, 2)).state).toMatchObject({ phase: 'error', failures: 1, streak: 1 });
  });

  test('whose session is forgotten sleeps, unharmed', () => {
    expect(next(running, { type: 'forgotten', generation: 1 })).toMatchObject({
      state: { phase: 'stopped', asleep: true, error: null, failures: 0 },
      effects: [],
    });
  });

  test('that is idle falls asleep', () => {
    expect(next(next(running, idle).state, closed)).toMatchObject({
      state: { phase: 'stopped', asleep: true },
      effects: [],
    });
  });
});

test('an instance is adopted by a server that has none, and by no other', () => {
  const event: UpstreamEvent = { type: 'adopted', at: 5 };
  expect(next(initialState, event).state).toMatchObject({
    phase: 'running',
    desired: 'on',
    generation: 1,
    lastStartAt: 5,
  });
  expect(next(running, event)).toEqual({ state: running, effects: [] });
});

const generation = fc.integer({ min: 0, max: 6 });
const event: fc.Arbitrary<UpstreamEvent> = fc.oneof(
  fc.record({
    type: fc.constant('desired' as const),
    desired: fc.constantFrom('disabled' as const, 'stopped' as const, 'on' as const),
    restart: fc.boolean(),
  }),
  fc.record({ type: fc.constant('wake' as const), at: fc.nat(1000) }),
  fc.record({ type: fc.constant('adopted' as const), at: fc.nat(1000) }),
  fc.record({ type: fc.constant('opened' as const), generation }),
  fc.record({
    type: fc.constant('failed' as const),
    generation,
    error: fc.constant('no'),
    needsSignIn: fc.boolean(),
    retryAt: fc.nat(1000),
  }),
  fc.record({
    type: fc.constant('ended' as const),
    generation,
    error: fc.constant('died'),
    brief: fc.boolean(),
    retryAt: fc.nat(1000),
  }),
  fc.record({ type: fc.constant('forgotten' as const), generation }),
  fc.record({ type: fc.constant('idle' as const) }),
  fc.record({ type: fc.constant('closed' as const), generation, at: fc.nat(1000) }),
);

test('no sequence of events reaches an impossible state', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let state = on;
      for (const one of events) {
        const before = state;
        const { state: after, effects } = next(before, one);
        const active = after.phase === 'running' || after.phase === 'starting';
        expect(active && after.desired !== 'on', 'runs though nobody wants it').toBe(false);
        expect(after.asleep && (active || after.desired !== 'on'), 'asleep and not').toBe(false);
        expect(after.again && after.phase !== 'stopping', 'waits to start, stopping nothing').toBe(false);
        expect(after.nextRetryAt !== null && after.phase !== 'error', 'an attempt outside error').toBe(false);
        const failing = after.phase === 'error' || (after.phase === 'starting' && after.failures > 0);
        expect(after.needsSignIn && !failing, 'a sign-in without a failure').toBe(false);
        expect(after.phase === 'error' && after.error === null, 'an error without a reason').toBe(false);
        expect(effects.includes('open')).toBe(after.generation > before.generation && one.type !== 'adopted');
        expect(effects.includes('close')).toBe(after.phase === 'stopping' && before.phase !== 'stopping');
        expect(after.generation - before.generation === 0 || after.generation - before.generation === 1).toBe(true);
        state = after;
      }
    }),
    { numRuns: 500 },
  );
});

describe('a server that is held back', () => {
  const held = { type: 'held', error: say('heldBack'), failures: 3 } as const;
  const waiting = run(wanted, held);

  test('says why, and is started by no call and no timer', () => {
    expect(waiting).toMatchObject({
      phase: 'error',
      error: say('heldBack'),
      failures: 3,
      asleep: false,
      nextRetryAt: null,
    });
    expect(next(waiting, { type: 'wake', at: 5 })).toEqual({ state: waiting, effects: [] });
    expect(next(waiting, { type: 'desired', desired: 'on', restart: false })).toEqual({ state: waiting, effects: [] });
  });

  test('starts where somebody restarts it, and is held back no more', () => {
    const released = next(waiting, { type: 'desired', desired: 'on', restart: true }).state;
    expect(released).toMatchObject({ phase: 'stopped', held: false, error: null, failures: 0 });
    expect(next(released, { type: 'wake', at: 5 })).toMatchObject({ state: { phase: 'starting' }, effects: ['open'] });
  });

  test('can be stopped and disabled', () => {
    for (const desired of ['stopped', 'disabled'] as const) {
      expect(next(waiting, { type: 'desired', desired, restart: false }).state).toMatchObject({
        phase: 'stopped',
        held: false,
      });
    }
  });

  test('is one that should be on and does not run', () => {
    expect(next(initialState, held).state).toBe(initialState);
    const runs = run(wanted, { type: 'wake', at: 1 }, { type: 'opened', generation: 1 });
    expect(next(runs, held).state).toBe(runs);
  });
});
