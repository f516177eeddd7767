// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';
import { exampleServer } from '../../testing/server-things.ts';
import { exampleMe } from '../../testing/things.ts';

const docs = exampleServer({ tags: ['Search'] });
const mail = exampleServer({
  id: 'mail',
  name: 'Mail',
  status: { phase: 'error', error: 'The command "mailer" was not found.', failures: 3, toolCount: 0 },
});
const cloud = exampleServer({
  id: 'cloud',
  name: 'Cloud',
  kind: 'streamable-http',
  url: 'https://mcp.example.com/',
  command: null,
  status: { phase: 'stopped', needsSignIn: true, toolCount: 12 },
});
const old = exampleServer({ id: 'old', name: 'Old', desired: 'disabled', status: { phase: 'stopped' } });

const listed = [docs, mail, cloud, old];

function open(answers: Answers = {}, search = '', me = exampleMe()) {
  return openPage(`/servers${search}`, {
    me,
    answers: {
      'servers.list': { items: listed, total: listed.length },
      'monitoring.trends': { since: 0, stepSeconds: 3600, servers: {} } as never,
      ...answers,
    },
  });
}

async function names(): Promise<string[]> {
  const table = await screen.findByRole('table', { name: 'Servers' });
  return within(table)
    .getAllByRole('link')
    .map(({ textContent }) => textContent);
}

test('lists servers by name with the state of each, and why one fails', async () => {
  await open();
  expect(await names()).toEqual(['Cloud', 'Docs', 'Mail', 'Old']);
  const states = ['Needs sign-in', 'Running', 'Failing', 'Disabled'];
  for (const state of states) expect(screen.getAllByText(state).some((found) => found.closest('td'))).toBe(true);
  expect(screen.getByText('The command "mailer" was not found.')).toBeTruthy();
  expect(screen.getByText('4 of 4 servers')).toBeTruthy();
});

test.each([
  ['?q=SEARCH', ['Docs']],
  ['?q=example.com%20cloud', ['Cloud']],
  ['?state=problems', ['Cloud', 'Mail']],
  ['?state=disabled', ['Old']],
  ['?kind=streamable-http', ['Cloud']],
  ['?state=running&kind=stdio', ['Docs']],
  ['?sort=tools&order=desc', ['Cloud', 'Docs', 'Old', 'Mail']],
  ['?state=nonsense', ['Cloud', 'Docs', 'Mail', 'Old']],
])('takes its filters from the address: %s', async (search, expected) => {
  await open({}, search);
  expect(await names()).toEqual(expected);
});

test('keeps filters in the address, and takes all away at once', async () => {
  const { user, address } = await open();
  await names();
  await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'With problems');
  await expect.poll(names).toEqual(['Cloud', 'Mail']);
  await user.type(screen.getByRole('searchbox', { name: 'Search servers' }), 'nothing');
  await screen.findByText('No server fits these filters');
  expect(address()).toBe('/servers?state=problems&q=nothing');
  expect(screen.getByText('0 of 4 servers')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Clear the filters' }));
  await expect.poll(names).toHaveLength(4);
});

test('follows the live stream: a state without asking, a change by asking again', async () => {
  const { api } = await open();
  await names();
  const asked = api.sent('servers.list').length;
  await api.tell('live.events', {
    type: 'server.status',
    status: { ...mail.status, phase: 'starting', failures: 0, error: null },
  });
  await screen.findByText('Starting', { selector: 'td *' });
  expect(api.sent('servers.list')).toHaveLength(asked);
  api.answer('servers.list', { items: [docs], total: 1 });
  await api.tell('live.events', { type: 'changed', paths: ['servers.list'] });
  await expect.poll(names).toEqual(['Docs']);
});

test('says in the singular that there is one', async () => {
  await open({ 'servers.list': { items: [docs], total: 1 } });
  await screen.findByText('1 of 1 server');
});

