import { expect, it } from 'vitest';
import { type Batch, lineEnd, WaitingLines } from './lines.ts';

function takeAll(waiting: WaitingLines): Batch[] {
  return Array.from({ length: waiting.batchCount }, () => waiting.take()).filter((batch) => batch !== undefined);
}
function linesOf(waiting: WaitingLines): string[][] {
  return takeAll(waiting).map((batch) => batch.text().split(lineEnd));
}

it('come out as they went in, at most 500 together', () => {
  const waiting = new WaitingLines();
  const lines = Array.from({ length: 1_001 }, (_, n) => `line ${n} äöü 漢字 🎈`);
  for (const line of lines) waiting.add(line);
  expect(waiting.count).toBe(1_001);
  const batches = linesOf(waiting);
  expect(batches.map((batch) => batch.length)).toEqual([500, 500, 1]);
  expect(batches.flat()).toEqual(lines);
  expect([waiting.count, waiting.bytes, linesOf(waiting)]).toEqual([0, 0, []]);
});

it('whatever their length is: where there is no room, another batch begins', () => {
  const waiting = new WaitingLines();
  const lines = ['short', '漢'.repeat(100_000), 'x'.repeat(200_000), '', 'y'.repeat(80_000), 'last'];
  for (const line of lines) waiting.add(line);
  expect(linesOf(waiting).flat()).toEqual(lines);
});

it('go in their turn where there are too many, with what they hold', () => {
  const waiting = new WaitingLines();
  for (let n = 0; n < 501; n += 1) waiting.add(`${n}`);
  const both = waiting.bytes;
  expect(waiting.dropOldest()).toBe(500);
  expect([waiting.count, waiting.bytes]).toEqual([1, both / 2]);
  expect(linesOf(waiting)).toEqual([['500']]);
  expect(waiting.dropOldest()).toBe(0);
});

it('use the room of those that were written again, and leave nothing of them', () => {
  const waiting = new WaitingLines();
  waiting.add('a long line of somebody else');
  const first = waiting.take();
  if (!first) throw new Error('no batch');
  waiting.giveBack(first);
  waiting.add('mine');
  const second = waiting.take();
  expect(second?.room).toBe(first.room);
  expect(second?.text()).toBe('mine');
});

it('go back to where they were when they cannot be written', () => {
  const waiting = new WaitingLines();
  for (let n = 0; n < 501; n += 1) waiting.add(`${n}`);
  const { bytes } = waiting;
  const first = waiting.take();
  if (!first) throw new Error('no batch');
  waiting.putBack(first);
  expect([waiting.count, waiting.bytes, waiting.batchCount]).toEqual([501, bytes, 2]);
  expect(linesOf(waiting).flat()).toEqual(Array.from({ length: 501 }, (_, n) => `${n}`));
});
