import { expect, test } from 'vitest';
import { shownIssues } from './issues.ts';

function issue(at: number) {
  return { path: ['args', at], message: 'Expected string', code: 'invalid_type' };
}

test('few issues are shown as they are', () => {
  const issues = [issue(0), issue(1)];
  expect(shownIssues(issues)).toEqual(issues);
});

test('of many issues the first fifty are shown, and the number of the others', () => {
  const issues = Array.from({ length: 1000 }, (_, at) => issue(at));
  const shown = shownIssues(issues);
  expect(shown.slice(0, 50)).toEqual(issues.slice(0, 50));
  expect(shown.slice(50)).toEqual([{ path: [], message: '950 more values are not valid.', code: 'custom' }]);
});

test('long keys and messages are cut', () => {
  const [shown] = shownIssues([{ path: ['k'.repeat(5000)], message: 'm'.repeat(5000), code: 'custom' }]);
  expect(shown?.path).toEqual([`${'k'.repeat(100)}…`]);
  expect(shown?.message).toBe(`${'m'.repeat(500)}…`);
});
