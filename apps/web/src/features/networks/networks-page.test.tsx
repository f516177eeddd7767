// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { exampleEngine, exampleNetwork } from '../../testing/engine-things.ts';
import { nothing, refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';

const backend = exampleNetwork({ subnets: ['10.20.0.0/24'], ownerName: 'grace' });
const bridge = exampleNetwork({ id: 'b41d9ebeefb41d9ebeef', name: 'bridge', builtIn: true });
const vault = exampleNetwork({ id: 'c0ffeec0ffeec0ffee00', name: 'vault', driver: 'macvlan', internal: true });

function open(answers: Answers = {}, search = '') {
  return openPage(`/containers/networks${search}`, {
    answers: { 'engines.list': [exampleEngine()], 'networks.list': [vault, backend, bridge], ...answers },
  });
}

async function names(): Promise<string[]> {
  const table = await screen.findByRole('table', { name: 'Networks' });
  return within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.querySelector('td')?.textContent ?? '');
}

test('lists networks by name, with what is special about each', async () => {
  await open();
  expect(await names()).toEqual(['backendf00d5eedf00d', 'bridgebuilt inb41d9ebeefb4', 'vaultInternalc0ffeec0ffee']);
  expect(screen.getByText('10.20.0.0/24')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Remove bridge' })).toBeNull();
});

test('sorts by what is pressed, and keeps it in the address', async () => {
  const { user, address } = await open();
  await names();
  await user.click(screen.getByRole('button', { name: 'Driver' }));
  expect((await names()).at(-1)).toContain('vault');
  expect(address()).toBe('/containers/networks?sort=driver&order=asc');
  await user.click(screen.getByRole('button', { name: 'Driver' }));
  expect((await names())[0]).toContain('vault');
  expect(screen.getByRole('columnheader', { name: 'Driver' }).getAttribute('aria-sort')).toBe('descending');
});

test.each([
  ['10.20', ['backend']],
  ['MACVLAN', ['vault']],
  ['grace', ['backend']],
  [' bri ', ['backend', 'bridge']],
])('searches names, drivers, subnets and owners: %j', async (typed, expected) => {
  const { user } = await open();
  await names();
  await user.type(screen.getByRole('searchbox', { name: 'Search networks' }), typed);
  const shown = expected.map((name) => expect.stringMatching(`^${name}`) as string);
  await expect.poll(names).toEqual(shown);
});

test('says where nothing fits, and offers to make a network where there is none', async () => {
  const { user, api, queryClient } = await open({}, '?q=nothing');
  await screen.findByText('No network fits this search');
  api.answer('networks.list', []);
  await queryClient.invalidateQueries();
  await screen.findByText('No networks yet');
  const [, below] = screen.getAllByRole('button', { name: 'New network' });
  await user.click(below ?? document.body);
  await findDialog('New network');
});

test('says why the list did not come, and asks again', async () => {
  const { user, api } = await open({ 'networks.list': refuse('internal', 'The engine gave half an answer.') });
  await screen.findByText('The networks could not be loaded');
  expect(screen.getByText('The engine gave half an answer.')).toBeTruthy();
  api.answer('networks.list', [backend]);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await names()).toHaveLength(1);
});

test('leaves the reason to the banner above where the engine is away', async () => {
  const away = {
    phase: 'unreachable',
    since: 0,
    message: 'The engine refused the connection.',
    nextAttemptAt: 0,
  } as const;
  await open({
    'engines.list': [exampleEngine({ state: away })],
    'networks.list': refuse('unavailable', 'The engine is away.'),
  });
  await screen.findByText('The engine refused the connection.');
  expect(screen.getByRole('alert').textContent).toContain('local');
  expect(screen.queryByText('The networks could not be loaded')).toBeNull();
});

test('tells people without the right that containers are not theirs to see', async () => {
  const { exampleMe } = await import('../../testing/things.ts');
  const { api } = await openPage('/containers/networks', { me: exampleMe({ can: { manageContainers: false } }) });
  await screen.findByRole('heading', { name: 'Containers' });
  expect(api.sent('networks.list')).toEqual([]);
});

test('makes a network of what is filled in, without the spaces around it', async () => {
  const { user, api } = await open({ 'networks.create': exampleNetwork({ name: 'edge' }) }, '?engine=local');
  await names();
  await user.click(screen.getByRole('button', { name: 'New network' }));
  const dialog = await findDialog('New network');
  expect(dialog.getByRole('button', { name: 'Create' })).toHaveProperty('disabled', true);
  await user.type(dialog.getByLabelText(/^Name/), ' edge ');
  await user.type(dialog.getByLabelText('Subnet'), '10.1.0.0/16');
  await user.click(dialog.getByRole('switch', { name: /^Internal/ }));
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  await screen.findByText('edge is made');
  expect(api.sent('networks.create')).toEqual([
    { engine: 'local', name: 'edge', internal: true, subnet: '10.1.0.0/16' },
  ]);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(api.sent('networks.list').length).toBeGreaterThan(1);
});

