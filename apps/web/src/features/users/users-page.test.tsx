// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';
import { exampleMe, exampleUser } from '../../testing/things.ts';

const ada = exampleUser();
const grace = exampleUser({
  id: 'u-grace',
  username: 'grace',
  fullName: 'Grace Hopper',
  email: null,
  role: 'user',
  mfaEnabled: true,
  groups: ['A', 'B', 'C', 'D'].map((name) => ({ id: name, displayName: name, role: 'member', status: 'active' })),
});
const newcomer = exampleUser({ id: 'u-new', username: 'newcomer', role: 'viewer', disabled: true, approved: false });

function open(answers: Answers = {}, search = '', me = exampleMe()) {
  return openPage(`/users${search}`, {
    me,
    answers: {
      'users.list': { items: [ada, grace, newcomer], total: 3 },
      'groups.list': { items: [], total: 0 },
      ...answers,
    },
  });
}

async function row(name: string) {
  const found = (await screen.findByRole('link', { name })).closest('tr');
  if (!found) throw new Error(`${name} is in no row.`);
  return within(found);
}

async function menuOf(name: string, answers: Answers = {}) {
  const page = await open(answers);
  await page.user.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
  const menu = within(await screen.findByRole('menu'));
  return { ...page, menu, entries: menu.getAllByRole('menuitem').map(({ textContent }) => textContent) };
}

test('lists accounts with what matters of each', async () => {
  await open();
  expect((await row('ada')).getByText('Ada Lovelace · ada@example.com')).toBeTruthy();
  const second = await row('grace');
  expect(second.getByText('Grace Hopper')).toBeTruthy();
  expect(second.getByText('+1')).toBeTruthy();
  expect(second.queryByText('D')).toBeNull();
});

test.each([
  ['', { page: 1, sort: 'username', order: 'asc' }],
  ['?q=gra&role=user', { search: 'gra', role: ['user'] }],
  ['?state=waiting', { approved: false }],
  ['?state=disabled&page=2', { enabled: false, page: 2 }],
  ['?role=nonsense', { page: 1 }],
])('asks the hub for what the address says: %s', async (search, expected) => {
  const { api } = await open({}, search);
  await row('ada');
  expect(api.sent('users.list')[0]).toMatchObject(expected);
  expect(api.sent('users.list')[0]).not.toMatchObject({ role: ['nonsense'] });
});

test('turns pages, and goes back to the first where a filter changes', async () => {
  const { api, user, address } = await open({ 'users.list': { items: [ada], total: 120 } });
  await screen.findByText('Page 1 of 3');
  expect(screen.getByRole('button', { name: 'Previous' })).toHaveProperty('disabled', true);
  await user.click(screen.getByRole('button', { name: 'Next' }));
  await screen.findByText('Page 2 of 3');
  await expect.poll(() => api.sent('users.list').at(-1)).toMatchObject({ page: 2 });
  await user.selectOptions(screen.getByRole('combobox', { name: 'Role' }), 'Viewer');
  await expect.poll(address).toBe('/users?role=viewer');
});

test('sorts on the hub, which knows all pages', async () => {
  const { api, user } = await open();
  await row('ada');
  await user.click(screen.getByRole('button', { name: 'Last sign-in' }));
  await expect.poll(() => api.sent('users.list').at(-1)).toMatchObject({ sort: 'lastLoginAt' });
  expect(screen.queryByRole('button', { name: 'Groups' })).toBeNull();
});

test('offers new accounts to nobody who only finds people', async () => {
  await open({}, '', exampleMe({ can: { listUsers: false } }));
  await screen.findByRole('heading', { level: 1 });
  expect(screen.queryByRole('button', { name: 'Add a user' })).toBeNull();
});

test('offers for one’s own account neither to disable nor to delete it', async () => {
  const { entries } = await menuOf('ada');
  expect(entries.some((entry) => /disable|delete/i.test(entry))).toBe(false);
});

