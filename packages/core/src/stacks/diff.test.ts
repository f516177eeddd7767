import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './diff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((list) => list.join('\n'));

test('both texts are in it, and equal texts have no change', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = diffLines(before, after);
      function side(but: string) {
        return diff.filter(({ type }) => type !== but).map(({ text }) => text);
      }
      expect(side('add').join('\n')).toBe(before);
      expect(side('remove').join('\n')).toBe(after);
      if (before === after) expect(diff.every(({ type }) => type === 'same')).toBe(true);
    }),
  );
});

test('tells the fewest changes, and stays quick where all is new', () => {
  const changed = diffLines('a\nb\nc', 'a\nx\nc').filter(({ type }) => type !== 'same');
  expect(changed).toEqual([
    { type: 'remove', text: 'b' },
    { type: 'add', text: 'x' },
  ]);
  function many(word: string) {
    return Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`).join('\n');
  }
  const startedAt = process.cpuUsage();
  expect(diffLines(many('old'), many('new'))).toHaveLength(40_000);
  expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(5_000);
});
