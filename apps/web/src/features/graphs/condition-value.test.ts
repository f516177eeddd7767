import { expect, test } from 'vitest';
import { typedValue } from './condition-value.ts';

test.each([
  ['1', 1],
  ['-2.50', -2.5],
  ['007', 7],
  ['1e3', '1e3'],
  ['1.', '1.'],
  // More digits than a number holds stay what they are.
  ['1234567890123456', '1234567890123456'],
  ['true', true],
  ['false', false],
  ['True', 'True'],
  ['null', null],
  ['', ''],
  [' 1', ' 1'],
])('reads %j as %j', (text, value) => {
  expect(typedValue(text)).toBe(value);
});
