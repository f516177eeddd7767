import { expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { createSlices } from './slices.ts';

test('work on many items lets everything else in between, and does each once', async () => {
  const done: number[] = [];
  let turns = 0;
  let counting = true;
  function count(): void {
    turns++;
    if (counting) setImmediate(count);
  }
  const slices = createSlices<number>((item) => {
    done.push(item);
    const until = performance.now() + 3;
    while (performance.now() < until);
  });
  slices.add([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(done).toEqual([]);
  setImmediate(count);
  await until(() => done.length === 10);
  counting = false;
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(turns).toBeGreaterThan(1);
});

test('what is added while it is worked on is worked on again, and does not push others back', async () => {
  const done: string[] = [];
  const slices = createSlices<string>((item) => {
    if (done.length === 0) slices.add(['a', 'b']);
    done.push(item);
  });
  slices.add(['a', 'b', 'c']);
  await until(() => done.length === 4);
  expect(done).toEqual(['a', 'b', 'c', 'a']);
});

test('nothing more is done for what was cleared', async () => {
  const done: string[] = [];
  const slices = createSlices<string>((item) => void done.push(item));
  slices.add(['a']);
  slices.clear();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(done).toEqual([]);
  slices.add(['b']);
  await until(() => done.length === 1);
});
