import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { arriving, isLostPart } from './arriving.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function lost() {
  return new TypeError('Failed to fetch dynamically imported module: https://hub/ui/assets/x.js');
}

it('asks for a lost part again, and gives up after a while', async () => {
  let asked = 0;
  const part = arriving(async () => {
    asked += 1;
    if (asked <= 3) throw lost();
    return 'here';
  });
  await vi.runAllTimersAsync();
  expect(await part).toBe('here');
  const never = arriving(() => Promise.reject(lost())).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(await never).toEqual(lost());
});

it.each([
  [lost(), true],
  [new TypeError('error loading dynamically imported module: https://hub/x.js'), true],
  [new TypeError('Importing a module script failed.'), true],
  [new TypeError('x is undefined'), false],
  [new Error('no connection'), false],
])('knows a lost part: %s', (error, expected) => {
  expect(isLostPart(error)).toBe(expected);
});
