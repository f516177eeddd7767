import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { listenWeb } from '../support/mcp/node-web.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { addPerson, type Caller } from '../support/people.ts';
import { startAuthorization, type Authorization } from '../support/upstream/authorization.ts';
import { startHosted, type Hosted } from '../support/upstream/hosted.ts';
import { browserAt, patience, signedIn, whoami } from '../support/upstream/signed-in.ts';

/** Servers that repeat what people use them with: neither their owners nor anybody else read it. */

const program = path.join(import.meta.dirname, 'fixtures/own-program.mjs');
const planted = { key: 'planted/key of bob', password: 'planted-password-of-bob' };
const slots = [{ name: 'KEY' }, { name: 'PASSWORD' }];

let app: TestApp;
let bob: Caller;
let at: Authorization;
let hosted: Hosted;
let instead: (method: string, token: string) => Response | null = () => null;
/** What the server of the second kind answers a call with. */
let quotes: (request: Request, id: unknown) => Response;
let raw: Awaited<ReturnType<typeof listenWeb>>;

function rpc(id: unknown, body: object): Response {
  return Response.json({ jsonrpc: '2.0', id, ...body });
}

async function answerRaw(request: Request): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  const { id, method, params } = (await request.clone().json()) as Json;
  if (id === undefined) return new Response(null, { status: 202 });
  if (method === 'initialize') {
    const serverInfo = { name: 'raw', version: '1' };
    return rpc(id, { result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } });
  }
  if (method === 'tools/list')
    return rpc(id, { result: { tools: [{ name: 'say', inputSchema: { type: 'object' } }] } });
  if (method === 'tools/call') return quotes(request, id);
  return rpc(id, { error: { code: -32601, message: 'Method not found' } });
}

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  bob = await addPerson(app, 'bob');
  at = await startAuthorization();
  hosted = await startHosted({ at: () => at, instead: (method, token) => instead(method, token) });
  raw = await listenWeb(answerRaw);
  const api = app.client();
  await api.servers.create.mutate({
    id: 'raw',
    kind: 'streamable-http',
    url: `${raw.origin}/mcp/\${user:KEY}`,
    headers: { 'X-Dsn': 'user:${user:PASSWORD}@host' },
    slots,
    visibility: 'everyone',
    recording: 'all',
  });
  await api.servers.create.mutate({
    id: 'program',
    kind: 'stdio',
    command: process.execPath,
    args: [program],
    env: { OWN: 'user:${user:PASSWORD}@host', MORE: '${user:KEY}' },
    slots,
    visibility: 'everyone',
  });
});
afterAll(async () => {
  await app.stop();
  await Promise.all([hosted.close(), at.close(), raw.close()]);
});

async function call(token: string, server: string, name: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const { reply } = await modernExchange(
    `${app.url}/mcp/${server}`,
    'tools/call',
    { name, arguments: {} },
    { headers },
  );
  return JSON.stringify(reply);
}

/** All that the hub keeps and shows of a server, read by its owner. */
async function shownOf(id: string): Promise<string> {
  const api = app.client();
  const logs = await api.servers.logs.query({ id });
  const server = await api.servers.get.query({ id });
  const all = await app.json('/api/monitoring/logs?limit=1000');
  expect(all.status).toBe(200);
  return JSON.stringify([logs, server, all.body]);
}

it('takes the token of a sign-in out of what a server writes', async () => {
  await signedIn(app, hosted.url, { visibility: 'everyone', recording: 'all' });
  at.person = 'bob';
  const { url } = await bob.client().signIns.begin.mutate({ id: 'hosted' });
  await browserAt(app, bob.token).go(url ?? '');
  await expect.poll(() => whoami(app, bob.token), patience).toBe('bob read');
  const sent = new Set<string>();
  const ways: ((token: string) => Response)[] = [
    (token) => new Response(`Cannot use Bearer ${token} now`, { status: 500 }),
    (token) => new Response(`<p>${token}</p>`, { status: 403, headers: { 'content-type': 'text/html' } }),
    (token) => Response.json({ error: { message: token } }, { status: 502 }),
    (token) => rpc('another', { error: { code: -32000, message: `stray ${token}` } }),
  ];
  for (const way of ways) {
    instead = (method, token) => {
      if (method !== 'tools/call') return null;
      sent.add(token);
      return way(token);
    };
    const answer = await call(bob.token, 'hosted', 'whoami');
    for (const token of sent) expect(answer).not.toContain(token);
  }
  // A server whose start fails tells why in its status, and to whoever starts it.
  instead = (_method, token) => {
    sent.add(token);
    return new Response(`Cannot use Bearer ${token} now`, { status: 500 });
  };
  const restarted = await app
    .client()
    .servers.restart.mutate({ id: 'hosted' })
    .then(JSON.stringify, (error: unknown) => String(error));
  instead = () => null;
  expect(restarted).toContain('Cannot use Bearer *** now');
  const shown = await shownOf('hosted');
  expect(shown).toContain('Cannot use Bearer *** now');
  expect(sent.size).toBeGreaterThan(0);
  for (const token of sent) for (const text of [shown, restarted]) expect(text).not.toContain(token);
});

it('takes values out that stand inside a header or in the path of a URL', async () => {
  await bob.client().slots.fill.mutate({ id: 'raw', values: { KEY: planted.key, PASSWORD: planted.password } });
  const ways: (typeof quotes)[] = [
    (request) => new Response(`no account at ${request.url}, ${request.headers.get('x-dsn')}`, { status: 500 }),
    (request, id) => rpc(id, { error: { code: -32000, message: `no ${request.url} ${request.headers.get('x-dsn')}` } }),
    (request, id) => rpc(id, { error: { code: -32000, message: decodeURIComponent(request.url) } }),
  ];
  for (const way of ways) {
    let was = '';
    quotes = (request, id) => {
      was = `${request.url} ${request.headers.get('x-dsn')}`;
      return way(request, id);
    };
    const answer = await call(bob.token, 'raw', 'say');
    expect(was).toContain(encodeURIComponent(planted.key));
    for (const value of [planted.key, encodeURIComponent(planted.key), planted.password]) {
      expect(answer).not.toContain(value);
    }
  }
  const shown = await shownOf('raw');
  expect(shown).toContain('***');
  for (const value of [planted.key, encodeURIComponent(planted.key), planted.password]) {
    expect(shown).not.toContain(value);
  }
});

it('takes values out of what a program writes', async () => {
  await bob.client().slots.fill.mutate({ id: 'program', values: { KEY: planted.key, PASSWORD: planted.password } });
  expect(await call(bob.token, 'program', 'own')).toContain(planted.password);
  const api = app.client();
  await expect.poll(() => api.servers.logs.query({ id: 'program' }).then(JSON.stringify), patience).toContain('serves');
  expect(await shownOf('program')).not.toContain(planted.password);
});
