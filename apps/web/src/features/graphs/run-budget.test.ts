import { expect, test } from 'vitest';
import { budgetOf, draftOf, isAmount } from './run-budget.ts';

test('a budget is read as it is written, without what is left empty', () => {
  const draft = draftOf({ tokens: 500, cost: 0.5 });
  expect(draft).toEqual({ tokens: '500', cost: '0.5', steps: '', seconds: '' });
  expect(budgetOf({ ...draft, seconds: ' 60 ' })).toEqual({ tokens: 500, cost: 0.5, seconds: 60 });
  expect(budgetOf(draftOf(null))).toEqual({});
});

test.each([
  ['tokens', '10', true],
  ['tokens', '', true],
  ['tokens', '0', false],
  ['tokens', '1.5', false],
  ['cost', '1.5', true],
  ['cost', '-1', false],
  ['steps', '100001', false],
  ['seconds', 'x', false],
] as const)('%s of “%s”: %s', (kind, text, isRight) => {
  expect(isAmount(kind, text)).toBe(isRight);
});
