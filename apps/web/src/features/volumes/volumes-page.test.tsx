// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { exampleEngine, exampleVolume } from '../../testing/engine-things.ts';
import { nothing, refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';

const data = exampleVolume({ usedBy: ['c1', 'c2'], project: 'shop' });
const spare = exampleVolume({ name: 'spare', mountpoint: '/mnt/spare', driver: 'nfs' });

function open(answers: Answers = {}, search = '') {
  const engines = [exampleEngine(), exampleEngine({ name: 'far', isDefault: false })];
  return openPage(`/containers/volumes${search}`, {
    answers: { 'engines.list': engines, 'volumes.list': [data, spare], ...answers },
  });
}

async function row(name: string) {
  const found = (await screen.findByText(name)).closest('tr');
  if (!found) throw new Error(`${name} is in no row.`);
  return within(found);
}

test('says of each volume who uses it, and offers to remove what nobody uses', async () => {
  await open();
  const used = await row('pgdata');
  expect(used.getByText('2')).toBeTruthy();
  expect(used.getByText('shop')).toBeTruthy();
  expect(used.getByRole('button', { name: 'pgdata is in use and cannot be removed' })).toHaveProperty('disabled', true);
  const unused = await row('spare');
  expect(unused.getByText('unused')).toBeTruthy();
  expect(unused.getByRole('button', { name: 'Remove spare' })).toHaveProperty('disabled', false);
});

test('sorts by how many use a volume', async () => {
  await open({}, '?sort=used&order=desc');
  await row('pgdata');
  const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
  expect(rows.findIndex((text) => text.startsWith('pgdata'))).toBeLessThan(
    rows.findIndex((text) => text.startsWith('spare')),
  );
});

test('works on the engine that the address names', async () => {
  const { api, user } = await open({ 'volumes.remove': nothing }, '?engine=far');
  await user.click((await row('spare')).getByRole('button', { name: 'Remove spare' }));
  const question = await findDialog('Remove spare?', 'alertdialog');
  expect(question.getByText('The data in it is gone for good.')).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Remove volume' }));
  await screen.findByText('spare is removed');
  expect(api.sent('volumes.list')[0]).toEqual({ engine: 'far' });
  expect(api.sent('volumes.remove')).toEqual([{ engine: 'far', name: 'spare' }]);
});

test('makes a volume without a name, a driver or labels', async () => {
  const { api, user } = await open({ 'volumes.create': exampleVolume({ name: '8f2a' }) });
  await user.click(await screen.findByRole('button', { name: 'New volume' }));
  await user.click((await findDialog('New volume')).getByRole('button', { name: 'Create' }));
  await screen.findByText('8f2a is made');
  expect(api.sent('volumes.create')).toEqual([{ labels: {} }]);
});

test('makes a volume with a driver and labels, and leaves rows without a name out', async () => {
  const { api, user } = await open({ 'volumes.create': waiting });
  await user.click(await screen.findByRole('button', { name: 'New volume' }));
  const dialog = await findDialog('New volume');
  await user.type(dialog.getByLabelText('Name'), ' cache ');
  await user.type(dialog.getByLabelText('Driver'), 'nfs');
  const add = dialog.getByRole('button', { name: /add/i });
  await user.click(add);
  await user.click(add);
  const [label] = dialog.getAllByPlaceholderText('com.example.label');
  await user.type(label ?? document.body, 'tier');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  expect(api.sent('volumes.create')).toEqual([{ name: 'cache', driver: 'nfs', labels: { tier: '' } }]);
});

test('shows what was refused at the driver', async () => {
  const { user } = await open({
    'volumes.create': refuse('forbidden', 'Refused.', { fields: { driver: 'Only local is allowed.' } }),
  });
  await user.click(await screen.findByRole('button', { name: 'New volume' }));
  const dialog = await findDialog('New volume');
  await user.type(dialog.getByLabelText('Driver'), 'ssh');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  await dialog.findByText('Only local is allowed.');
  expect(dialog.getByLabelText('Name').getAttribute('aria-invalid')).toBeNull();
});

test('says before it cleans up what goes, how large each is, and what that frees', async () => {
  const { api, user } = await open({
    'volumes.prunePreview': { items: [{ ...spare, bytes: 2_000_000 }, exampleVolume({ name: 'x' })], bytes: 2_000_000 },
    'volumes.prune': { removed: ['spare'], failed: [] },
  });
  await user.click(await screen.findByRole('button', { name: 'Clean up' }));
  const dialog = await findDialog('Clean up');
  const list = within(await dialog.findByRole('list'));
  expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['spare2 MB', 'x']);
  expect(dialog.getByText('Frees up to 2 MB.')).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Remove 2' }));
  await screen.findByText('1 is removed');
  expect(api.sent('volumes.prune')).toEqual([{ names: ['spare', 'x'] }]);
});

test('says where what is unused could not be looked up, and looks again', async () => {
  const { api, user } = await open({ 'volumes.prunePreview': refuse('timeout', 'The engine did not answer in time.') });
  await user.click(await screen.findByRole('button', { name: 'Clean up' }));
  const dialog = await findDialog('Clean up');
  await dialog.findByText('What is unused could not be looked up');
  expect(dialog.getByRole('button', { name: 'Remove 0' })).toHaveProperty('disabled', true);
  api.answer('volumes.prunePreview', { items: [spare], bytes: 0 });
  await user.click(dialog.getByRole('button', { name: 'Try again' }));
  await dialog.findByRole('button', { name: 'Remove 1' });
});
