import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { login } from '@switchboard/core/access';
import { listAudit } from '@switchboard/core/audit';
import {
  addMember,
  addServerToGroup,
  chooseGroupItems,
  createGroup,
  removeMember,
  updateGroup,
  updateGroupServer,
} from '@switchboard/core/groups';
import { createKey, revokeKey } from '@switchboard/core/keys';
import { createUser, endUserSessions, updateUser } from '@switchboard/core/users';
import { createTestApp, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import { serveV1Http } from '../support/mcp/scripted-v1.ts';
import { clientKinds, type TestClient } from '../support/mcp/test-client.ts';
import { until } from '../support/until.ts';

/** What a changed right does to programs that are connected already: they hear of it within a second. */

let app: TestApp;
let stopServer: () => Promise<void>;
let serial = 0;
let group = '';
let userId = '';
let headers: Record<string, string> = {};
const aSecond = 1_000;

function admin() {
  return app.core.ctxFor({ type: 'system', job: 'test' });
}

beforeAll(async () => {
  app = await createTestApp();
  const server = await serveV1Http('files');
  stopServer = async () => server[Symbol.asyncDispose]();
  await app.json('/api/servers', { body: { name: 'files', url: server.url, type: 'streamable-http' } });
  await until(async () => (await app.json('/api/servers/files')).body.data.status === 'running', 'the server runs');
});
afterAll(async () => {
  await app.stop();
  await stopServer();
});

beforeEach(async () => {
  serial += 1;
  group = `team-${serial}`;
  await createGroup(admin(), { name: group });
  await addServerToGroup(admin(), { groupId: group, serverId: 'files' });
  const user = await createUser(admin(), { username: `user-${serial}`, password: 'securepassword', groups: [group] });
  userId = user.id;
  const { token } = await login(app.core.ctxFor({ type: 'anonymous' }), {
    username: user.username,
    password: 'securepassword',
  });
  headers = { authorization: `Bearer ${token}` };
});

async function names(client: TestClient): Promise<unknown[]> {
  return (await client.list('tools/list', 'tools')).map((tool) => tool['name']);
}

/** The endpoint of HTTP+SSE clients is another path. */
function urlFor(kind: string, endpoint: string) {
  return `${app.url}/${kind === 'v1-sse' ? 'sse' : 'mcp'}/${endpoint}`;
}

async function open(kind: (typeof clientKinds)[number], endpoint = group): Promise<TestClient> {
  const client = await connect(kind, urlFor(kind, endpoint), { headers });
  await client.watch({ tools: true });
  return client;
}

describe.each(clientKinds)('%s', (kind) => {
  test('lists what the group exposes, by alias, and calls it', async () => {
    await updateGroupServer(admin(), { groupId: group, serverId: 'files', alias: 'docs' });
    await using client = await open(kind);
    expect(await names(client)).toContain('docs__echo');
    const result = await client.call('docs__echo', { text: 'hello' });
    expect(JSON.stringify(result)).toContain('hello');
    await expect(client.call('files__echo', { text: 'x' })).rejects.toThrow();
  });

  test('hears within a second that tools were taken away, and cannot call them', async () => {
    await using client = await open(kind);
    expect(await names(client)).toContain('files__echo');
    const changed = client.next('notifications/tools/list_changed', aSecond);
    await chooseGroupItems(admin(), { groupId: group, serverId: 'files', type: 'tool', names: [] });
    await changed;
    expect(await names(client)).toEqual([]);
    await expect(client.call('files__echo', { text: 'x' })).rejects.toThrow(/Unknown tool/);
  });

  test('hears that a server is read only now, and gets it back', async () => {
    await using client = await open(kind);
    const gone = client.next('notifications/tools/list_changed', aSecond);
    await updateGroup(admin(), { id: group, patch: { permissions: { servers: ['read'] } } });
    await gone;
    expect(await names(client)).toEqual([]);
    const back = client.next('notifications/tools/list_changed', aSecond);
    await updateGroup(admin(), { id: group, patch: { permissions: { servers: ['read', 'execute'] } } });
    await back;
    expect(await names(client)).toContain('files__echo');
  });

  test.each([
    ['the membership', () => removeMember(admin(), { groupId: group, userId })],
    ['the account', () => updateUser(admin(), { id: userId, patch: { disabled: true } })],
    ['the session', () => endUserSessions(admin(), { id: userId })],
    ['the role', () => updateUser(admin(), { id: userId, patch: { role: 'viewer' } })],
  ])('can do nothing any more when %s goes', async (_what, change) => {
    await using client = await open(kind);
    await client.call('files__echo', { text: 'x' });
    await change();
    await expect(client.call('files__echo', { text: 'x' })).rejects.toThrow();
    await addMember(admin(), { groupId: group, userId }).catch(() => undefined);
  });

  test('with a key is let through as often as the key may, and not after it was revoked', async () => {
    const ctx = app.core.ctxFor({ type: 'user', id: userId, username: 'x', role: 'user', sessionId: 'test' });
    const made = await createKey(ctx, { name: 'k', endpoints: [group], callsPerMinute: 2 });
    headers = { authorization: `Bearer ${made.key}` };
    await expect(connect(kind, urlFor(kind, 'files'), { headers })).rejects.toThrow();
    await using client = await open(kind);
    const results = await Promise.allSettled(
      [1, 2, 3].map((text) => client.call('files__echo', { text: String(text) })),
    );
    // At the turn of a minute the third has room again.
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(2);
    await revokeKey(ctx, { id: made.id });
    await expect(client.call('files__echo', { text: 'x' })).rejects.toThrow();
  });
});

test('a limited call says how long to wait, and is in the trail with the address it came from', async () => {
  const ctx = app.core.ctxFor({ type: 'user', id: userId, username: 'x', role: 'user', sessionId: 'test' });
  const { key, id } = await createKey(ctx, { name: 'k', callsPerMinute: 1 });
  headers = { authorization: `Bearer ${key}` };
  await using client = await open('v1-streamable', 'files');
  const calls = [1, 2, 3].map(() => client.call('echo', { text: 'x' }));
  const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
  expect(failed.length).toBeGreaterThan(0);
  expect(String(Reflect.get(failed[0] ?? {}, 'reason'))).toMatch(/Rate limit: at most 1 calls a minute/);
  const { items } = await listAudit(admin(), { key: id });
  expect(items.filter(({ outcome }) => outcome === 'error').length).toBe(failed.length);
  expect(items.every(({ address }) => address === '127.0.0.1')).toBe(true);
});
