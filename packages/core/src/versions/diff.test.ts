import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, diffTexts } from './diff.ts';

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

test('shows a change with three lines around it and counts the rest', () => {
  const before = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  const after = before.map((line, index) => (index === 10 || index === 25 ? `${line}!` : line));
  const { lines: shown, ...counts } = diffTexts(before.join('\n'), after.join('\n'));
  expect(counts).toEqual({ added: 2, removed: 2, isCut: false });
  const change = 'same same same remove add same same same';
  const told = shown.map((line) => (line.type === 'skip' ? line.count : line.type)).join(' ');
  expect(told).toBe(`7 ${change} 8 ${change} 1`);
  expect(diffTexts('a\nb', 'a\nb')).toEqual({ lines: [], added: 0, removed: 0, isCut: false });
});

test('leaves nothing out that it does not count, and is cut where it is long', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const shown = diffTexts(before, after);
      const length = shown.lines.reduce((sum, line) => sum + (line.type === 'skip' ? line.count : 1), 0);
      if (before !== after) expect(length).toBe(diffLines(before, after).length);
      expect(shown.lines.filter(({ type }) => type === 'add')).toHaveLength(shown.added);
    }),
  );
  const many = Array.from({ length: 10_000 }, (_, index) => String(index)).join('\n');
  const cut = diffTexts(many, many.replaceAll('\n', '!\n'));
  expect(cut).toMatchObject({ isCut: true, added: 9_999, removed: 9_999 });
  expect(cut.lines.length).toBeLessThan(2_010);
});
