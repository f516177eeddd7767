// @vitest-environment happy-dom
import { screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { ConsentRequest } from '../../lib/api-types.ts';
import { refuse, type Answers } from '../../testing/fake-api.ts';
import { openPage } from '../../testing/render-page.tsx';

const uid = 'u'.repeat(43);

function exampleRequest(change: Partial<ConsentRequest> = {}): ConsentRequest {
  return {
    uid,
    client: { id: 'c-1', name: 'Notebook', kind: 'registered', uri: null, host: null },
    redirect: { uri: 'https://notebook.example/back', host: 'notebook.example', scheme: null, isLoopback: false },
    endpoint: { slug: 'docs', url: 'https://hub.example/mcp/docs', title: 'Documents' },
    scopes: ['mcp:read', 'mcp:call'],
    has: null,
    expiresAt: '2026-12-01T00:00:00.000Z',
    ...change,
  };
}

async function ask(change: Partial<ConsentRequest> = {}, answers: Answers = {}) {
  return await openPage(`/oauth/${uid}`, {
    answers: { 'oauth.request': exampleRequest(change), 'servers.list': { items: [], total: 0 }, ...answers },
  });
}

function allow() {
  return screen.findByRole<HTMLButtonElement>('button', { name: 'Allow' });
}

test('says who asks, for what, and where the answer goes', async () => {
  await ask();
  await screen.findByRole('heading', { name: 'Notebook asks for access' });
  expect(screen.getByText('Documents')).toBeTruthy();
  expect(screen.getByText('notebook.example')).toBeTruthy();
  expect(screen.getByText('The hub cannot check who this program is')).toBeTruthy();
});

test.each<[string, ConsentRequest['redirect']]>([
  ['a port of this computer', { uri: 'http://127.0.0.1:9/back', host: '127.0.0.1:9', scheme: null, isLoopback: true }],
  ['a scheme of its own', { uri: 'evil://claude.ai/back', host: 'evil:', scheme: 'evil:', isLoopback: false }],
])('names no host where the answer goes to %s, and warns of other programs', async (_, redirect) => {
  await ask({ redirect, client: { id: 'c', name: 'N', kind: 'metadata-document', uri: null, host: 'claude.ai' } });
  expect(await screen.findByText('A program on this computer')).toBeTruthy();
  expect(screen.getByText('Any program on this computer can say that it is this one')).toBeTruthy();
});

test('allows nothing at an endpoint that the person does not see', async () => {
  await ask({ endpoint: { slug: 'later', url: 'https://hub.example/mcp/later', title: null } });
  expect((await screen.findAllByText('No server or group that you see'))[0]).toBeTruthy();
  expect(screen.queryByText('All servers, one URL')).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect((await allow()).disabled).toBe(true);
});

test('takes no click before the page was in view for a moment, and sends what is left allowed', async () => {
  const assign = vi.spyOn(location, 'assign').mockImplementation(() => undefined);
  const { user, api } = await ask({}, { 'oauth.decide': { redirectTo: 'https://hub.example/oauth/authorize/x' } });
  const button = await allow();
  expect(button.disabled).toBe(true);
  await waitFor(() => expect(button.disabled).toBe(false));
  await user.click(screen.getByLabelText('Call tools'));
  await user.click(button);
  await screen.findByRole('heading', { name: 'Your answer is on its way' });
  expect(api.sent('oauth.decide')).toEqual([{ uid, allow: true, scopes: ['mcp:read'] }]);
  expect(assign).toHaveBeenCalledWith('https://hub.example/oauth/authorize/x');
  assign.mockRestore();
});

test('says that a request has ended', async () => {
  await ask({}, { 'oauth.request': refuse('not_found', 'gone') });
  await screen.findByRole('heading', { name: 'This request has ended' });
});
