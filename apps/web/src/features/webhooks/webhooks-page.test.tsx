// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Outputs } from '../../lib/trpc.ts';
import { refuse, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage } from '../../testing/render-page.tsx';

type Webhook = Outputs['webhooks']['list'][number];
type Delivery = Outputs['webhooks']['deliveries']['items'][number];

const chat: Webhook = {
  id: 'w-1',
  name: 'Chat',
  url: 'https://chat.example.com/hook',
  events: ['server.*', 'user.login'],
  enabled: false,
  secret: '***',
  createdAt: '2026-11-01T08:00:00.000Z',
  updatedAt: '2026-11-01T08:00:00.000Z',
};

const told: Delivery = {
  id: 'd-1',
  webhookId: 'w-1',
  eventId: 'e-1',
  type: 'server.create',
  state: 'failed',
  attempts: 3,
  request: '{"type":"server.create"}',
  status: 500,
  answer: 'Oops',
  error: 'It answered 500.',
  durationMs: 12,
  attemptedAt: '2026-11-01T08:00:00.000Z',
  createdAt: '2026-11-01T08:00:00.000Z',
};

function open(answers: Answers = {}, search = '') {
  return openPage(`/webhooks${search}`, { answers: { 'webhooks.list': [chat], ...answers } });
}

test('lists webhooks with their address and events, and which are off', async () => {
  await open();
  const row = within(await within(await screen.findByRole('list', { name: 'Webhooks' })).findByRole('listitem'));
  expect(row.getByText('https://chat.example.com/hook')).toBeTruthy();
  expect(row.getByText('server.*, user.login')).toBeTruthy();
  expect(row.getByText('Off')).toBeTruthy();
});

test('says that there is none, or why the list did not come', async () => {
  const { api, queryClient } = await open({ 'webhooks.list': [] });
  await screen.findByText('No webhook yet');
  api.answer('webhooks.list', refuse('forbidden', 'You may not see webhooks.'));
  await queryClient.resetQueries();
  await screen.findByText('You may not see webhooks.');
});

test('makes a webhook, and shows its secret once', async () => {
  const { api, user } = await open({ 'webhooks.create': { ...chat, name: 'Ops', secret: 'whsec_1' } });
  await user.click(await screen.findByRole('button', { name: 'Add a webhook' }));
  const dialog = await findDialog('Add a webhook');
  const save = dialog.getByRole('button', { name: 'Save' });
  expect(save).toHaveProperty('disabled', true);
  await user.type(dialog.getByLabelText(/^Name/), 'Ops');
  await user.type(dialog.getByLabelText(/^Address/), 'https://ops.example.com');
  await user.click(dialog.getByRole('checkbox', { name: 'server.*' }));
  // An address that is told nothing is no webhook.
  expect(save).toHaveProperty('disabled', true);
  await user.click(dialog.getByRole('checkbox', { name: 'user.*' }));
  await user.click(save);
  await screen.findByText('whsec_1');
  expect(api.sent('webhooks.create')).toEqual([
    { name: 'Ops', url: 'https://ops.example.com', events: ['user.*'], enabled: true },
  ]);
});

test('changes a webhook and keeps its secret', async () => {
  const { api, user } = await open({ 'webhooks.update': chat });
  await user.click(await screen.findByRole('button', { name: 'Change Chat' }));
  const dialog = await findDialog('Change the webhook');
  expect(dialog.getByRole('checkbox', { name: 'server.*' })).toHaveProperty('checked', true);
  await user.click(dialog.getByRole('switch', { name: 'Tell it what happens' }));
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect(api.sent('webhooks.update')[0]).toMatchObject({
    id: 'w-1',
    patch: { enabled: true, secret: '***', url: chat.url },
  });
});

test('shows at the address why it was refused', async () => {
  const { user } = await open({
    'webhooks.update': refuse('invalid', 'Refused.', { fields: { 'patch.url': 'Is a private address.' } }),
  });
  await user.click(await screen.findByRole('button', { name: 'Change Chat' }));
  const dialog = await findDialog('Change the webhook');
  await user.click(dialog.getByRole('button', { name: 'Save' }));
  await dialog.findByText('Is a private address.');
  expect(dialog.getByLabelText(/^Address/).getAttribute('aria-invalid')).toBe('true');
});

test.each([
  [{ ...told, state: 'delivered' as const, error: null }, 'The test event was taken'],
  [told, 'The test event was not taken'],
])('tries a webhook, and says how it went (%#)', async (delivery, words) => {
  const { api, user } = await open({ 'webhooks.test': delivery });
  await user.click(await screen.findByRole('button', { name: 'Test Chat' }));
  await screen.findByText(words);
  expect(api.sent('webhooks.test')).toEqual([{ id: 'w-1' }]);
  expect(screen.queryByText('It answered 500.') !== null).toBe(delivery.error !== null);
});

test('removes a webhook after the question', async () => {
  const { api, user } = await open({ 'webhooks.remove': { id: 'w-1' } });
  await user.click(await screen.findByRole('button', { name: 'Remove Chat' }));
  const question = await findDialog('Remove Chat', 'alertdialog');
  expect(question.getByText(/what still waits is told to nobody/)).toBeTruthy();
  await user.click(question.getByRole('button', { name: 'Remove' }));
  await expect.poll(() => api.sent('webhooks.remove')).toEqual([{ id: 'w-1' }]);
});

test('shows what a webhook was told at its own address, and tells it again', async () => {
  const { api, user, address } = await open({
    'webhooks.deliveries': { items: [told], nextCursor: null },
    'webhooks.redeliver': told,
  });
  await user.click(await screen.findByRole('button', { name: 'Deliveries of Chat' }));
  const dialog = await findDialog('Deliveries of Chat');
  await dialog.findByText('It answered 500.');
  expect(address()).toBe('/webhooks?webhook=w-1');
  expect(dialog.getByText(/tried 3×/).textContent).toContain('500');
  expect(dialog.getByText('Oops')).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Tell again' }));
  await screen.findByText('The event is told again');
  expect(api.sent('webhooks.redeliver')).toEqual([{ id: 'd-1' }]);
  await user.click(dialog.getByRole('button', { name: 'Close' }));
  await expect.poll(address).toBe('/webhooks');
});

test('says that a webhook was told nothing yet', async () => {
  await open({ 'webhooks.deliveries': { items: [], nextCursor: null } }, '?webhook=w-1');
  await screen.findByText('It was told nothing yet');
});
