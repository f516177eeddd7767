import { expect, it } from 'vitest';
import { callOf, subjectOf } from './log-words.ts';
import type { LogEntry } from './types.ts';

const entry: LogEntry = {
  num: 1,
  kind: 'operation',
  userNum: 1,
  username: 'admin',
  action: 'create_app',
  targetType: 'Application',
  targetId: 7,
  details: { category: 'Ticket', name: 'Jira' },
  address: null,
  createdAt: '2026-01-01T00:00:00.000Z',
};

it('tells what an operation was about', () => {
  expect(subjectOf(entry)).toBe('Ticket/Jira');
  expect(subjectOf({ ...entry, details: { description: 'CI' } })).toBe('CI');
  expect(subjectOf({ ...entry, details: {} })).toBe('Application 7');
  expect(subjectOf({ ...entry, details: {}, targetId: null })).toBe('Application');
  expect(callOf(entry)).toBeNull();
});

it('tells what was called', () => {
  const details = { app: 'Ticket/Jira', tool: 'create', outcome: 'success', faults: ['cut', 5], response: '{}' };
  const call = { ...entry, kind: 'call' as const, details };
  expect(subjectOf(call)).toBe('Ticket/Jira');
  expect(callOf(call)).toMatchObject({ tool: 'create', outcome: 'success', mode: null, faults: ['cut'] });
});