test('keeps what it has where the list fails later', async () => {
  const { api, queryClient, user } = await open();
  await names();
  api.answer('servers.list', refuse('internal', 'Something went wrong (request 7).'));
  await queryClient.invalidateQueries();
  await screen.findByText('Something went wrong (request 7).');
  expect(await names()).toHaveLength(4);
  api.answer('servers.list', { items: [docs], total: 1 });
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await expect.poll(() => screen.queryByText('Something went wrong (request 7).')).toBeNull();
});

test('offers two ways in where there is no server yet', async () => {
  const { api, user, address } = await open({
    'servers.list': { items: [], total: 0 },
    'servers.addDemo': exampleServer({ id: 'demo', name: 'Demo' }),
    'servers.get': waiting,
  });
  await user.click(await screen.findByRole('button', { name: /^Start the demo server/ }));
  await expect.poll(address).toBe('/servers/demo');
  expect(api.sent('servers.addDemo')).toHaveLength(1);
});

test.each([
  ['without the right to run programs', { runProcess: false }, 'link'],
  ['without the right to add servers', { createServer: false }, null],
])('offers less %s', async (_name, can, offered) => {
  await open({ 'servers.list': { items: [], total: 0 } }, '', exampleMe({ can }));
  const main = within(await screen.findByRole('main'));
  await main.findByRole('heading', { name: 'Servers' });
  await expect.poll(() => main.queryAllByRole('button')).toHaveLength(0);
  expect(main.queryAllByRole('link').length > 0).toBe(offered === 'link');
});

async function openMenu(name: string, answers: Answers = {}, can: Parameters<typeof exampleServer>[0] = {}) {
  const items = listed.map((server) => (server.name === name ? exampleServer({ ...server, ...can }) : server));
  const page = await open({ 'servers.list': { items, total: items.length }, ...answers });
  await page.user.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
  const menu = within(await screen.findByRole('menu'));
  return { ...page, menu, entries: menu.getAllByRole('menuitem').map(({ textContent }) => textContent) };
}

test('offers for a server that is on to stop it, for one that is off to start it', async () => {
  const { entries } = await openMenu('Docs');
  expect(entries).toEqual(['Try', 'Connect', 'Simulate it', 'Settings', 'Restart', 'Stop', 'Disable', 'Delete server']);
});

test('offers what is left for a server that is disabled', async () => {
  const { entries } = await openMenu('Old');
  expect(entries).toEqual(['Try', 'Connect', 'Simulate it', 'Settings', 'Start', 'Delete server']);
});

test('offers people who only see a server nothing that changes it', async () => {
  const can = { use: false, configure: false, operate: false, remove: false };
  const { entries } = await openMenu('Docs', {}, { can });
  expect(entries).toEqual(['Connect', 'Simulate it']);
});

test('restarts a server and tells why it could not', async () => {
  const { api, user, menu } = await openMenu('Docs', {
    'servers.restart': refuse('precondition', 'Its container engine is away.'),
  });
  await user.click(menu.getByRole('menuitem', { name: 'Restart' }));
  await screen.findByText('Its container engine is away.');
  expect(api.sent('servers.restart')).toEqual([{ id: 'docs' }]);
});

test('disables a server without touching its other settings', async () => {
  const { api, user, menu } = await openMenu('Docs', { 'servers.update': docs });
  await user.click(menu.getByRole('menuitem', { name: 'Disable' }));
  await expect.poll(() => api.sent('servers.update')).toEqual([{ id: 'docs', patch: { desired: 'disabled' } }]);
});

test('deletes a server only when asked again', async () => {
  const { api, user, menu } = await openMenu('Docs', { 'servers.remove': { id: 'docs' } });
  await user.click(menu.getByRole('menuitem', { name: 'Delete server' }));
  const question = await findDialog('Delete Docs?', 'alertdialog');
  expect(question.getByText(/The server docs stops/)).toBeTruthy();
  expect(api.sent('servers.remove')).toEqual([]);
  await user.click(question.getByRole('button', { name: 'Delete it' }));
  await expect.poll(() => api.sent('servers.remove')).toEqual([{ id: 'docs' }]);
  await screen.findByText('Docs is deleted');
});
