import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTryingAgain, serverStateOf, serverStates, describePhase } from './state.ts';

function status(more: object = {}) {
  return { phase: 'running', asleep: false, needsSignIn: false, failures: 0, ...more } as const;
}

const anyStatus = fc.record({
  phase: fc.constantFrom('stopped', 'starting', 'running', 'stopping', 'error'),
  asleep: fc.boolean(),
  needsSignIn: fc.boolean(),
  failures: fc.nat(3),
});
const anyServer = fc.record({ desired: fc.constantFrom('disabled', 'stopped', 'on'), status: anyStatus });

it.each([
  ['on', status(), 'running'],
  ['on', status({ phase: 'stopped', asleep: true }), 'asleep'],
  ['on', status({ phase: 'stopped' }), 'stopped'],
  ['on', status({ phase: 'starting' }), 'starting'],
  ['on', status({ phase: 'starting', failures: 4 }), 'error'],
  ['on', status({ phase: 'error', failures: 4 }), 'error'],
  ['on', status({ phase: 'error', failures: 1, needsSignIn: true }), 'needs-sign-in'],
  ['on', status({ phase: 'starting', failures: 1, needsSignIn: true }), 'needs-sign-in'],
  ['stopped', status({ phase: 'stopping' }), 'stopping'],
  ['stopped', status({ phase: 'stopped' }), 'stopped'],
  ['disabled', status({ phase: 'stopping' }), 'disabled'],
] as const)('a server that is wanted %s and is %j is %s', (desired, is, state) => {
  expect(serverStateOf(desired, is)).toBe(state);
});

it('puts every server into exactly one state, so that the states add up to the servers', () => {
  fc.assert(
    fc.property(fc.array(anyServer, { maxLength: 50 }), (servers) => {
      const states = servers.map(({ desired, status: is }) => serverStateOf(desired, is));
      const counts = serverStates.map((state) => states.filter((each) => each === state).length);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(servers.length);
    }),
  );
});

it('leaves a failing server where it is while it is started again and again', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('disabled', 'on'),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (desired, failures, needsSignIn) => {
        const failed = status({ phase: 'error', failures, needsSignIn });
        const again = status({ phase: 'starting', failures, needsSignIn });
        expect(serverStateOf(desired, again)).toBe(serverStateOf(desired, failed));
        expect([isTryingAgain(again), isTryingAgain(failed)]).toEqual([true, false]);
        expect(describePhase(again)).toBe('error');
      },
    ),
  );
});
