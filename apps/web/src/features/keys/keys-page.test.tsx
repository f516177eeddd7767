// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, renderPage } from '../../testing/render-page.tsx';
import { exampleServer } from '../../testing/server-things.ts';
import { exampleKey, exampleMe } from '../../testing/things.ts';
import { KeysPage } from './keys-page.tsx';

const laptop = exampleKey();
const robot = exampleKey({
  id: 'k-robot',
  name: 'Robot',
  prefix: 'sbk_9999',
  username: 'grace',
  scopes: ['read'],
  servers: ['docs', 'mail'],
  tools: ['docs/search', 'docs/read', 'mail/send'],
  expiresAt: '2026-01-01T00:00:00.000Z',
});
const reach: Answers = {
  'servers.list': { items: [], total: 0 },
  'groups.list': { items: [], total: 0 },
};

async function open(answers: Answers = {}, me = exampleMe()) {
  const page = await renderPage(<KeysPage />, { me, answers: { 'keys.list': [laptop, robot], ...reach, ...answers } });
  await screen.findByRole('heading', { name: 'API keys' });
  return page;
}

async function row(name: string) {
  const found = (await screen.findByRole('button', { name })).closest('tr');
  if (!found) throw new Error(`${name} is in no row.`);
  return within(found);
}

test('says of each key what it reaches, whose it is, and that it expired', async () => {
  await open();
  expect((await row('Laptop')).getByText('Full access of its owner')).toBeTruthy();
  const bound = await row('Robot');
  expect(bound.getByText('read')).toBeTruthy();
  // Two servers and three tools: four places, and how many more.
  expect(bound.getByText('+1')).toBeTruthy();
  expect(bound.queryByText('mail/send')).toBeNull();
  expect(bound.getByText('Expired')).toBeTruthy();
  expect(bound.getByText(/grace/)).toBeTruthy();
});

test('hides owners from people who see their own keys only', async () => {
  await open({}, exampleMe({ can: { listUsers: false } }));
  expect((await row('Robot')).queryByText(/grace/)).toBeNull();
});

test.each([
  ['sbk_9', ['Robot']],
  ['ADA', ['Laptop']],
  ['nobody', []],
])('searches names, beginnings and owners: %s', async (typed, expected) => {
  const { user } = await open();
  await row('Robot');
  await user.type(screen.getByRole('searchbox', { name: 'Search keys' }), typed);
  const shown = ['Laptop', 'Robot'].filter((name) => screen.queryByRole('button', { name }) !== null);
  expect(shown).toEqual(expected);
});

test('offers the first key where there is none, and no search', async () => {
  const { user } = await open({ 'keys.list': [] });
  await screen.findByText('No keys yet');
  expect(screen.queryByRole('searchbox')).toBeNull();
  await user.click(screen.getAllByRole('button', { name: 'Create key' }).at(-1) ?? document.body);
  await findDialog('Create key');
});

test('says why the keys did not come', async () => {
  await open({ 'keys.list': refuse('forbidden', 'You may not see keys.') });
  await screen.findByText('The keys could not be loaded');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});

test('makes a key for ever, and shows it once with a snippet that has it', async () => {
  const { api, user } = await open({ 'keys.create': { ...laptop, key: 'sbk_4f3a_secret' } });
  await user.click(screen.getByRole('button', { name: 'Create key' }));
  const dialog = await findDialog('Create key');
  await user.type(dialog.getByLabelText(/^Name/), 'Laptop');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  await screen.findByText('sbk_4f3a_secret');
  expect(api.sent('keys.create')).toEqual([
    {
      name: 'Laptop',
      scopes: ['*'],
      endpoints: null,
      groups: null,
      servers: null,
      tools: null,
      resources: null,
      callsPerMinute: null,
    },
  ]);
  expect(screen.getByText(/claude mcp add/).textContent).toContain('sbk_4f3a_secret');
  await user.click(screen.getByRole('button', { name: 'Done' }));
  expect(screen.queryByText('sbk_4f3a_secret')).toBeNull();
});

