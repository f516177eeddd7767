import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { listenWeb } from '../support/mcp/node-web.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { addPerson, type Caller } from '../support/people.ts';
import { patience } from '../support/upstream/signed-in.ts';

/** A server over HTTP with a key of each person, which refuses some. */

let app: TestApp;
let ann: Caller;
let bob: Caller;
let raw: Awaited<ReturnType<typeof listenWeb>>;
const right = new Set(['key-of-ann', 'key-of-bob']);

async function answer(request: Request): Promise<Response> {
  if (request.method !== 'POST') return new Response(null, { status: 405 });
  const key = request.headers.get('x-key') ?? '';
  const { id, method, params } = (await request.json()) as Json;
  if (id === undefined) return new Response(null, { status: 202 });
  if (!right.has(key)) {
    return Response.json({ jsonrpc: '2.0', id, error: { code: -32001, message: 'Bad key' } }, { status: 401 });
  }
  const results: Json = {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'keyed', version: '1' },
    },
    'tools/list': { tools: [{ name: 'whose', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: key }] },
  };
  const result = results[method];
  const body = result ? { result } : { error: { code: -32601, message: 'Method not found' } };
  return Response.json({ jsonrpc: '2.0', id, ...body });
}

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  [ann, bob] = [await addPerson(app, 'ann'), await addPerson(app, 'bob')];
  raw = await listenWeb(answer);
  await app.client().servers.create.mutate({
    id: 'keyed',
    kind: 'streamable-http',
    url: `${raw.origin}/mcp`,
    headers: { 'X-Key': '${user:KEY}' },
    slots: [{ name: 'KEY', label: 'Access key' }],
    visibility: 'everyone',
  });
});
afterAll(async () => {
  await app.stop();
  await raw.close();
});

async function call({ token }: Caller, capabilities: Json = {}): Promise<Json> {
  const headers = { authorization: `Bearer ${token}` };
  const params = { name: 'whose', arguments: {} };
  return (await modernExchange(`${app.url}/mcp/keyed`, 'tools/call', params, { headers, capabilities })).reply;
}

function fill(who: Caller, key: string) {
  return who.client().slots.fill.mutate({ id: 'keyed', values: { KEY: key } });
}

async function status(who: Caller | TestApp = app) {
  return (await who.client().servers.get.query({ id: 'keyed' })).status;
}

it('a server that waits for people answers a restart and a start', async () => {
  const begun = performance.now();
  const api = app.client();
  await expect(api.servers.restart.mutate({ id: 'keyed' })).rejects.toThrow(/Nobody has signed in/);
  await expect(api.servers.start.mutate({ id: 'keyed', wait: true })).rejects.toThrow(/Nobody has signed in/);
  expect(performance.now() - begun).toBeLessThan(30_000);
});

it('a person whose key is refused hears it with the link, and nobody else is touched', async () => {
  await fill(ann, 'key-of-ann');
  await expect.poll(async () => JSON.stringify(await call(ann)), patience).toContain('key-of-ann');
  await fill(bob, 'key-with-a-typo');
  const refused = await call(bob);
  expect(refused.error.message).toMatch(/refused the credentials of your own/);
  expect(refused.error.message).toContain(`${app.url}/ui/servers/keyed/credentials`);
  expect(refused.error.data).toMatchObject({ needs: 'credentials' });
  // A client that shows pages is sent there.
  const { result } = await call(bob, { elicitation: { form: {}, url: {} } });
  expect(result.resultType).toBe('input_required');
  // The server starts anew as Ann, though Bob gave last.
  await app.client().servers.restart.mutate({ id: 'keyed' });
  for (const who of [app, ann, bob]) {
    expect(await status(who)).toMatchObject({ phase: 'running', needsSignIn: false, error: null });
  }
  expect(JSON.stringify(await call(ann))).toContain('key-of-ann');
  await fill(bob, 'key-of-bob');
  expect(JSON.stringify(await call(bob))).toContain('key-of-bob');
});

it('a key that is taken back in mid-use is told too, and the server waits for another', async () => {
  right.clear();
  expect((await call(ann)).error.message).toMatch(/refused the credentials of your own/);
  await expect(app.client().servers.restart.mutate({ id: 'keyed' })).rejects.toThrow(/refused what people filled in/);
  expect(await status()).toMatchObject({ phase: 'stopped', needsSignIn: false, failures: 0 });
  right.add('new-key-of-ann');
  await fill(ann, 'new-key-of-ann');
  await expect.poll(async () => (await status()).phase, patience).toBe('running');
  expect(JSON.stringify(await call(ann))).toContain('new-key-of-ann');
});
