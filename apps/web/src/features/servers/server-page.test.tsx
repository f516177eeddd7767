// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Server } from '../../lib/api-types.ts';
import { ServerContext } from '../../lib/server-context.ts';
import { refuse, waiting, type Answers } from '../../testing/fake-api.ts';
import { findDialog, openPage, renderPage } from '../../testing/render-page.tsx';
import { exampleServer } from '../../testing/server-things.ts';
import { ServerOverview } from './server-overview.tsx';

function open(server: Server, answers: Answers = {}, path = '') {
  return openPage(`/servers/${server.id}${path}`, { answers: { 'servers.get': server, ...answers } });
}

function overview(server: Server, language: 'en' | 'zh-CN' = 'en') {
  const shown = (
    <ServerContext value={server}>
      <ServerOverview />
    </ServerContext>
  );
  return renderPage(shown, { language });
}

/** What stands beside a name in the lists of facts. */
function fact(name: string): string {
  const term = screen.getAllByText(name).find(({ tagName }) => tagName === 'DT');
  return term?.nextElementSibling?.textContent ?? '';
}

test('says that there is no such server, and leads back to the list', async () => {
  await openPage('/servers/gone', { answers: { 'servers.get': refuse('not_found', 'No server "gone".') } });
  await screen.findByText('There is no server “gone”');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
});

test('asks again where the server could not be read', async () => {
  const { api, user } = await openPage('/servers/docs', {
    answers: { 'servers.get': refuse('internal', 'Something went wrong.') },
  });
  await screen.findByText('Something went wrong.');
  api.answer('servers.get', exampleServer());
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: /Docs/, level: 1 });
});

test.each([
  [{}, ['Restart', 'Stop']],
  [{ desired: 'stopped' as const, status: { phase: 'stopped' as const } }, ['Start']],
  [{ can: { operate: false } }, []],
])('offers what the state and the rights allow: %j', async (changes, offered) => {
  await open(exampleServer(changes));
  await screen.findByRole('heading', { name: /Docs/, level: 1 });
  const all = ['Start', 'Restart', 'Stop'].filter((name) => screen.queryByRole('button', { name }) !== null);
  expect(all).toEqual(offered);
});

test('shows tabs by rights', async () => {
  await open(exampleServer({ can: { configure: false, logs: false } }));
  const tabs = within(await screen.findByRole('navigation', { name: 'Parts of this server' }));
  await expect.poll(() => tabs.queryByRole('link', { name: 'Logs' })).toBeNull();
  expect(tabs.queryByRole('link', { name: 'History' })).toBeNull();
  expect(tabs.getByRole('link', { name: 'Tools' })).toBeTruthy();
});

test('starts a server and shows its state as the stream tells it', async () => {
  const off = exampleServer({ desired: 'stopped', status: { phase: 'stopped' } });
  const { api, user } = await open(off, { 'servers.start': exampleServer() });
  await user.click(await screen.findByRole('button', { name: 'Start' }));
  expect(api.sent('servers.start')).toEqual([{ id: 'docs' }]);
  api.answer('servers.get', exampleServer({ status: { phase: 'starting' } }));
  await api.tell('live.events', { type: 'changed', paths: [], one: { id: 'docs', paths: ['servers.get'] } });
  await screen.findByRole('button', { name: 'Stop' });
  // Whoever reads it again after the stream told of it is told the same.
  api.answer('servers.get', exampleServer());
  await api.tell('live.events', { type: 'server.status', status: exampleServer().status });
  await expect.poll(() => screen.getByRole('heading', { level: 1 }).textContent).toContain('Running');
});

