import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';

test('gives items in order and ends after them', async () => {
  const queue = createQueue<number>({ max: 10, signal: new AbortController().signal });
  queue.push(1);
  queue.push(2);
  queue.end();
  queue.push(3);
  expect(await Array.fromAsync(queue)).toEqual([1, 2]);
});

test('waits for items, and drops the oldest when nobody reads', async () => {
  const queue = createQueue<number>({ max: 2, signal: new AbortController().signal });
  const read = Array.fromAsync(queue);
  await Promise.resolve();
  for (const item of [1, 2, 3]) queue.push(item);
  queue.end();
  expect(await read).toEqual([2, 3]);
});

test('ends with its signal', async () => {
  const abort = new AbortController();
  const queue = createQueue<number>({ max: 2, signal: abort.signal });
  const read = Array.fromAsync(queue);
  abort.abort();
  expect(await read).toEqual([]);
});
