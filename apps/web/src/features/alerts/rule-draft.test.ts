import { expect, test } from 'vitest';
import { alertKindFacts, alertKinds } from '@switchboard/core/alerts/schema';
import { draftOf, inputOf, withKind } from './rule-draft.ts';

const begun = draftOf(null);

test('begins with the kind that needs no number', () => {
  expect(begun).toMatchObject({
    kind: 'server-failing',
    severity: 'warning',
    serverId: '',
    threshold: '',
    quiet: false,
  });
  expect(inputOf(begun)).toMatchObject({
    serverId: null,
    threshold: null,
    windowMinutes: 5,
    forMinutes: 0,
    quiet: null,
  });
});

test.each(alertKinds)('takes the usual threshold of %s, and a server only where it is about servers', (kind) => {
  const facts = alertKindFacts[kind];
  const next = withKind({ ...begun, serverId: 'docs', threshold: '99' }, kind);
  expect(next.threshold).toBe(facts.threshold ? String(facts.threshold.usual) : '');
  expect(next.serverId).toBe(facts.ofServers ? 'docs' : '');
  expect(inputOf(next).threshold).toBe(facts.threshold?.usual ?? null);
});

test('sends an empty number as no number, which the hub refuses at its field', () => {
  expect(inputOf({ ...withKind(begun, 'slow-calls'), threshold: '' }).threshold).toBe(0);
  expect(inputOf({ ...begun, windowMinutes: 'x' }).windowMinutes).toBeNaN();
});

test('keeps the quiet hours of a rule, and begins with usual ones', () => {
  expect(begun).toMatchObject({ from: '22:00', until: '07:00' });
  const quiet = { from: '12:00', until: '13:00', timeZone: 'UTC' };
  expect(inputOf({ ...begun, ...quiet, quiet: true }).quiet).toEqual(quiet);
});
