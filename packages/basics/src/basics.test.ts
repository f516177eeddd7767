import { expect, test } from 'vitest';
import { isObject, setBounded, waitFor } from './index.ts';
import { until } from './testing.ts';

test('an object is neither a list nor null', () => {
  expect([{}, { a: 1 }].every(isObject)).toBe(true);
  expect([[], null, undefined, 'text', 1].some(isObject)).toBe(false);
});

test('a bounded map evicts the entry that was set longest ago', () => {
  const map = new Map<string, number>();
  expect(setBounded(map, 'a', 1, 2)).toBeUndefined();
  expect(setBounded(map, 'b', 2, 2)).toBeUndefined();
  expect(setBounded(map, 'a', 3, 2)).toBeUndefined();
  expect(setBounded(map, 'c', 4, 2)).toEqual(['b', 2]);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

test('waiting ends when the condition holds, or with the time', async () => {
  let asked = 0;
  expect(await waitFor(() => ++asked === 3, { timeoutMs: 5_000, everyMs: 1 })).toBe(true);
  expect(await waitFor(async () => false, { timeoutMs: 5, everyMs: 1 })).toBe(false);
});

test('a test that waits in vain says for what', async () => {
  await until(() => true, 'nothing');
  await expect(until(() => false, 'the server runs', 5)).rejects.toThrow('the server runs: not within 5 ms');
});
