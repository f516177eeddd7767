import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ScriptedProvider, startProvider } from '@switchboard/agents/testing';
import { createTestDb } from '@switchboard/db/testing';
import { startServer } from '@switchboard/server';
import { loadConfig } from '@switchboard/server/config';
import { createLogger } from '@switchboard/server/log';
import { adminPassword, type Json, type TestApp } from '../../support/app.ts';
import { addClaude, documentedQuestion } from '../../support/claude.ts';
import { addPerson, callerOf } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

const soon = { interval: 50, timeout: 60_000 };

let provider: ScriptedProvider;
let app: CompatApp;
beforeAll(async () => {
  provider = await startProvider();
  app = await createCompatApp({ DOCKER_HOST: 'unix:///nowhere.sock' });
  await addClaude(app, provider.url);
});
afterEach(() => provider.forget());
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});

type Asker = Pick<TestApp, 'json'>;
async function ask(body: Json, asker: Asker = app) {
  return await asker.json('/api/claude/chat/async', { body });
}
async function result(id: string, asker: Asker = app): Promise<Json> {
  return (await asker.json(`/api/claude/chat/async/${id}`)).body;
}
/** The result once it is there. */
async function ended(id: string, asker: Asker = app): Promise<Json> {
  await expect.poll(async () => (await result(id, asker)).status, soon).not.toBe('processing');
  return await result(id, asker);
}

verifies(16, 'takes the documented body at once, and the answer is there later, under both paths', async () => {
  const { promise: hold, resolve: release } = Promise.withResolvers<void>();
  provider.script({ text: '先写一个 Dockerfile。', hold });
  const { status, body } = await ask(documentedQuestion);
  expect([status, body]).toEqual([
    200,
    { status: 'processing', request_id: expect.any(String), message: '请求已提交，正在处理中' },
  ]);
  const id: string = body.request_id;
  expect(await result(id)).toEqual({
    request_id: id,
    status: 'processing',
    created_at: expect.stringMatching(/Z$/),
    completed_at: null,
  });
  release();
  const answer = await ended(id);
  expect(answer).toEqual({
    request_id: id,
    status: 'completed',
    completion: '先写一个 Dockerfile。',
    stop_reason: 'end_turn',
    model: 'claude-sonnet-4-5',
    created_at: expect.stringMatching(/Z$/),
    completed_at: expect.stringMatching(/Z$/),
  });
  const alias = await app.json(`/api/claude/chat/${id}`);
  expect([alias.status, alias.body]).toEqual([200, answer]);
});

verifies(16, 'what the provider refuses stands in the answer', async () => {
  provider.always(() => ({ status: 401 }));
  const { body } = await ask({ prompt: 'Hi' });
  expect(await ended(body.request_id)).toMatchObject({ status: 'failed', error: expect.stringContaining('401') });
});

verifies(16, 'an answer is nobody else’s, and an unknown one is 404', async () => {
  const person = await addPerson(app, 'asks-later');
  const { body } = await ask({ prompt: 'Hi' }, person);
  await ended(body.request_id, person);
  for (const [id, asker] of [
    [body.request_id, app],
    ['nothing', person],
  ] as const) {
    const found = await asker.json(`/api/claude/chat/async/${id}`);
    expect([found.status, found.body]).toEqual([404, { detail: expect.stringContaining(id) }]);
  }
  const { key } = await person.client().keys.create.mutate({ name: 'another' });
  expect((await callerOf(app, key).json(`/api/claude/chat/async/${body.request_id}`)).status).toBe(404);
  const anonymous = await app.json(`/api/claude/chat/async/${body.request_id}`, { auth: false });
  expect(anonymous.status).toBe(401);
});

