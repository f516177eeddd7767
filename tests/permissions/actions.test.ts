import { describe, expect, test } from 'vitest';
import { actions, actionTable, holdersOf } from '@switchboard/core/access';
import { actionsOfLeast, confinedKeys, grantOf, peopleOnly } from './action-rights.ts';

/** The table of rights says what was written down by hand, action by action, and has no action that was not. */

const listed = Object.entries(actionsOfLeast).flatMap(([least, names]) => names.map((name) => [name, least] as const));

test('every action is written down once, and no other', () => {
  expect(listed.map(([name]) => name).toSorted()).toEqual(actions.toSorted());
});

function confinedRule(action: string): string {
  return Object.entries(confinedKeys).find(([, names]) => names.includes(action))?.[0] ?? 'unconfined';
}

describe.each(actions)('%s', (action) => {
  const row = actionTable[action];

  test('takes the role, or the grant, that is written down', () => {
    expect(row.least).toBe(listed.find(([name]) => name === action)?.[1]);
    expect(row.grant ?? null).toBe(grantOf(action));
  });

  test('is open to the keys that are written down', () => {
    expect(row.keys).toBe(peopleOnly.includes(action) ? 'never' : confinedRule(action));
    expect(holdersOf(action).keys).toBe(!peopleOnly.includes(action));
  });
});
