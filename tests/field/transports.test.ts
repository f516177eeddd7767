import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventStream, serve, type TestServer } from '../../packages/mcp-runtime/src/upstream/fixtures/http-server.ts';
import { type Field, fieldServer, type Message, replyTo, startField } from './field.ts';

/** Servers registered with the transport that they do not speak. */

type Answer = Parameters<typeof eventStream>[0];

let field: Field;
const servers: TestServer[] = [];

beforeAll(async () => {
  field = await startField();
});
afterAll(async () => {
  await field?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
});

/** A server of HTTP+SSE whose address answers anything but GET with `status`; null: as it answers GET. */
async function sseOnly(status: number | null, asked: string[] = []): Promise<TestServer> {
  const streams = new Map<string, (data: unknown) => void>();
  const server = await serve((request, response, body) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(`${request.method} ${pathname}`);
    if (pathname === '/sse' && (request.method === 'GET' || status === null)) {
      const session = String(streams.size);
      const send = eventStream(response);
      response.write(`event: endpoint\ndata: /messages?session=${session}\n\n`);
      return streams.set(session, send);
    }
    if (pathname !== '/messages') return response.writeHead(status ?? 404).end('{"detail":"Method Not Allowed"}');
    response.writeHead(202).end('Accepted');
    const message = JSON.parse(body) as Message;
    if (message.method !== undefined && message.id !== undefined) {
      streams.get(searchParams.get('session') ?? '')?.(replyTo(message));
    }
    return undefined;
  });
  servers.push(server);
  return server;
}

/** A server of streamable HTTP that answers GET like this. */
async function httpOnly(answer: (response: Answer) => unknown): Promise<string> {
  const server = await fieldServer(({ plainly }) => plainly());
  const front = await serve((request, response, body) => {
    if (request.method === 'GET') return answer(response);
    return fetch(server.url, {
      method: request.method ?? 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    }).then(async (answered) =>
      response.writeHead(answered.status, { 'content-type': 'application/json' }).end(await answered.text()),
    );
  });
  servers.push(server, front);
  return `${front.url}/mcp`;
}

async function noted(id: string) {
  return (await field.app.client().servers.items.query({ id })).notes.filter(
    ({ reason }) => reason === 'other-transport',
  );
}

describe('an HTTP+SSE server that is registered as streamable HTTP', () => {
  test.each([405, 404, 400])('and refuses POST with %i works, with a note', async (status) => {
    const asked: string[] = [];
    const server = await sseOnly(status, asked);
    const id = `sse-${status}`;
    await field.add(id, `${server.url}/sse`, { isolation: 'shared' });
    for (const kind of ['v1-streamable', 'v2-modern'] as const) expect(await field.call(id, kind)).toBe('hi {"a":1}');
    expect(await noted(id)).toMatchObject([{ type: 'server', effect: 'changed', detail: 'sse' }]);
    expect((await field.logs(id)).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('answers as one of kind sse, though it was registered as another'),
    );
    // It stays registered as it was; what answers is remembered beside that.
    expect((await field.app.client().servers.get.query({ id })).kind).toBe('streamable-http');
    const refused = asked.filter((line) => line === 'POST /sse').length;
    await field.app.client().servers.stop.mutate({ id });
    await field.app.client().servers.start.mutate({ id, wait: true });
    expect(await field.call(id)).toBe('hi {"a":1}');
    // A start asks the way it is registered for once more, and its calls do not.
    expect(asked.filter((line) => line === 'POST /sse').length).toBeLessThanOrEqual(refused + 1);
    expect(await noted(id)).toMatchObject([{ detail: 'sse' }]);
    expect((await field.app.client().servers.get.query({ id })).kind).toBe('streamable-http');
  });

  test('and opens its stream for POST too works, at once', async () => {
    const server = await sseOnly(null);
    const begun = performance.now();
    await field.add('sse-post', `${server.url}/sse`);
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(await field.call('sse-post')).toBe('hi {"a":1}');
    expect(await noted('sse-post')).toMatchObject([{ detail: 'sse' }]);
  });

  test('takes messages again after it has lost its stream', async () => {
    const server = await sseOnly(405);
    await field.add('sse-lost', `${server.url}/sse`, { isolation: 'shared' });
    expect(await field.call('sse-lost')).toBe('hi {"a":1}');
    for (const socket of server.sockets) socket.destroy();
    await expect.poll(() => field.call('sse-lost').catch(() => null), { timeout: 90_000 }).toBe('hi {"a":1}');
  });
});

