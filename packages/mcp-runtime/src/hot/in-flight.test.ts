import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InFlight } from './in-flight.ts';

it('gives what came under an id, keeps the order, and forgets what was taken', () => {
  const calls = new InFlight<string | number, string>();
  for (const id of ['a', 1, 'b', '1']) calls.add(id, `call ${typeof id} ${id}`);
  expect(calls.get(1)).toBe('call number 1');
  expect(calls.get('1')).toBe('call string 1');
  expect(calls.take('b')).toBe('call string b');
  expect(calls.take('b')).toBeUndefined();
  expect(calls.has('b')).toBe(false);
  expect(calls.entries()).toEqual([
    ['a', 'call string a'],
    [1, 'call number 1'],
    ['1', 'call string 1'],
  ]);
  expect(calls.findLast((call) => call.includes('string'))).toBe('call string 1');
});

it('tells the least of all, and gives all at once', () => {
  const calls = new InFlight<number, { due: number }>();
  function due(call: { due: number }): number {
    return call.due;
  }
  expect(calls.least(due)).toBe(Number.POSITIVE_INFINITY);
  const many = Array.from({ length: 200_000 }, (_, n) => ({ due: 200_000 - n }));
  for (const [id, call] of many.entries()) calls.add(id, call);
  expect(calls.least(due)).toBe(1);
  expect(calls.takeAll()).toEqual(many);
  expect([calls.size, calls.takeAll(), calls.has(7)]).toEqual([0, [], false]);
});

it('does what a Map does, whatever comes and goes', () => {
  const step = fc.record({ id: fc.integer({ min: 0, max: 12 }), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const mine = new InFlight<number, object>();
      const map = new Map<number, object>();
      for (const { id, take } of steps) {
        if (take) {
          expect(mine.take(id)).toBe(map.get(id));
          map.delete(id);
        } else if (!mine.has(id)) {
          const value = {};
          mine.add(id, value);
          map.set(id, value);
        }
        expect(mine.entries()).toEqual([...map]);
        expect(mine.size).toBe(map.size);
      }
    }),
  );
});
