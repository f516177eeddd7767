import { expect, it } from 'vitest';
import { isCheap, validate } from './validate.ts';

it.each([
  '^[a-z]+$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^[A-Za-z0-9_-]{1,64}$',
  '^(open|closed)$',
  '^https?://',
  '\\.txt$',
  '^\\(\\d+\\)$',
])('tries the pattern %s', (pattern) => {
  expect(isCheap(pattern)).toBe(true);
  const problems = validate({ type: 'string', pattern }, {}, '~');
  expect([...problems.values()]).toEqual([{ code: 'pattern', limit: pattern }]);
});

it.each([
  '^(a+)+$',
  '(a|a)*b',
  '^(a?){40}a{40}$',
  'a?'.repeat(30),
  '(a|aa)'.repeat(20),
  '.*.*.*x',
  '(?=.*a)b',
  '(.)\\1+',
])('leaves the pattern %s to the server', (pattern) => {
  expect(isCheap(pattern)).toBe(false);
  expect(validate({ type: 'string', pattern }, {}, `${'a'.repeat(200)}!`).size).toBe(0);
});

it('tries no pattern on a long value', () => {
  expect(validate({ type: 'string', pattern: '^[a-z]+$' }, {}, '!'.repeat(300)).size).toBe(0);
});