describe('a streamable HTTP server that is registered as HTTP+SSE', () => {
  test.each<[string, Parameters<typeof httpOnly>[0]]>([
    ['405', (response) => response.writeHead(405).end()],
    ['406', (response) => response.writeHead(406).end('{"error":"Not Acceptable"}')],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>')],
    ['a stream that ends', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end()],
    ['a stream that says nothing', (response) => void eventStream(response)],
  ])('and answers GET with %s works, with a note', async (way, answer) => {
    const id = `http-${way.replace(/\W+/g, '-')}`;
    await field.add(id, await httpOnly(answer), { kind: 'sse' });
    expect(await field.call(id)).toBe('hi {"a":1}');
    expect(await noted(id)).toMatchObject([{ detail: 'streamable-http' }]);
  });
});

describe('what speaks neither', () => {
  test('is told with what it said to each', async () => {
    const server = await serve((request, response) =>
      response.writeHead(404).end(request.method === 'GET' ? 'no such page' : 'no such method'),
    );
    servers.push(server);
    await expect(field.add('neither', `${server.url}/mcp`)).rejects.toThrow(
      /HTTP 404: no such method\. HTTP\+SSE does not work there either: .*no such page/,
    );
  });

  test('is told once where it said the same to each', async () => {
    const server = await serve((request, response) => response.writeHead(404).end('nothing here'));
    servers.push(server);
    await expect(field.add('nothing', `${server.url}/mcp`)).rejects.toThrow(
      /HTTP 404: nothing here\. HTTP\+SSE does not work there either\. Is the URL that of its MCP endpoint\?$/,
    );
  });

  test.each([
    ['says nothing', (response: Answer) => void response],
    ['opens a stream and says nothing', (response: Answer) => void eventStream(response)],
    [
      'names an address and answers nothing there',
      (response: Answer) => {
        eventStream(response);
        response.write('event: endpoint\ndata: /silent\n\n');
      },
    ],
  ])('is told soon, with what it said, though the other transport %s', async (way, other) => {
    const server = await serve((request, response) => {
      if (request.method === 'GET') return other(response);
      return request.url === '/silent' ? undefined : response.writeHead(405).end('POST is not allowed');
    });
    servers.push(server);
    const begun = performance.now();
    const added = field.add(`silent-${way.replace(/\W+/g, '-').slice(0, 20)}`, `${server.url}/mcp`, {
      limits: { startTimeoutMs: way.startsWith('names') ? 12_000 : 90_000 },
    });
    await expect(added).rejects.toThrow(
      /HTTP 405: POST is not allowed\. HTTP\+SSE does not work there either: The server/,
    );
    expect(performance.now() - begun).toBeLessThan(60_000);
  });

  test('that is silent is told as what took too long', async () => {
    const server = await serve(() => undefined);
    servers.push(server);
    const limits = { startTimeoutMs: 1_500 };
    for (const kind of ['sse', 'streamable-http'] as const) {
      const added = field.add(`mute-${kind}`, `${server.url}/mcp`, { kind, limits });
      await expect(added).rejects.toThrow('did not finish its start in 1.5 s');
    }
  });

  test('and has no note where its settings are right', async () => {
    const server = await fieldServer(({ plainly }) => plainly());
    servers.push(server);
    await field.add('right', server.url);
    expect(await noted('right')).toEqual([]);
  });

  test('for want of a sign-in is asked for no other transport', async () => {
    const asked: string[] = [];
    const server = await serve((request, response) => {
      // Where a sign-in is described is looked for beside the endpoint.
      if (request.url === '/mcp') asked.push(request.method ?? '');
      response.writeHead(401).end();
    });
    servers.push(server);
    await expect(field.add('sign-in', `${server.url}/mcp`)).rejects.toThrow('sign-in');
    expect(asked).not.toContain('GET');
  });
});

test('a config whose type is http and whose address ends in /sse is one of HTTP+SSE', async () => {
  const server = await sseOnly(405);
  const text = JSON.stringify({ mcpServers: { tracker: { type: 'http', url: `${server.url}/sse` } } });
  const client = field.app.client();
  for (let time = 0; time < 3; time += 1)
    await client.servers.importConfig.mutate({ text, apply: true, onConflict: 'replace' });
  const { items: found } = await client.servers.list.query({});
  const tracker = found.filter(({ name }) => name === 'tracker');
  expect(tracker).toMatchObject([{ kind: 'sse' }]);
});