verifies(16, 'refuses as the whole chat does, and callbacks that lead where the caller may not', async () => {
  expect((await app.json('/api/claude/chat/async', { body: documentedQuestion, auth: false })).status).toBe(401);
  const viewer = await addPerson(app, 'looks-on', { role: 'viewer' });
  expect((await ask(documentedQuestion, viewer)).status).toBe(403);
  const plain = await addPerson(app, 'has-no-power');
  const wrong: [Json, Asker][] = [
    [{ prompt: '' }, app],
    [{ temperature: 2 }, app],
    [{ callback_url: 'ftp://example.com/x' }, app],
    [{ callback_url: 'http://169.254.169.254/latest' }, app],
    [{ callback_url: 'http://127.0.0.1:9/' }, plain],
    [{ callback_url: 'https://name:secret@example.com/' }, app],
  ];
  for (const [more, asker] of wrong) {
    const { status, body } = await ask({ ...documentedQuestion, ...more }, asker);
    expect([more, status, body.detail[0].loc]).toEqual([more, 422, ['body', Object.keys(more)[0]]]);
  }
  expect(provider.requests).toEqual([]);
});

interface Post {
  headers: Readonly<Record<string, unknown>>;
  text: string;
}

/** Hears posts, and answers each with the next status. */
async function startReceiver(...statuses: number[]) {
  const posts: Post[] = [];
  async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    posts.push({ headers: request.headers, text: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(statuses.shift() ?? 204).end();
  }
  const server = createServer((request, response) => void hear(request, response));
  server.listen(0);
  await once(server, 'listening');
  return {
    posts,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

verifies(16, 'posts the signed answer to the callback, again where that fails', async () => {
  await using receiver = await startReceiver(500);
  const { body } = await ask({ prompt: 'Hi', callback_url: `http://127.0.0.1:${receiver.port}/done` });
  const secret: string = body.callback_secret;
  expect(secret).toMatch(/^whsec_/);
  await expect.poll(() => receiver.posts.length, { ...soon, timeout: 120_000 }).toBe(2);
  const answer = await ended(body.request_id);
  for (const { headers, text } of receiver.posts) {
    const told = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(told).digest('base64')}`);
    expect([headers['webhook-id'], JSON.parse(text)]).toEqual([body.request_id, answer]);
  }
});

verifies(16, 'a name that leads to an address that the caller may not reach is refused at the connection', async () => {
  await using receiver = await startReceiver();
  const plain = await addPerson(app, 'knows-a-name');
  function failed() {
    const tries = app.core.deps.jobs
      .tries()
      .filter(({ type, outcome }) => type === 'claude.tell' && outcome === 'failed');
    return tries.reduce((sum, { count }) => sum + count, 0);
  }
  const before = failed();
  const { status, body } = await ask({ prompt: 'Hi', callback_url: `http://localhost:${receiver.port}/` }, plain);
  expect(status).toBe(200);
  expect((await ended(body.request_id, plain)).status).toBe('completed');
  await expect.poll(failed, soon).toBeGreaterThan(before);
  expect(receiver.posts).toEqual([]);
});

verifies(16, 'survives a restart: another hub on the database answers', async () => {
  const db = await createTestDb();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'switchboard-test-'));
  const settings = { PORT: '0', DATA_DIR: dataDir, ADMIN_PASSWORD: adminPassword, LOG_LEVEL: 'silent' };
  const machine = { PATH: process.env['PATH'], HOME: process.env['HOME'], DOCKER_HOST: 'unix:///nowhere.sock' };
  const config = loadConfig({ ...machine, ...settings, DRAIN_TIMEOUT: '3s' });
  async function start() {
    const server = await startServer({ config, log: createLogger(config), connection: db.connection });
    async function send(pathname: string, token: string, body?: Json): Promise<Json> {
      const headers = { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) };
      const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
      return await (await fetch(`${server.url}${pathname}`, init)).json();
    }
    return { server, send };
  }
  try {
    const first = await start();
    await addClaude(first.server, provider.url);
    const signedIn = await first.send('/api/auth/login', '', { username: 'admin', password: adminPassword });
    const token: string = signedIn.data.token;
    // It never answers this one.
    provider.script({ hold: new Promise(() => undefined) });
    const { request_id: id } = await first.send('/api/claude/chat/async', token, { prompt: 'Hi' });
    await expect.poll(() => provider.requests.length, soon).toBe(1);
    await first.server.stop();
    const second = await start();
    await expect
      .poll(async () => await second.send(`/api/claude/chat/async/${id}`, token), { ...soon, timeout: 120_000 })
      .toMatchObject({ status: 'completed', completion: 'ok' });
    await second.server.stop();
  } finally {
    await db.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
