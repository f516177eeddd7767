import { expect, it } from 'vitest';
import type { LogLine } from '../../lib/api-types.ts';
import { mergeLines } from './log-lines.ts';

function line(seq: number): LogLine {
  return {
    seq,
    serverId: 'a',
    time: seq,
    level: 'info',
    source: 'stderr',
    message: '',
    instance: null,
  };
}
function seqs(lines: LogLine[]) {
  return lines.map((each) => each.seq);
}

it('appends what is new', () => {
  expect(seqs(mergeLines([line(1)], [line(2), line(3)]))).toEqual([1, 2, 3]);
});

it('shows each line once, in order, whichever way they come', () => {
  expect(seqs(mergeLines([line(3), line(4)], [line(4), line(2), line(1)]))).toEqual([1, 2, 3, 4]);
});

it('keeps the newest two thousand', () => {
  const many = Array.from({ length: 2500 }, (_, index) => line(index));
  expect(seqs(mergeLines([], many)).at(0)).toBe(500);
});
