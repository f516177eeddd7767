import { expect, test } from 'vitest';
import { fits, numberOf } from './parameters.ts';

test.each([
  ['', undefined],
  ['  ', undefined],
  ['0', 0],
  ['1.5', 1.5],
  ['x', NaN],
])('reads %j as %j', (text, value) => {
  expect(numberOf(text)).toBe(value);
});

test.each([
  ['', false, true],
  ['0', false, true],
  ['2', false, true],
  ['2.01', false, false],
  ['-0.1', false, false],
  ['1.5', false, true],
  ['1.5', true, false],
  ['many', false, false],
])('says of %j from 0 to 2 (whole: %s) that it fits: %s', (text, whole, expected) => {
  expect(fits(text, 0, 2, whole)).toBe(expected);
});
