import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { serve, sseServer, type Handle, type TestServer } from '../fixtures/http-server.ts';
import type { LinkError, OpenLink } from '../link.ts';
import { createHttpClient } from './http-client.ts';
import { describeLink } from './link.behaviour.ts';
import { openSse } from './sse.ts';
import { openTestLink, remote, type TestLink } from './testing.ts';

const client = createHttpClient({ allowPrivate: true });
afterAll(() => client.close());

const open: OpenLink = (launch, context, events) => {
  if (!('url' in launch)) throw new Error('not a URL');
  return openSse(launch, context, events, client);
};

async function withServer(server: TestServer, headers: Record<string, string> = {}) {
  const test = await openTestLink(open, remote('sse', `${server.url}/sse`, headers), { answerWith: { roots: [] } });
  async function dispose() {
    await test[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  }
  return { ...test, server, [Symbol.asyncDispose]: dispose } satisfies TestLink & { server: TestServer };
}

function caught(promise: Promise<unknown>) {
  return promise.then(
    () => null,
    (error: LinkError) => error,
  );
}

async function failedStart(handle: Handle, signal?: AbortSignal): Promise<LinkError | null> {
  await using server = await serve(handle);
  return await caught(openTestLink(open, remote('sse', `${server.url}/sse`), signal === undefined ? {} : { signal }));
}

describeLink('HTTP+SSE', async () => withServer(await sseServer()));

describe('the start', () => {
  it('posts to the address that the server names, with the configured headers', async () => {
    await using test = await withServer(await sseServer(), { authorization: 'Bearer x' });
    await test.request('echo');
    expect(test.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /sse',
      'POST /messages?session=1',
    ]);
    expect(test.server.requests.every(({ headers }) => headers.authorization === 'Bearer x')).toBe(true);
  });

  it.each([
    ['another origin', 'http://169.254.169.254/x'],
    ['another port', 'http://127.0.0.1:1/x'],
    ['no address', 'http://'],
  ])('refuses %s as the address for messages', async (_, address) => {
    const error = await failedStart((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`event: endpoint\ndata: ${address}\n\n`);
    });
    expect(error).toMatchObject({ code: 'protocol', message: expect.stringContaining(address) });
  });

  it.each([
    [401, 'text/plain', 'unauthorized'],
    [404, 'text/plain', 'http'],
    [405, 'text/plain', 'http'],
    [200, 'text/html', 'protocol'],
  ])('fails on HTTP %i with %s as %s', async (status, type, code) => {
    const error = await failedStart((_, response) => response.writeHead(status, { 'content-type': type }).end('no'));
    expect(error).toMatchObject({ code, status });
  });

  it('fails when the stream ends before it names an address', async () => {
    const error = await failedStart((_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    );
    expect(error).toMatchObject({ code: 'protocol', message: expect.stringContaining('named no address') });
  });

  it('is given up with its signal', async () => {
    expect(await failedStart(() => {}, AbortSignal.timeout(50))).toMatchObject({
      code: 'closed',
      message: 'The start was given up.',
    });
    expect(await failedStart(() => {}, AbortSignal.abort())).toMatchObject({ code: 'closed' });
  });
});

describe('the end of the stream', () => {
  it('is the end of the link', async () => {
    await using test = await withServer(await sseServer());
    await test.request('echo');
    const waiting = caught(test.request('late', { ms: 10_000 }));
    await expect.poll(() => test.server.requests.length).toBe(3);
    for (const socket of test.server.sockets) socket.destroy();
    expect(await waiting).toMatchObject({ code: 'closed', message: expect.stringContaining('broke off') });
    expect(test.seen.closed).toHaveLength(1);
    await expect(test.request('echo')).rejects.toMatchObject({ code: 'closed' });
  });

  it('comes with a 404 for a message', async () => {
    await using test = await withServer(
      await serve((request, response) => {
        if (request.method === 'POST') return response.writeHead(404).end('no such session');
        return response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: endpoint\ndata: /m\n\n');
      }),
    );
    expect(await caught(test.request('echo'))).toMatchObject({ code: 'session_lost', status: 404 });
    await test.until(({ closed }) => closed.length > 0);
    expect(test.seen.closed).toMatchObject([{ code: 'session_lost' }]);
  });
});

it('a message that is given up or refused is told to its sender', async () => {
  await using test = await withServer(
    await serve((request, response, body) => {
      if (request.method === 'GET') {
        return response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: endpoint\ndata: m\n\n');
      }
      return body.includes('hang') ? undefined : response.writeHead(500).end('broken');
    }),
  );
  expect(await caught(test.request('echo'))).toMatchObject({ code: 'http', status: 500, body: 'broken' });
  const controller = new AbortController();
  const hanging = caught(test.request('hang', {}, { signal: controller.signal }));
  await expect.poll(() => test.server.requests.length).toBe(3);
  controller.abort();
  expect(await hanging).toMatchObject({ code: 'closed' });
  expect(test.seen.closed).toEqual([]);
});

it('speaks with a real server', async () => {
  const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
  const probe = await serve(() => {});
  await probe[Symbol.asyncDispose]();
  const env = { PATH: process.env['PATH'], PORT: String(probe.port) };
  const child = spawn(process.execPath, [program, 'sse'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const launch = remote('sse', `http://127.0.0.1:${probe.port}/sse`);
    await expect.poll(() => openTestLink(open, launch).then((test) => test[Symbol.asyncDispose]())).toBeUndefined();
    await using test = await openTestLink(open, launch);
    const clientInfo = { name: 'test', version: '1' };
    await test.request('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo });
    await test.link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const call = await test.request('tools/call', { name: 'echo', arguments: { message: 'hi' } });
    expect(call.result?.['content']).toEqual([{ type: 'text', text: 'Echo: hi' }]);
  } finally {
    child.kill('SIGKILL');
  }
});