test('sends no subnet where none is given, and waits for the answer', async () => {
  const { user, api } = await open({ 'networks.create': waiting });
  await names();
  await user.click(screen.getByRole('button', { name: 'New network' }));
  const dialog = await findDialog('New network');
  await user.type(dialog.getByLabelText(/^Name/), 'edge');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  expect(api.sent('networks.create')).toEqual([{ name: 'edge', internal: false }]);
  expect(dialog.getByRole('button', { name: 'Create' }).getAttribute('aria-busy')).toBe('true');
});

test('shows beside the field what the hub refused, and forgets it when closed', async () => {
  const refusal = refuse('invalid', 'The network was not made.', {
    fields: { subnet: 'must be a subnet like 10.20.0.0/24' },
  });
  const { user } = await open({ 'networks.create': refusal });
  await names();
  await user.click(screen.getByRole('button', { name: 'New network' }));
  const dialog = await findDialog('New network');
  await user.type(dialog.getByLabelText(/^Name/), 'edge');
  await user.type(dialog.getByLabelText('Subnet'), 'ten');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('The network was not made.');
  const subnet = dialog.getByLabelText('Subnet');
  expect(subnet.getAttribute('aria-invalid')).toBe('true');
  expect(dialog.getByLabelText(/^Name/).getAttribute('aria-invalid')).toBeNull();
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  await user.click(screen.getByRole('button', { name: 'New network' }));
  const again = await findDialog('New network');
  expect(again.queryByRole('alert')).toBeNull();
  expect(again.getByLabelText(/^Name/)).toHaveProperty('value', '');
});

test('removes a network only after the question is answered', async () => {
  const { user, api } = await open({ 'networks.remove': nothing });
  await names();
  await user.click(screen.getByRole('button', { name: 'Remove vault' }));
  const question = await findDialog('Remove vault?', 'alertdialog');
  await user.click(question.getByRole('button', { name: 'Cancel' }));
  expect(api.sent('networks.remove')).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Remove vault' }));
  await user.click((await findDialog('Remove vault?', 'alertdialog')).getByRole('button', { name: 'Remove network' }));
  await screen.findByText('vault is removed');
  expect(api.sent('networks.remove')).toEqual([{ network: vault.id }]);
});

test('says why a network stays', async () => {
  const { user } = await open({ 'networks.remove': refuse('conflict', 'Two containers are on it.') });
  await names();
  await user.click(screen.getByRole('button', { name: 'Remove vault' }));
  await user.click((await findDialog('Remove vault?', 'alertdialog')).getByRole('button', { name: 'Remove network' }));
  await screen.findByText('The network could not be removed');
  expect(screen.getByText('Two containers are on it.')).toBeTruthy();
});

test('cleans up exactly what it showed', async () => {
  const { user, api } = await open({
    'networks.prunePreview': { items: [backend, vault] },
    'networks.prune': { removed: [backend.id, vault.id], failed: [] },
  });
  await names();
  await user.click(screen.getByRole('button', { name: 'Clean up' }));
  const dialog = await findDialog('Clean up');
  await dialog.findByText('macvlan');
  await user.click(dialog.getByRole('button', { name: 'Remove 2' }));
  await screen.findByText('2 are removed');
  expect(api.sent('networks.prune')).toEqual([{ ids: [backend.id, vault.id] }]);
});

test('stays open with the reasons where something could not be cleaned up', async () => {
  const { user } = await open({
    'networks.prunePreview': { items: [vault] },
    'networks.prune': { removed: [], failed: [{ id: vault.id, message: 'vault has active endpoints.' }] },
  });
  await names();
  await user.click(screen.getByRole('button', { name: 'Clean up' }));
  const dialog = await findDialog('Clean up');
  await user.click(await dialog.findByRole('button', { name: 'Remove 1' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('vault has active endpoints.');
});

test('has nothing to press where nothing is unused', async () => {
  const { user } = await open({ 'networks.prunePreview': { items: [] } });
  await names();
  await user.click(screen.getByRole('button', { name: 'Clean up' }));
  const dialog = await findDialog('Clean up');
  await dialog.findByText('There is nothing unused.');
  expect(dialog.getByRole('button', { name: 'Remove 0' })).toHaveProperty('disabled', true);
});
