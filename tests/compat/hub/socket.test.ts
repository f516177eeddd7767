import { get } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { WebSocket as RawSocket } from 'ws';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { openSocket, type SocketClient } from '../../support/socket.ts';
import { until } from '../../support/until.ts';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
  await add('server-1');
});
afterAll(() => app.stop());

async function add(id: string): Promise<void> {
  await app.json('/api/mcp/servers', { body: { id, type: 'stdio', command: 'uvx' } });
  await askUntil(
    () => app.json(`/api/servers/${id}`),
    ({ body }) => body.data.status === 'running',
  );
}

function say(line: string) {
  return app.fetch('/api/mcp/servers/server-1/tools/say/call', { method: 'POST', body: { line } });
}
function signedIn(): Promise<SocketClient> {
  return openSocket(app.url, app.token);
}

/** How the hub answers a request for a WebSocket that it refuses. */
async function refused(headers: Record<string, string>, path = '/ws'): Promise<{ status: number; body: Json }> {
  const socket = new RawSocket(`${app.url.replace(/^http/, 'ws')}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => reject(new Error('It was opened.')));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
}

verifies(45, 'the sample of the document runs, its subscriptions sent right after `auth`', async () => {
  const frames: Json[] = [];
  const ws = new WebSocket(`${app.url.replace(/^http/, 'ws')}/ws`);
  ws.onmessage = ({ data }) => frames.push(JSON.parse(String(data)));
  ws.onopen = () => {
    ws.send(JSON.stringify({ type: 'auth', token: app.token }));
    ws.send(JSON.stringify({ type: 'subscribe', channel: 'server-status', filters: { serverId: 'server-1' } }));
    ws.send(JSON.stringify({ type: 'subscribe', channel: 'monitoring', metrics: ['cpu', 'memory', 'requests'] }));
  };
  await until(() => frames.some(({ type }) => type === 'monitoring'), 'Figures');
  ws.close();
  expect(frames.slice(0, 2)).toMatchObject([
    { type: 'auth', event: 'authenticated', success: true, user: { username: 'admin' } },
    { type: 'subscribed', channel: 'server-status', filters: { serverId: 'server-1' } },
  ]);
  expect(frames.find(({ type }) => type === 'server-status')).toEqual({
    type: 'server-status',
    channel: 'server-status',
    snapshot: true,
    timestamp: expect.stringMatching(/Z$/),
    data: { serverId: 'server-1', status: 'running', previousStatus: null, pid: expect.any(Number), error: null },
  });
  const { data } = frames.find(({ type }) => type === 'monitoring');
  expect(data).toEqual({ cpu: expect.any(Number), memory: expect.any(Number), requests: expect.any(Number) });
});

verifies(45, 'tells each change of a server once, with what it was before', async () => {
  await add('steady');
  using client = await signedIn();
  client.send({ type: 'subscribe', channel: 'server-status', filters: { serverId: ['steady'] } });
  await client.frame({ type: 'server-status', snapshot: true });
  await app.json('/api/servers/steady/stop', { method: 'POST' });
  await client.frame({ type: 'server-status', data: { status: 'stopped', pid: null } });
  await app.json('/api/servers/steady', { method: 'DELETE' });
  await client.frame({ type: 'server-status', data: { status: 'removed', previousStatus: 'stopped' } });
  const told = client.frames.filter(({ type }) => type === 'server-status');
  expect(told.every(({ data }) => data.serverId === 'steady')).toBe(true);
  const pairs = told.map(({ data }) => [data.previousStatus, data.status]);
  expect(pairs[0]).toEqual([null, 'running']);
  for (const [at, [before]] of pairs.entries()) if (at > 0) expect(before).toBe(pairs[at - 1]?.[1]);
});

verifies(45, 'tells lines of logs that the filters let through', async () => {
  using client = await signedIn();
  client.send({ type: 'subscribe', channel: 'server-logs', filters: { serverId: 'server-1', level: 'warn' }, id: 7 });
  expect(await client.frame({ type: 'subscribed' })).toMatchObject({ channel: 'server-logs', id: 7 });
  await say('INFO not wanted');
  await say('ERROR wanted');
  const { data, id } = await client.frame({ type: 'server-logs' });
  expect(id).toBe(7);
  expect(data).toMatchObject({ level: 'error', message: 'ERROR wanted', metadata: { serverId: 'server-1' } });
  client.send({ type: 'unsubscribe', channel: 'server-logs', id: 7 });
  await client.frame({ type: 'unsubscribed', channel: 'server-logs', id: 7 });
  await say('ERROR afterwards');
  client.send({ type: 'ping', id: 'p' });
  await client.frame({ type: 'pong', id: 'p' });
  expect(client.frames.filter(({ type }) => type === 'server-logs')).toHaveLength(1);
});

verifies(45, 'refuses wrong frames with an error frame, and stays open', async () => {
  using client = await signedIn();
  const wrong: [frame: unknown, code: string, says: RegExp][] = [
    [{ type: 'subscribe', channel: 'weather', id: 1 }, 'INVALID_REQUEST', /server-status, server-logs/],
    ['{"type":', 'INVALID_REQUEST', /not JSON/],
    [{ type: 'shout' }, 'INVALID_REQUEST', /auth, subscribe, unsubscribe, ping/],
    [{ type: 'subscribe', channel: 'monitoring', metrics: ['cpu', 'luck'] }, 'VALIDATION_ERROR', /./],
    [{ type: 'subscribe', channel: 'server-status', filters: { colour: 'red' } }, 'VALIDATION_ERROR', /./],
    [{ type: 'subscribe', channel: 'server-status', filters: { serverId: 'nobody' } }, 'RESOURCE_NOT_FOUND', /nobody/],
    [{ type: 'auth', token: app.token }, 'INVALID_REQUEST', /signed in/],
  ];
  for (const [frame, code, says] of wrong) {
    client.frames.length = 0;
    client.send(frame);
    const { error } = await client.frame({ type: 'error' });
    expect(error, JSON.stringify(frame)).toMatchObject({ code, message: expect.stringMatching(says) });
  }
  client.send({ type: 'ping' });
  await client.frame({ type: 'pong' });
});

verifies(45, 'closes with the codes of the protocol: wrong credentials, binary frames, frames too large', async () => {
  using stranger = await openSocket(app.url);
  stranger.send({ type: 'subscribe', channel: 'server-status' });
  stranger.send({ type: 'auth', token: 'nonsense' });
  expect(await stranger.frame({ type: 'error' })).toMatchObject({ error: { code: 'AUTHENTICATION_FAILED' } });
  expect(await stranger.end()).toMatchObject({ code: 4401 });
  expect(stranger.frames).toHaveLength(1);

  using binary = await signedIn();
  binary.socket.send(new Uint8Array([1, 2, 3]));
  expect(await binary.end()).toMatchObject({ code: 1003 });

  using large = await signedIn();
  large.send({ type: 'ping', id: 'x'.repeat(70_000) });
  expect(await large.end()).toMatchObject({ code: 1009 });

  using flood = await openSocket(app.url);
  for (let at = 0; at < 40; at += 1) flood.send({ type: 'subscribe', channel: 'server-status', id: at });
  expect(await flood.end()).toMatchObject({ code: 1008 });
});

verifies(45, 'tells a caller nothing of servers that it does not see, and ends with its rights', async () => {
  const mia = await addPerson(app, 'mia');
  using client = await openSocket(app.url, mia.token);
  client.send({ type: 'subscribe', channel: 'server-status', filters: { serverId: 'server-1' } });
  expect(await client.frame({ type: 'error' })).toMatchObject({ error: { code: 'RESOURCE_NOT_FOUND' } });
  client.send({ type: 'subscribe', channel: 'user-activity', id: 'a' });
  expect(await client.frame({ type: 'error', id: 'a' })).toMatchObject({ error: { code: 'AUTHORIZATION_FAILED' } });
  client.send({ type: 'subscribe', channel: 'server-logs' });
  await client.frame({ type: 'subscribed', channel: 'server-logs' });
  await say('ERROR a secret of others');
  client.send({ type: 'ping' });
  await client.frame({ type: 'pong' });
  expect(client.frames.filter(({ type }) => type === 'server-logs')).toEqual([]);

  const { body } = await app.json(`/api/users/${mia.id}`, { method: 'PUT', body: { enabled: false } });
  expect(body.success).toBe(true);
  expect(await client.end()).toMatchObject({ code: 4401 });
});

verifies(45, 'ends a subscription whose right is taken away, and tells so', async () => {
  const noa = await addPerson(app, 'noa', { role: 'admin' });
  using client = await openSocket(app.url, noa.token);
  client.send({ type: 'subscribe', channel: 'user-activity' });
  await client.frame({ type: 'subscribed', channel: 'user-activity' });
  await app.json('/api/groups', { body: { name: 'watched' } });
  const { data } = await client.frame({ type: 'user-activity', data: { action: 'group.create' } });
  expect(data).toMatchObject({ userId: expect.any(String), target: expect.any(String), ip: expect.any(String) });
  await app.json(`/api/users/${noa.id}`, { method: 'PUT', body: { role: 'user' } });
  await client.frame({ type: 'error', channel: 'user-activity', error: { code: 'AUTHORIZATION_FAILED' } });
  await client.frame({ type: 'unsubscribed', channel: 'user-activity' });
});

verifies(45, 'opens nothing for pages of other origins, at other paths, or without the upgrade', async () => {
  expect(await refused({ origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: { success: false, error: { code: 'AUTHORIZATION_FAILED' } },
  });
  const plain = await app.fetch('/ws');
  expect(plain.status).toBe(426);
  expect(plain.headers.get('upgrade')).toBe('websocket');
  // Some clients offer HTTP/2 with every request, and get their answer.
  const offered = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', authorization: `Bearer ${app.token}` };
    get(`${app.url}/api/monitoring/status`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  expect(offered).toBe(200);
});

verifies(45, 'refuses a channel that a key has no right to, and closes what it refuses to open', async () => {
  const { key } = await app.client().keys.create.mutate({ name: 'calls', scopes: ['call.read'] });
  using client = await openSocket(app.url, key);
  client.send({ type: 'subscribe', channel: 'server-status' });
  expect(await client.frame({ type: 'error' })).toMatchObject({ error: { code: 'AUTHORIZATION_FAILED' } });
  expect(client.frames.some(({ type }) => type === 'subscribed')).toBe(false);

  const { port } = new URL(app.url);
  // The client keeps its side open.
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const head = ['GET /ws HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Origin: https://evil.example', 'Upgrade: websocket'];
  socket.write(`${[...head, 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'].join('\r\n')}\r\n\r\n`);
  socket.resume();
  await new Promise((resolve) => socket.once('end', resolve));
  const broken = new Promise((resolve) => socket.once('error', resolve));
  const writing = setInterval(() => socket.write('more'), 50);
  expect(await broken).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET/) });
  clearInterval(writing);
  socket.destroy();
});

verifies(45, 'ends a connection whose key expires', async () => {
  const expiresAt = new Date(Date.now() + 1_500);
  const { key } = await app.client().keys.create.mutate({ name: 'brief', scopes: ['server.read'], expiresAt });
  using client = await openSocket(app.url, key);
  expect(await client.end()).toMatchObject({ code: 4401 });
  expect(client.frames.at(-1)).toMatchObject({ type: 'error', error: { code: 'AUTHENTICATION_FAILED' } });
});

verifies(45, 'a person has at most 32 connections', async () => {
  const liu = await addPerson(app, 'liu');
  const clients: SocketClient[] = [];
  for (let at = 0; at < 32; at += 1) clients.push(await openSocket(app.url, liu.token));
  using one = await openSocket(app.url);
  one.send({ type: 'auth', token: liu.token });
  expect(await one.frame({ type: 'error' })).toMatchObject({ error: { code: 'RATE_LIMIT_EXCEEDED' } });
  expect(await one.end()).toMatchObject({ code: 1013 });
  for (const client of clients) client.socket.close();
});