test('makes a key that ends and is counted', async () => {
  const { api, user } = await open({ 'keys.create': waiting });
  const before = Date.now();
  await user.click(screen.getByRole('button', { name: 'Create key' }));
  const dialog = await findDialog('Create key');
  await user.type(dialog.getByLabelText(/^Name/), 'CI');
  await user.selectOptions(dialog.getByLabelText('Expires'), '30 days');
  await user.type(dialog.getByLabelText('Calls a minute'), '60');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  const [sent] = api.sent('keys.create');
  expect(sent?.callsPerMinute).toBe(60);
  const days = (Date.parse(String(sent?.expiresAt)) - before) / 86_400_000;
  expect(days).toBeCloseTo(30, 2);
});

test('binds a key to the servers that are chosen', async () => {
  function server(id: string, name: string) {
    return exampleServer({ id, name });
  }
  const { api, user } = await open({
    'keys.create': waiting,
    'servers.list': { items: [server('docs', 'Docs'), server('mail', 'Mail')], total: 2 },
  });
  await user.click(screen.getByRole('button', { name: 'Create key' }));
  const dialog = await findDialog('Create key');
  await user.type(dialog.getByLabelText(/^Name/), 'Docs only');
  const servers = within(dialog.getByRole('radiogroup', { name: 'Servers' }));
  await user.click(servers.getByRole('radio', { name: 'Only these' }));
  await user.click(await dialog.findByRole('checkbox', { name: /^Docs/ }));
  await user.click(dialog.getByRole('checkbox', { name: /^Execute/ }));
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  expect(api.sent('keys.create')[0]).toMatchObject({ servers: ['docs'], scopes: ['read', 'manage'] });
});

test('shows what was refused at the name, else above the buttons', async () => {
  const taken = refuse('conflict', 'Refused.', { fields: { name: 'You have a key of this name.' } });
  const { api, user } = await open({ 'keys.create': taken });
  await user.click(screen.getByRole('button', { name: 'Create key' }));
  const dialog = await findDialog('Create key');
  await user.type(dialog.getByLabelText(/^Name/), 'Laptop');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  await dialog.findByText('You have a key of this name.');
  expect(dialog.queryByRole('alert')).toBeNull();
  api.answer('keys.create', refuse('limit_exceeded', 'You have 20 keys; revoke one first.'));
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('You have 20 keys; revoke one first.');
});

test('changes a key, and leaves its end as it is', async () => {
  const { api, user } = await open({ 'keys.update': laptop, 'servers.items': waiting, 'keys.nameable': [] });
  await user.click(await screen.findByRole('button', { name: 'Robot' }));
  const dialog = await findDialog('Robot');
  expect(dialog.getByLabelText('Expires')).toHaveProperty('value', 'keep');
  await user.clear(dialog.getByLabelText(/^Name/));
  await user.type(dialog.getByLabelText(/^Name/), 'Robot 2');
  await user.click(dialog.getByRole('button', { name: 'Save changes' }));
  await screen.findByText('Saved');
  const [sent] = api.sent('keys.update');
  expect(sent).toMatchObject({ id: 'k-robot', name: 'Robot 2', scopes: ['read'], servers: ['docs', 'mail'] });
  expect(sent).not.toHaveProperty('expiresAt');
});

test('revokes a key only after the question, which says what it means', async () => {
  const { api, user } = await open({ 'keys.revoke': { id: 'k-robot' } });
  await user.click(await screen.findByRole('button', { name: 'Revoke Robot' }));
  const question = await findDialog('Revoke Robot?', 'alertdialog');
  expect(question.getByText(/sbk_9999… is refused from now on/)).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Cancel' }));
  expect(api.sent('keys.revoke')).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Revoke Robot' }));
  await user.click((await findDialog('Revoke Robot?', 'alertdialog')).getByRole('button', { name: 'Revoke' }));
  await screen.findByText('The key is revoked');
  expect(api.sent('keys.revoke')).toEqual([{ id: 'k-robot' }]);
});

test('says that a key still works', async () => {
  const { user } = await open({ 'keys.revoke': refuse('not_found', 'There is no such key.') });
  await user.click(await screen.findByRole('button', { name: 'Revoke Robot' }));
  await user.click((await findDialog('Revoke Robot?', 'alertdialog')).getByRole('button', { name: 'Revoke' }));
  await screen.findByText('The key was not revoked');
  expect(screen.getByText('There is no such key.')).toBeTruthy();
});