test('goes back to the list when its server is deleted', async () => {
  const { api, user, address } = await open(exampleServer(), {
    'servers.remove': { id: 'docs' },
    'servers.list': waiting,
    'monitoring.trends': waiting,
  });
  await user.click(await screen.findByRole('button', { name: 'Actions for Docs' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete server' }));
  const question = await findDialog('Delete Docs?', 'alertdialog');
  await user.click(question.getByRole('button', { name: 'Delete it' }));
  await expect.poll(address).toBe('/servers');
  expect(api.sent('servers.remove')).toEqual([{ id: 'docs' }]);
});

test('says why a server fails, how often, and when it is tried again', async () => {
  const server = exampleServer({
    status: {
      phase: 'error',
      error: 'The process ended with code 1.',
      failures: 2,
      nextRetryAt: Date.now() + 30_000,
    },
  });
  await overview(server);
  expect(screen.getByText('It failed 2 times in a row')).toBeTruthy();
  expect(screen.getByText('The process ended with code 1.')).toBeTruthy();
  expect(screen.getAllByText(/Next try in/).length).toBeGreaterThan(0);
  expect(screen.getByRole('link', { name: 'Read the logs' }).getAttribute('href')).toBe('/ui/servers/docs/logs');
  expect(screen.getByRole('link', { name: 'Edit settings' })).toBeTruthy();
});

test('says what the status of a remote server means', async () => {
  const errorReason = { code: 'http', params: { status: 429 }, text: 'It answered 429.' };
  const server = exampleServer({
    can: { logs: false, configure: false },
    status: { phase: 'error', error: 'It answered 429.', errorReason, failures: 1 },
  });
  await overview(server);
  expect(screen.getByText('It failed 1 time in a row')).toBeTruthy();
  expect(screen.getByText(/^It takes no more requests for now/)).toBeTruthy();
  expect(screen.queryByRole('link')).toBeNull();
});

test('keeps silent about an old failure of a server that is off', async () => {
  await overview(exampleServer({ desired: 'stopped', status: { phase: 'stopped', error: 'Old.', failures: 1 } }));
  expect(screen.queryByText('Old.')).toBeNull();
});

test.each([
  [null, /environment variables/],
  ['https://mcp.example.com', /address or a header/],
])('says which values are missing, and where they go (%s)', async (url, hint) => {
  await overview(exampleServer({ missing: ['API_KEY', 'REGION'], url }));
  expect(screen.getByText('Values missing for API_KEY, REGION')).toBeTruthy();
  expect(screen.getByText(hint)).toBeTruthy();
});

test('tells how the server is and what it is', async () => {
  await overview(
    exampleServer({
      args: ['--root', '/srv/my docs'],
      docsUrl: 'https://docs.example.com/',
      tags: ['search', 'docs'],
      calls: { count: 1_200, errors: 3, toolErrors: 1, avgMs: 42, lastAt: null },
      status: {
        pid: 4711,
        instances: 2,
        inFlight: 1,
        protocolVersion: '2025-11-25',
        serverInfo: { name: 'docs', title: 'The Docs', version: '2.1' },
      },
    }),
  );
  expect(fact('Instances')).toBe('2 of 64');
  expect(fact('Calls running')).toBe('1');
  expect(fact('Process')).toBe('4711');
  expect(fact('Calls, last hour')).toBe('1,200 · 3 failed · 1 tool error · 42 ms on average');
  expect(fact('Reported name')).toBe('The Docs 2.1');
  expect(fact('Protocol revision')).toBe('2025-11-25');
  expect(screen.getByText(/docs-server --root/).textContent).toMatch(/['"]\/srv\/my docs['"]/);
  expect(screen.getByRole('link', { name: /docs\.example\.com/ }).getAttribute('rel')).toContain('noopener');
});

test('makes no link of an address that leads nowhere in the web', async () => {
  await overview(exampleServer({ docsUrl: 'javascript:alert(1)' }));
  expect(screen.queryByRole('link')).toBeNull();
});

test('counts in Chinese without a plural', async () => {
  await overview(exampleServer({ status: { phase: 'error', error: 'x', failures: 1 } }), 'zh-CN');
  expect(screen.getByText(/连续.*1.*次/)).toBeTruthy();
});

test('tells owners that it is theirs', async () => {
  await overview(exampleServer());
  await expect.poll(() => fact('Owner')).toBe('You');
});

test('leaves the name of another owner out where nobody may know it', async () => {
  await overview(exampleServer({ createdBy: 'u-grace', ownerName: null, can: { configure: false } }));
  expect(document.body.textContent).not.toContain('u-grace');
});
