import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createClaims } from './claims.ts';

const made: string[] = [];
function makeDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'claims-'));
  made.push(directory);
  return directory;
}
afterEach(() => made.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })));

test('a uid belongs to one hub at a time, until it gives it back or its data is gone', () => {
  const [directory, first, second] = [makeDirectory(), makeDirectory(), makeDirectory()];
  const one = createClaims(directory, first);
  const two = createClaims(directory, second);
  expect(one.claim(61_200)).toBe(true);
  expect(one.claim(61_200)).toBe(true);
  expect(two.claim(61_200)).toBe(false);
  expect(two.claim(61_201)).toBe(true);
  expect([one.mine(), two.mine()]).toEqual([[61_200], [61_201]]);
  two.giveBack(61_200);
  expect(two.claim(61_200)).toBe(false);
  one.giveBack(61_200);
  expect(two.claim(61_200)).toBe(true);
  rmSync(second, { recursive: true });
  expect(one.claim(61_200)).toBe(true);
  expect(two.claim(61_200)).toBe(false);
  expect(readdirSync(directory).toSorted()).toEqual(['61200', '61201']);
});
