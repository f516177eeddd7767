import { expect, it } from 'vitest';
import { toDraft, toPatch } from './settings-draft.ts';
import type { App } from './types.ts';

const app: App = {
  id: 'a1',
  num: 1,
  category: 'Ticket',
  name: 'Jira',
  displayName: 'Jira',
  description: 'Issues',
  aiNotes: '',
  enabled: true,
  actions: [],
  initialState: { issues: [] },
  seed: null,
  profile: null,
  faults: [],
  visibility: 'private',
  createdBy: null,
  ownerName: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  serverId: null,
  pairs: 0,
  can: { use: true, configure: true },
};

it('says what the form has, and nothing of actions and faults', () => {
  const { category, name, displayName, description, aiNotes, enabled, visibility, initialState, seed } = app;
  const same = { category, name, displayName, description, aiNotes, enabled, visibility, initialState, seed };
  expect(toPatch(toDraft(app))).toEqual(same);
});

it('reads the state, and an empty seed as none', () => {
  const patch = toPatch({ ...toDraft(app), seed: '', initialState: '{"a": 1}', name: ' Jira2 ' });
  expect(patch).toMatchObject({ seed: null, initialState: { a: 1 }, name: 'Jira2' });
});
