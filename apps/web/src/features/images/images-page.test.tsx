// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { exampleEngine, exampleImage, exampleRun } from '../../testing/engine-things.ts';
import { nothing, refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';

const nginx = exampleImage({ tags: ['nginx:1.29', 'web:latest'], containers: 2 });
const nameless = exampleImage({ id: 'sha256:fedcba9876543210fedc', tags: [], bytes: 1_000, containers: -1 });

function open(answers: Answers = {}, search = '') {
  return openPage(`/containers/images${search}`, {
    answers: { 'engines.list': [exampleEngine()], 'images.list': [nginx, nameless], ...answers },
  });
}

async function menuOf(name: string, answers: Answers = {}) {
  const page = await open(answers);
  await page.user.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
  return { ...page, menu: within(await screen.findByRole('menu')) };
}

test('lists images with all their names, their size and how many containers they have', async () => {
  await open();
  const rows = within(await screen.findByRole('table', { name: 'Images' }))
    .getAllByRole('row')
    .slice(1);
  const [first, second] = rows.map((row) =>
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  );
  // An engine that did not count says -1.
  expect(first?.slice(0, 3)).toEqual(['Without a namefedcba987654', '1 kB', '0']);
  expect(second?.slice(0, 3)).toEqual(['nginx:1.29web:latest0123456789ab', '50 MB', '2']);
});

test.each([
  ['WEB', 1],
  ['fedcba', 1],
  ['nothing', 0],
])('searches names and ids: %s', async (q, found) => {
  await open({}, `?q=${q}`);
  if (found === 0) await screen.findByText('No image fits this search');
  else expect(await screen.findAllByRole('button', { name: /^Actions for/ })).toHaveLength(found);
});

test('begins a container and a server with the image', async () => {
  const { user, menu, address } = await menuOf('nginx:1.29', { 'networks.list': waiting, 'volumes.list': waiting });
  await user.click(menu.getByRole('menuitem', { name: 'Create a container' }));
  await expect.poll(address).toMatch(/^\/containers\/new\?image=nginx/);
});

test('gives an image one name more', async () => {
  const { api, user, menu } = await menuOf('nginx:1.29', {
    'images.tag': { image: 'nginx:1.29', as: 'shop/web:2' } as never,
  });
  await user.click(menu.getByRole('menuitem', { name: 'Add a name' }));
  const dialog = await findDialog('Add a name');
  expect(dialog.getByRole('button', { name: 'Add' })).toHaveProperty('disabled', true);
  await user.type(dialog.getByLabelText('Name'), ' shop/web:2 {Enter}');
  await screen.findByText(/^It is .*shop\/web:2 ?, too$/);
  expect(api.sent('images.tag')).toEqual([{ image: 'nginx:1.29', as: 'shop/web:2' }]);
});

test('says at the field why a name was refused, and begins anew next time', async () => {
  const { user, menu } = await menuOf('nginx:1.29', { 'images.tag': refuse('invalid', 'No reference.') });
  await user.click(menu.getByRole('menuitem', { name: 'Add a name' }));
  const dialog = await findDialog('Add a name');
  await user.type(dialog.getByLabelText('Name'), 'A B{Enter}');
  await dialog.findByText('No reference.');
  await user.click(dialog.getByRole('button', { name: 'Cancel' }));
  await user.click(screen.getByRole('button', { name: 'Actions for nginx:1.29' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Add a name' }));
  const again = await findDialog('Add a name');
  expect(again.queryByText('No reference.')).toBeNull();
  expect(again.getByLabelText('Name')).toHaveProperty('value', '');
});

test('warns before it removes an image that containers are made of', async () => {
  const { api, user, menu } = await menuOf('nginx:1.29', { 'images.remove': refuse('conflict', 'In use by web-1.') });
  await user.click(menu.getByRole('menuitem', { name: 'Remove' }));
  const question = await findDialog('Remove nginx:1.29?', 'alertdialog');
  expect(question.getByText(/^2 containers are made of it/)).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Remove image' }));
  await screen.findByText('In use by web-1.');
  expect(api.sent('images.remove')).toEqual([{ image: 'nginx:1.29', force: false }]);
});

test('removes an image without a name by its id', async () => {
  const { api, user, menu } = await menuOf('fedcba987654', { 'images.remove': { deleted: [], untagged: [] } as never });
  await user.click(menu.getByRole('menuitem', { name: 'Remove' }));
  const question = await findDialog('Remove fedcba987654?', 'alertdialog');
  expect(question.getByText('It can be pulled or built again.')).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Remove image' }));
  await screen.findByText('fedcba987654 is removed');
  expect(api.sent('images.remove')[0]?.image).toBe(nameless.id);
});

test('pulls an image with a sign-in, and shows its layers as they come', async () => {
  const { api, user } = await open({ 'images.pull': exampleRun(), 'engines.run': [] });
  await user.click(await screen.findByRole('button', { name: 'Pull an image' }));
  const dialog = await findDialog('Pull an image');
  await user.type(dialog.getByLabelText('Image'), 'nginx:1.29');
  await user.click(dialog.getByText('Sign in to the registry'));
  await user.type(dialog.getByLabelText('Username'), 'ada');
  await user.type(dialog.getByLabelText('Password'), 'secret');
  await user.click(dialog.getByRole('button', { name: 'Pull' }));
  const output = within(await dialog.findByRole('region', { name: 'nginx:1.29' }));
  expect(api.sent('images.pull')).toEqual([{ image: 'nginx:1.29', login: { username: 'ada', password: 'secret' } }]);
  const progress = { layer: 'a1b2', status: 'Downloading', current: 500, total: 1_000, layersDone: 0, layers: 1 };
  await api.tell('engines.run', { type: 'progress', seq: 1, progress });
  await output.findByText(/Downloading 500 byte \/ 1 kB/);
  expect(dialog.getByRole('button', { name: 'Pull' }).getAttribute('aria-busy')).toBe('true');
  const read = api.sent('images.list').length;
  await api.tell('engines.run', {
    type: 'end',
    run: exampleRun({ outcome: 'ok', endedAt: '2026-11-30T10:00:09.000Z' }),
  });
  await expect.poll(() => output.getByRole('status').textContent).not.toMatch(/going|running/i);
  await expect.poll(() => api.sent('images.list').length).toBeGreaterThan(read);
});

test('says why a pull failed, and gives it up on demand', async () => {
  const { api, user } = await open({
    'images.pull': exampleRun(),
    'engines.run': [],
    'engines.cancelRun': nothing as never,
  });
  await user.click(await screen.findByRole('button', { name: 'Pull an image' }));
  const dialog = await findDialog('Pull an image');
  await user.type(dialog.getByLabelText('Image'), 'nginx:nope{Enter}');
  await user.click(dialog.getByRole('button', { name: 'Pull' }));
  const output = within(await dialog.findByRole('region', { name: 'nginx:1.29' }));
  await user.click(output.getByRole('button'));
  expect(api.sent('engines.cancelRun')).toEqual([{ runId: 'run-1' }]);
  await api.tell('engines.run', { type: 'end', run: exampleRun({ outcome: 'failed', message: 'manifest unknown' }) });
  expect((await output.findByRole('alert')).textContent).toBe('manifest unknown');
  expect(output.queryByRole('button')).toBeNull();
});

test('shows at its field that no such image is allowed', async () => {
  const { user } = await open({
    'images.pull': refuse('invalid', 'Refused.', { fields: { image: 'Is no reference.' } }),
  });
  await user.click(await screen.findByRole('button', { name: 'Pull an image' }));
  const dialog = await findDialog('Pull an image');
  await user.type(dialog.getByLabelText('Image'), ':::');
  await user.click(dialog.getByRole('button', { name: 'Pull' }));
  await dialog.findByText('Is no reference.');
});

test('builds from a Dockerfile that is typed', async () => {
  const { api, user } = await open({ 'images.build': waiting });
  await user.click(await screen.findByRole('button', { name: 'Build an image' }));
  const dialog = await findDialog('Build an image');
  await user.type(dialog.getByLabelText('Name'), 'shop/web:1');
  await user.click(dialog.getByRole('radio', { name: 'Dockerfile' }));
  expect(dialog.queryByLabelText('Dockerfile in it')).toBeNull();
  expect(dialog.getByRole('button', { name: 'Build' })).toHaveProperty('disabled', true);
  await user.type(dialog.getByRole('textbox', { name: 'Dockerfile' }), 'FROM scratch');
  await user.click(dialog.getByRole('switch', { name: 'Build everything anew' }));
  await user.click(dialog.getByRole('button', { name: 'Build' }));
  await expect
    .poll(() => api.sent('images.build'))
    .toEqual([
      {
        tag: 'shop/web:1',
        context: { kind: 'files', files: [{ path: 'Dockerfile', text: 'FROM scratch' }] },
        noCache: true,
      },
    ]);
});

test('builds from a folder, with a Dockerfile of another name', async () => {
  const { api, user } = await open({ 'images.build': refuse('forbidden', 'This folder is not yours.') });
  await user.click(await screen.findByRole('button', { name: 'Build an image' }));
  const dialog = await findDialog('Build an image');
  await user.type(dialog.getByLabelText('Name'), 'x');
  await user.click(dialog.getByRole('radio', { name: 'Folder' }));
  await user.type(dialog.getByLabelText('Folder'), ' /srv/app ');
  await user.type(dialog.getByLabelText('Dockerfile in it'), 'prod.Dockerfile');
  await user.click(dialog.getByRole('button', { name: 'Build' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('This folder is not yours.');
  expect(api.sent('images.build')[0]).toMatchObject({
    context: { kind: 'folder', path: '/srv/app' },
    dockerfile: 'prod.Dockerfile',
    noCache: false,
  });
});

test('uploads an archive as it is, and none that is too large', async () => {
  const { api, user } = await open({ 'images.build': waiting });
  await user.click(await screen.findByRole('button', { name: 'Build an image' }));
  const dialog = await findDialog('Build an image');
  await user.type(dialog.getByLabelText('Name'), 'x');
  const pick = document.querySelector<HTMLInputElement>('input[type=file]');
  if (!pick) throw new Error('There is nothing to pick a file with.');
  const large = new File(['x'], 'large.tar');
  Object.defineProperty(large, 'size', { value: 10 ** 10 });
  await user.upload(pick, large);
  expect((await dialog.findByRole('alert')).textContent).toContain('Build from a folder');
  expect(dialog.getByRole('button', { name: 'Build' })).toHaveProperty('disabled', true);
  await user.upload(pick, new File(['abc'], 'app.tar'));
  await dialog.findByText('app.tar', { exact: false });
  await user.click(dialog.getByRole('button', { name: 'Build' }));
  await expect.poll(() => api.sent('images.build')[0]?.context).toEqual({ kind: 'archive', base64: 'YWJj' });
});

test('looks up again what is unused where named images count too', async () => {
  const { api, user } = await open({
    'images.prunePreview': ({ all }) => ({ items: all === true ? [nginx, nameless] : [nameless], bytes: 1_000 }),
    'images.prune': { removed: [], failed: [{ id: nginx.id, message: 'nginx is used.' }] } as never,
  });
  await user.click(await screen.findByRole('button', { name: 'Clean up' }));
  const dialog = await findDialog('Clean up');
  await dialog.findByRole('button', { name: 'Remove 1' });
  await user.click(dialog.getByRole('switch', { name: 'Named images, too' }));
  await user.click(await dialog.findByRole('button', { name: 'Remove 2' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('nginx is used.');
  expect(api.sent('images.prune')).toEqual([{ ids: [nginx.id, nameless.id] }]);
});
