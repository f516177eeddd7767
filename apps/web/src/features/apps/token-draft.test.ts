import { expect, test } from 'vitest';
import { hasOtherApps, toDraft, toPatch } from './token-draft.ts';
import type { Token } from './types.ts';

const token = {
  description: ' CI ',
  enabled: true,
  seed: null,
  profile: null,
  faults: [],
  apps: ['shop', 'crm'],
} as unknown as Token;

test('shows a token and stores the same again', () => {
  const draft = toDraft(token);
  expect(draft).toMatchObject({ seed: '', apps: ['crm', 'shop'] });
  expect(toPatch(draft)).toEqual({ description: 'CI', enabled: true, seed: null, profile: null, faults: [] });
});

test.each([
  ['', null],
  ['42', '42'],
  [' ', ' '],
])('stores the seed %j as %j', (seed, stored) => {
  expect(toPatch({ ...toDraft(token), seed }).seed).toBe(stored);
});

test.each([
  [['shop', 'crm'], false],
  [['crm', 'shop'], false],
  [['crm'], true],
  [['crm', 'shop', 'wiki'], true],
  [[], true],
])('says of the apps %j that they are others: %s', (apps, others) => {
  expect(hasOtherApps({ ...toDraft(token), apps }, token)).toBe(others);
});

test('never sorts the apps of the token itself', () => {
  toDraft(token);
  expect(token.apps).toEqual(['shop', 'crm']);
});
