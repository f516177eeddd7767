import { expect, test } from 'vitest';
import { monthAfter, monthAt, monthName } from './month.ts';

test('a moment is in the month that it is in at Greenwich', () => {
  expect(monthAt(Date.parse('2026-11-30T23:59:59.999Z'))).toBe('2026-11');
  expect(monthAt(Date.parse('2026-12-01T01:00:00+02:00'))).toBe('2026-11');
});

test.each([
  ['2026-11', 1, '2026-12'],
  ['2026-12', 1, '2027-01'],
  ['2026-01', -1, '2025-12'],
  ['2026-03', -14, '2025-01'],
])('%s and %i months is %s', (month, months, then) => {
  expect(monthAfter(month, months)).toBe(then);
});

test('a month is named in the language of the page, whatever the time zone', () => {
  expect(monthName('2026-01', 'en')).toBe('January 2026');
  expect(monthName('2026-01', 'zh-CN')).toBe('2026年1月');
});
