import { expect, test } from 'vitest';
import { boundOf, inOrder, readAmount, shareOf, toneOf, type Budget } from './budget-draft.ts';

const budget: Budget = {
  id: 'b1',
  userId: 'u1',
  keyId: null,
  keyName: null,
  username: 'ada',
  period: 'day',
  measure: 'tokens',
  most: 100,
  spent: 20,
};

test.each([
  ['1000000', 'tokens', 1_000_000],
  [' 1,000,000 ', 'tokens', 1_000_000],
  ['0', 'tokens', 0],
  ['1.5', 'tokens', null],
  ['1.5', 'money', 1.5],
  ['.25', 'money', 0.25],
  ['10000000000', 'money', 10_000_000_000],
  ['10000000001', 'money', null],
  ['-1', 'money', null],
  ['1e3', 'tokens', null],
  ['', 'tokens', null],
  ['.', 'money', null],
] as const)('“%s” of %s is %s', (text, measure, amount) => {
  expect(readAmount(text, measure)).toBe(amount);
});

test('a bound names the key or the person, never both', () => {
  expect(boundOf(budget, 7)).toEqual({ userId: 'u1', period: 'day', measure: 'tokens', most: 7 });
  const ofKey = { ...budget, userId: null, keyId: 'k1', keyName: 'Laptop' };
  expect(boundOf(ofKey, null)).toEqual({ keyId: 'k1', period: 'day', measure: 'tokens', most: null });
});

test.each([
  [0, 100, 0, 'ok'],
  [79, 100, 0.79, 'ok'],
  [80, 100, 0.8, 'warn'],
  [100, 100, 1, 'bad'],
  [250, 100, 1, 'bad'],
  [0, 0, 1, 'bad'],
] as const)('%i of %i is %d of it, and %s', (spent, most, share, tone) => {
  expect([shareOf({ spent, most }), toneOf({ spent, most })]).toEqual([share, tone]);
});

test('a person comes before its keys, people by their names', () => {
  const list: Budget[] = [
    { ...budget, id: '3', userId: null, keyId: 'k', keyName: 'Laptop' },
    { ...budget, id: '4', username: 'bob' },
    { ...budget, id: '2', period: 'month' },
    { ...budget, id: '1' },
  ];
  expect(inOrder(list).map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
});
