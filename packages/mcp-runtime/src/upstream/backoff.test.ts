import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextDelayMs } from './backoff.ts';

it('doubles from one second to five minutes', () => {
  expect([1, 2, 3, 4].map((failures) => nextDelayMs(failures, 0))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(nextDelayMs(10, 0)).toBe(300_000);
  expect(nextDelayMs(1_000_000, 0)).toBe(300_000);
});

it('takes away at most half, and is never more than the cap', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const delay = nextDelayMs(failures, random);
      expect(delay).toBeGreaterThanOrEqual(nextDelayMs(failures, 0) / 2);
      expect(delay).toBeLessThanOrEqual(nextDelayMs(failures, 0));
      expect(delay).toBeGreaterThanOrEqual(500);
    }),
  );
});
