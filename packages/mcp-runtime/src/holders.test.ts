import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHolders } from './holders.ts';
import { createLine } from './line.ts';

describe('who holds most', () => {
  test('is first, whatever comes and goes', () => {
    const person = fc.constantFrom('a', 'b', 'c');
    const step = fc.record({ person, adds: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const holders = createHolders();
        const counts = new Map<string, number>();
        for (const { person: who, adds } of steps) {
          const held = counts.get(who) ?? 0;
          if (!adds && held === 0) continue;
          if (adds) holders.add(who);
          else holders.remove(who);
          counts.set(who, held + (adds ? 1 : -1));
        }
        const expected = [...counts.values()].filter((count) => count > 0).toSorted((x, y) => y - x);
        expect([...holders.fromMost()].map((who) => holders.count(who))).toEqual(expected);
      }),
    );
  });
});

describe('a line', () => {
  test('has first what was moved to the end longest ago', () => {
    const line = createLine<string>();
    const [a, b, c] = ['a', 'b', 'c'].map((item) => line.add(item));
    if (!a || !b || !c) throw new Error('No places.');
    line.toEnd(a);
    line.toEnd(a);
    expect([line.first(), line.size()]).toEqual(['b', 3]);
    line.remove(b);
    line.remove(a);
    expect([line.first(), line.size()]).toEqual(['c', 1]);
    line.toEnd(c);
    line.remove(c);
    expect([line.first(), line.size()]).toEqual([undefined, 0]);
  });
});
