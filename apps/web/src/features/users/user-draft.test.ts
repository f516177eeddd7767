import { expect, test } from 'vitest';
import { exampleUser } from '../../testing/things.ts';
import { emptyDraft, toCreate, toDraft, toPatch } from './user-draft.ts';

test('leaves the password out where the hub makes it, and with it that it has to be changed', () => {
  expect(toCreate({ ...emptyDraft, username: ' ada ' })).toEqual({
    username: 'ada',
    email: null,
    fullName: null,
    role: 'user',
    grants: [],
    groups: [],
  });
});

test('sends a password as it is, spaces too', () => {
  const made = toCreate({ ...emptyDraft, username: 'ada', password: ' a b ', mustChangePassword: false });
  expect(made).toMatchObject({ password: ' a b ', mustChangePassword: false });
});

test('shows an account and changes nothing of it by itself', () => {
  const user = exampleUser({
    grants: ['server.publish'],
    groups: [{ id: 'g-1', displayName: 'Data', role: 'manager', status: 'active' }],
    email: null,
  });
  const draft = toDraft(user);
  expect(draft).toMatchObject({ email: '', groups: ['g-1'], password: '' });
  expect(toPatch(draft)).toEqual({
    username: 'ada',
    email: null,
    fullName: 'Ada Lovelace',
    role: 'admin',
    grants: ['server.publish'],
    groups: ['g-1'],
    mustChangePassword: false,
  });
});

test.each([
  ['', false],
  ['new', true],
])('sends a new password only where one is typed: %j', (password, isSent) => {
  expect('password' in toPatch({ ...toDraft(exampleUser()), password })).toBe(isSent);
});

test('takes copies, so that a draft never changes what is stored', () => {
  const user = exampleUser({ grants: ['server.publish'] });
  toDraft(user).grants.push('model.create');
  expect(user.grants).toEqual(['server.publish']);
});
