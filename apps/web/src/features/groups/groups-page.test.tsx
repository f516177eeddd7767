// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { openPage } from '../../testing/render-page.tsx';
import { exampleGroup, exampleMe } from '../../testing/things.ts';

const root = exampleGroup({ id: 'all', displayName: 'Everybody', description: 'All of us' });
const data = exampleGroup({ parentGroup: 'all' });
const ml = exampleGroup({ id: 'ml', displayName: 'Models', parentGroup: 'data' });

function open(answers: Answers = {}, search = '', me = exampleMe()) {
  return openPage(`/groups${search}`, {
    me,
    answers: { 'groups.list': { items: [data, root, ml], total: 3 }, ...answers },
  });
}

async function names(): Promise<string[]> {
  const table = await screen.findByRole('table');
  return within(table)
    .getAllByRole('link')
    .map(({ textContent }) => textContent);
}

test('lists groups below their parents', async () => {
  await open();
  expect(await names()).toEqual(['Everybody', 'Data', 'Models']);
});

test.each([
  ['us', ['Everybody']],
  ['ML', ['Models']],
  ['data', ['Data']],
])('searches names, ids and descriptions; what has lost its parent is a root: %s', async (q, expected) => {
  await open({}, `?q=${q}`);
  expect(await names()).toEqual(expected);
});

test('says that nothing fits', async () => {
  const { user, address } = await open({}, '?q=zzz');
  await screen.findByText(/fits|No group/);
  await user.click(screen.getByRole('button', { name: 'Clear' }));
  await expect.poll(names).toHaveLength(3);
  expect(address()).toBe('/groups');
});

test('offers the first group to people who may make one, and tells others whom to ask', async () => {
  const none: Answers = { 'groups.list': { items: [], total: 0 } };
  await open(none, '', exampleMe({ can: { createGroup: false } }));
  await screen.findByText('An admin or a manager can add you to one.');
  expect(screen.queryByRole('searchbox')).toBeNull();
});

test('says why the groups did not come', async () => {
  const { api, user } = await open({ 'groups.list': refuse('internal', 'Something went wrong.') });
  await screen.findByText('Something went wrong.');
  api.answer('groups.list', { items: [data], total: 1 });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await expect.poll(names).toEqual(['Data']);
});

async function openNew(answers: Answers) {
  const page = await open(answers);
  await names();
  await page.user.click(screen.getByRole('button', { name: /group/i }));
  return { ...page, dialog: within(await screen.findByRole('dialog')) };
}

test('makes a group inside another, and goes there', async () => {
  const { api, user, dialog, address } = await openNew({
    'groups.create': exampleGroup({ id: 'ops', displayName: 'Ops' }),
    'groups.get': waiting,
  });
  await user.type(dialog.getByLabelText(/^Name/), ' Ops ');
  await user.selectOptions(dialog.getByLabelText('Inside'), 'all');
  await user.click(dialog.getAllByRole('checkbox', { name: 'Manage' })[0] ?? document.body);
  await user.type(dialog.getByRole('spinbutton'), '5');
  await user.click(dialog.getByRole('switch', { name: 'Members wait for approval' }));
  await user.click(dialog.getByRole('button', { name: 'Create the group' }));
  await expect.poll(address).toBe('/groups/ops');
  expect(api.sent('groups.create')).toEqual([
    {
      name: 'Ops',
      description: '',
      parentGroup: 'all',
      permissions: { servers: ['read', 'execute', 'write'], tools: ['read', 'execute'] },
      settings: { maxMembers: 5, autoAssign: false, requireApproval: true },
    },
  ]);
});

test('shows at its field what was refused', async () => {
  const { user, dialog } = await openNew({
    'groups.create': refuse('conflict', 'Refused.', { fields: { name: 'This name is taken.' } }),
  });
  await user.type(dialog.getByLabelText(/^Name/), 'Data');
  await user.click(dialog.getByRole('button', { name: 'Create the group' }));
  await dialog.findByText('This name is taken.');
  expect(dialog.getByLabelText(/^Name/).getAttribute('aria-invalid')).toBe('true');
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  await user.click(screen.getByRole('button', { name: /group/i }));
  expect(within(await screen.findByRole('dialog')).queryByText('This name is taken.')).toBeNull();
});

test('follows a change of groups that somebody else made', async () => {
  const { api } = await open();
  await names();
  api.answer('groups.list', { items: [root], total: 1 });
  await api.tell('live.events', { type: 'changed', paths: ['groups.list'] });
  await expect.poll(names).toEqual(['Everybody']);
});

test('opens the group that a row is about', async () => {
  const { user, address } = await open({ 'groups.get': waiting });
  await names();
  await user.click(within(screen.getByRole('table')).getByRole('link', { name: 'Models' }));
  await expect.poll(address).toMatch(/^\/groups\/ml/);
});