test('offers for others what their state allows', async () => {
  const { api, user, menu, entries } = await menuOf('newcomer', {
    'users.approve': newcomer,
    'users.update': newcomer,
  });
  expect(entries).toContain('Approve');
  expect(entries).not.toContain('Disable');
  await user.click(menu.getByRole('menuitem', { name: 'Approve' }));
  await screen.findByText('The account is approved');
  expect(api.sent('users.approve')).toEqual([{ id: 'u-new' }]);
});

test('makes an account, and shows the password that the hub made once', async () => {
  const { api, user } = await open({ 'users.create': { ...grace, generatedPassword: 'w8-x9-y0' } });
  await row('ada');
  await user.click(screen.getByRole('button', { name: 'Add a user' }));
  const dialog = await findDialog('Add a user');
  await user.type(dialog.getByLabelText(/^Username/), 'grace');
  await user.selectOptions(dialog.getByLabelText('Role'), 'Viewer');
  await user.click(dialog.getByRole('checkbox', { name: 'Run programs as servers' }));
  await user.click(dialog.getByRole('button', { name: 'Create the user' }));
  await screen.findByText('w8-x9-y0');
  expect(api.sent('users.create')).toEqual([
    {
      username: 'grace',
      email: null,
      fullName: null,
      role: 'viewer',
      grants: ['server.run-process'],
      groups: [],
    },
  ]);
  await user.click(screen.getByRole('button', { name: 'Done' }));
  expect(screen.queryByText('w8-x9-y0')).toBeNull();
});

test('shows an admin as somebody who has every power, which cannot be taken away there', async () => {
  const { user } = await open();
  await row('ada');
  await user.click(screen.getByRole('button', { name: 'Add a user' }));
  const dialog = await findDialog('Add a user');
  await user.selectOptions(dialog.getByLabelText('Role'), 'Admin');
  const power = dialog.getByRole('checkbox', { name: 'Manage containers' });
  expect(power).toHaveProperty('checked', true);
  expect(power).toHaveProperty('disabled', true);
});

test('shows at its field what was refused', async () => {
  const { user } = await open({
    'users.create': refuse('conflict', 'Refused.', { fields: { username: 'This name is taken.' } }),
  });
  await row('ada');
  await user.click(screen.getByRole('button', { name: 'Add a user' }));
  const dialog = await findDialog('Add a user');
  await user.type(dialog.getByLabelText(/^Username/), 'ada');
  await user.click(dialog.getByRole('button', { name: 'Create the user' }));
  await dialog.findByText('This name is taken.');
  expect(dialog.getByLabelText(/^Username/).getAttribute('aria-invalid')).toBe('true');
});

const list = 'anna, Anna Berg, anna@example.com\nbo@example.com\nada';

test('makes accounts of a list one after the other, and says who was refused and why', async () => {
  const { api, user } = await open({
    'users.create': (input) =>
      input.username === 'ada'
        ? refuse('conflict', 'This name is taken.')
        : { ...exampleUser({ username: input.username }), generatedPassword: `first-${input.username}` },
  });
  await row('ada');
  await user.click(screen.getByRole('button', { name: 'Bulk add' }));
  const dialog = within(await screen.findByRole('dialog'));
  const area = dialog.getByRole('textbox');
  await user.click(area);
  await user.paste(list);
  await user.click(dialog.getByRole('button', { name: /3/ }));
  await dialog.findByText(/This name is taken/);
  expect(api.sent('users.create').map(({ username, email }) => [username, email])).toEqual([
    ['anna', 'anna@example.com'],
    ['bo', 'bo@example.com'],
    ['ada', null],
  ]);
  expect(dialog.getByRole('alert').textContent).toContain('ada');
});

test('stops where it is told to: the account that is being made is the last', async () => {
  const { api, user } = await open({ 'users.create': waiting });
  await row('ada');
  await user.click(screen.getByRole('button', { name: 'Bulk add' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.click(dialog.getByRole('textbox'));
  await user.paste(list);
  await user.click(dialog.getByRole('button', { name: /3/ }));
  await expect.poll(() => api.sent('users.create')).toHaveLength(1);
  await user.click(dialog.getByRole('button', { name: 'Stop' }));
  expect(api.sent('users.create')).toHaveLength(1);
});
