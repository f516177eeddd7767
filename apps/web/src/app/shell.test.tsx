// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refuse, waiting, type Answers } from '../testing/fake-api.ts';
import { openPage } from '../testing/render-page.tsx';
import { exampleServer } from '../testing/server-things.ts';
import { exampleMe } from '../testing/things.ts';

const answers: Answers = {
  'servers.list': { items: [exampleServer(), exampleServer({ id: 'mail', name: 'Mail' })], total: 2 },
  'alerts.list': { items: [], nextCursor: null },
  'groups.list': waiting,
  'engines.list': waiting,
  'containers.list': waiting,
  'stacks.list': waiting,
  'apps.list': waiting,
  'graphs.list': waiting,
  'playground.tools': waiting,
  'servers.items': waiting,
  'servers.get': waiting,
};

function open(me = exampleMe(), more: Answers = {}) {
  return openPage('/alerts', { me, answers: { ...answers, ...more } });
}

async function rail() {
  const navigation = within(await screen.findByRole('navigation', { name: 'Main' }));
  return navigation.getAllByRole('link').map(({ textContent }) => textContent);
}

test('leads to every page that somebody may use', async () => {
  await open();
  const names = await rail();
  expect(names).toContain('Servers');
  expect(names).toContain('Audit log');
});

test.each([
  [{ listUsers: false, findUsers: false }, 'Users'],
  [{ manageWebhooks: false }, 'Webhooks'],
  [{ manageContainers: false }, 'Containers'],
])('leaves out what somebody may not use: %j', async (can, name) => {
  await open(exampleMe({ can }));
  expect(await rail()).not.toContain(name);
});

test('carries the name, the letters and the banner that admins gave the hub', async () => {
  await open(
    exampleMe({ appearance: { name: 'Ops Hub', mark: 'OH', banner: { text: 'Down at noon.', tone: 'warning' } } }),
  );
  expect((await screen.findByRole('note')).textContent).toBe('Down at noon.');
  expect(screen.getByText('Ops Hub')).toBeTruthy();
});

test('says that it is live, and that it is not when the stream breaks off', async () => {
  const { api } = await open();
  await screen.findByText('Live');
  await api.end('live.events');
  await screen.findByText('No live data');
});

test('reads everything again once the stream is back', async () => {
  const { api } = await open();
  await screen.findByText('Live');
  await api.end('live.events');
  await screen.findByText('No live data');
  const before = api.sent('alerts.list').length;
  await screen.findByText('Live');
  await expect.poll(() => api.sent('alerts.list').length).toBeGreaterThan(before);
});

test('shows the form where the session ended, wherever that was noticed', async () => {
  const { api, queryClient } = await open();
  await screen.findByText('Live');
  api.answer('auth.me', exampleMe({ user: null }));
  api.answer('alerts.list', refuse('unauthenticated', 'Sign in first.'));
  await queryClient.invalidateQueries({ queryKey: [['alerts']] });
  await screen.findByRole('heading', { name: 'Sign in' });
});

test('signs out, and forgets what was read', async () => {
  const { api, user, queryClient } = await open();
  await user.click(await screen.findByRole('button', { name: 'Account: ada' }));
  api.answer('auth.logout', () => {
    api.answer('auth.me', exampleMe({ user: null }));
    return { ok: true };
  });
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  await screen.findByRole('heading', { name: 'Sign in' });
  expect(queryClient.getQueryCache().findAll({ queryKey: [['alerts']] })).toEqual([]);
});

test('offers no way out where nobody signs in', async () => {
  const { user } = await open(exampleMe({ authMode: 'open' }));
  await user.click(await screen.findByRole('button', { name: 'Account: ada' }));
  await screen.findByText('Everyone on this machine is admin');
  expect(screen.queryByRole('menuitem')).toBeNull();
});

test('remembers the theme, and puts it on the document', async () => {
  const { user } = await open();
  await user.click(await screen.findByRole('button', { name: 'Theme' }));
  await user.click(await screen.findByRole('menuitemradio', { name: 'Dark' }));
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(localStorage.getItem('switchboard.theme')).toBe('dark');
  delete document.documentElement.dataset['theme'];
});

test('changes to Chinese at once, for the document too', async () => {
  const { user } = await open();
  await user.click(await screen.findByRole('button', { name: 'Language' }));
  await user.click(await screen.findByRole('menuitemradio', { name: '简体中文' }));
  await screen.findByRole('heading', { name: '警报' });
  expect(document.documentElement.lang).toBe('zh-CN');
  await user.click(screen.getByRole('button', { name: '语言' }));
  await user.click(await screen.findByRole('menuitemradio', { name: 'English' }));
  await screen.findByRole('heading', { name: 'Alerts' });
});

test('opens the search by keyboard, finds by all words, and goes there with Enter', async () => {
  const { user, address } = await open();
  await screen.findByText('Live');
  await user.keyboard('{Control>}k{/Control}');
  const search = await screen.findByRole('combobox', { name: 'Search and commands' });
  await user.type(search, 'mail');
  const results = within(screen.getByRole('listbox', { name: 'Results' }));
  await expect
    .poll(() => results.queryAllByRole('option').map(({ textContent }) => textContent))
    .toEqual(['MailmailServers', 'Try MailmailPlayground']);
  await user.keyboard('{ArrowDown}');
  expect(results.getAllByRole('option')[1]?.getAttribute('aria-selected')).toBe('true');
  await user.keyboard('{ArrowDown}{Enter}');
  await expect.poll(address).toBe('/servers/mail');
});

test('says in the search that nothing fits', async () => {
  const { user } = await open();
  await user.click(await screen.findByRole('button', { name: /Search and commands/ }));
  await user.type(await screen.findByRole('combobox', { name: 'Search and commands' }), 'zzz');
  await screen.findByText('No results. Try a server’s name.');
  await user.keyboard('{Enter}');
  expect(screen.getByRole('combobox', { name: 'Search and commands' })).toBeTruthy();
});

test('says that there is no such page', async () => {
  await openPage('/no/such/page', { answers });
  await screen.findByRole('heading', { name: 'There is no such page' });
});

test('says that the hub does not answer before it knows who asks', async () => {
  const { api, user } = await openPage('/alerts', {
    answers: { ...answers, 'auth.me': refuse('timeout', 'No answer.') },
  });
  await screen.findByText('The hub does not answer');
  api.answer('auth.me', exampleMe());
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: 'Alerts' });
});
