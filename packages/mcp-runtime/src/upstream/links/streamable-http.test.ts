import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { json, serve, streamableServer } from '../fixtures/http-server.ts';
import { describeLink } from './link.behaviour.ts';
import { against, caught, closeClients, open, parse, reply, withServer } from './streamable-http.testing.ts';
import { openTestLink, remote } from './testing.ts';

afterAll(closeClients);

describeLink('streamable HTTP with JSON', async () => withServer(await streamableServer({ events: false })));
describeLink('streamable HTTP with event streams', async () => withServer(await streamableServer({ events: true })));

describe('headers', () => {
  it('are the configured ones, those of the protocol and those of one message', async () => {
    const headers = { Authorization: 'Bearer x', 'X-Own': 'y', 'Content-Length': '1', Accept: 'text/html' };
    await using test = await withServer(await streamableServer({ events: false }), { headers });
    await test.request('initialize');
    test.link.negotiated({ protocolVersion: '2025-06-18', listen: false });
    await test.request('echo', {}, { headers: { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call' } });
    await test.request('echo');
    const [first, second, third] = test.server.requests;
    expect(first?.headers).toMatchObject({
      authorization: 'Bearer x',
      'x-own': 'y',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    });
    expect(first?.headers).not.toHaveProperty('mcp-session-id');
    expect(first?.headers).not.toHaveProperty('mcp-protocol-version');
    expect(second?.headers).toMatchObject({
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      authorization: 'Bearer x',
    });
    expect(third?.headers['mcp-protocol-version']).toBe('2025-06-18');
    expect(third?.headers).not.toHaveProperty('mcp-method');
  });

  it('of one message that HTTP does not allow are told to its sender', async () => {
    await using test = await withServer(await streamableServer({ events: false }));
    const sent = test.request('echo', {}, { headers: { 'Mcp-Name': 'a\nb' } });
    expect(await caught(sent)).toMatchObject({ code: 'protocol', message: expect.stringMatching(/mcp-name/i) });
    expect(await test.request('echo', { ok: 1 })).toMatchObject({ result: { ok: 1 } });
  });

  it('that HTTP does not allow are refused when the link is opened', async () => {
    const launch = remote('streamable-http', 'http://127.0.0.1:1/mcp', { 'X-Bad': 'a\nb' });
    await expect(openTestLink(open, launch)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('X-Bad'),
    });
  });
});

describe('a session', () => {
  it('ends with DELETE', async () => {
    const test = await withServer(await streamableServer({ events: false }));
    await test.request('initialize');
    await test.link.close({ graceMs: 500 });
    const last = test.server.requests.at(-1);
    expect(last).toMatchObject({ method: 'DELETE', path: '/mcp' });
    expect(last?.headers['mcp-session-id']).toBe('session-1');
    await test.server[Symbol.asyncDispose]();
  });

  it('is closed in time when the server does not answer the DELETE', async () => {
    const test = await against((request, response, body) => {
      if (request.method === 'POST') reply(response.setHeader('mcp-session-id', 's'), body);
    });
    await test.request('initialize');
    const begun = performance.now();
    await test.link.close({ graceMs: 200 });
    expect(performance.now() - begun).toBeLessThan(60_000);
    await test.server[Symbol.asyncDispose]();
  });

  it.each([
    ['a 404', 404, 'gone'],
    [
      'a 400 of the reference SDK',
      400,
      { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Bad Request: No valid session ID provided' } },
    ],
  ])('is lost by %s: the sender hears it, then the link is over', async (_, status, answer) => {
    await using test = await against((_request, response, body) => {
      const { method } = parse(body);
      if (method === 'notifications/initialized') response.writeHead(202).end();
      else if (method === 'initialize') reply(response.setHeader('mcp-session-id', 's'), body);
      else json(response, answer, status);
    });
    await test.request('initialize');
    await test.link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const error = await caught(test.request('echo'));
    expect(error).toMatchObject({ code: 'session_lost', status });
    expect(test.seen.closed).toEqual([]);
    await test.until(({ closed }) => closed.length > 0);
    expect(test.seen.closed).toEqual([error]);
  });
});

it('the refusal of what opens a session says nothing of that session', async () => {
  await using test = await against((request, response, body) => {
    if (request.method !== 'POST') response.writeHead(405).end();
    else if (parse(body).method === 'initialize') reply(response.setHeader('mcp-session-id', 's'), body);
    else response.writeHead(400).end('Bad session header');
  });
  await test.request('initialize');
  const refused = test.link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  expect(await caught(refused)).toMatchObject({ code: 'http', message: expect.stringContaining('Bad session header') });
  expect(test.server.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
});

describe('refusals', () => {
  it.each([
    [401, {}, 'unauthorized'],
    [403, { 'www-authenticate': 'Bearer scope="x"' }, 'unauthorized'],
    [403, {}, 'http'],
    [404, {}, 'http'],
    [500, {}, 'http'],
  ])('with HTTP %i %o are %s', async (status, headers, code) => {
    await using test = await against((_, response) => response.writeHead(status, headers).end('no'));
    expect(await caught(test.request('echo'))).toMatchObject({ code, status, body: 'no' });
    expect(test.seen.closed).toEqual([]);
  });

  it('with a JSON-RPC error for the request are its reply, for nobody in particular an error with that body', async () => {
    const error = { code: -32601, message: 'No such method' };
    await using test = await against((_, response, body) => {
      const { id, method } = parse(body);
      json(response, { jsonrpc: '2.0', id: method === 'mine' ? id : null, error }, 400);
    });
    expect(await test.request('mine')).toEqual({ jsonrpc: '2.0', id: 1, error });
    expect(await caught(test.request('nobody'))).toMatchObject({
      code: 'http',
      status: 400,
      body: { error },
      message: 'The server refused the message with HTTP 400: No such method.',
    });
  });

  it.each([
    ['text/html', '<html>', 'instead of JSON or an event stream'],
    ['application/json', 'null', 'no JSON-RPC message'],
    ['application/json', '{"jsonrpc":"2.0","id":77,"result":{}}', 'without a reply'],
    ['text/event-stream', 'data: {"jsonrpc":"2.0","id":77,"result":{}}\n\n', 'without a reply'],
  ])('hidden in a 200 with %s %s say what is wrong', async (type, content, message) => {
    await using test = await against((_, response) => response.writeHead(200, { 'content-type': type }).end(content));
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining(message),
    });
  });

  it('of the connection say what is wrong', async () => {
    const server = await serve(() => {});
    await server[Symbol.asyncDispose]();
    for (const [url, code, message] of [
      [server.url, 'unreachable', 'the connection was refused'],
      ['http://no-such-host.invalid', 'unreachable', 'not known'],
    ] as const) {
      await using test = await openTestLink(open, remote('streamable-http', url));
      const error = await caught(test.request('echo'));
      expect(error).toMatchObject({ code });
      expect(error?.message).toMatch(new RegExp(`${message}|name service`));
    }
  });

  it('in other protocols are told from broken connections', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.end('SSH-2.0-x\r\n')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as { port: number };
    await using test = await openTestLink(open, remote('streamable-http', `http://127.0.0.1:${address.port}`));
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'closed',
      message: expect.stringContaining('HTTP'),
    });
    server.close();
  });
});

describe('redirects', () => {
  it('within the server are followed once and remembered', async () => {
    await using test = await against((request, response, body) => {
      if (request.url === '/mcp') return response.writeHead(307, { location: '/mcp/' }).end('see there');
      return reply(response, body);
    });
    await test.request('echo');
    await test.request('echo');
    expect(test.server.requests.map(({ path }) => path)).toEqual(['/mcp', '/mcp/', '/mcp/']);
  });

  it('to another origin are followed without the configured headers', async () => {
    await using other = await serve((_, response, body) => reply(response, body));
    await using test = await against(
      (_, response) => response.writeHead(308, { location: `${other.url}/x?y=1` }).end(),
      {
        headers: { authorization: 'Bearer secret' },
      },
    );
    await test.request('echo');
    expect(other.requests[0]?.path).toBe('/x?y=1');
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(other.requests[0]?.headers['content-type']).toBe('application/json');
    expect(test.server.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  it.each([
    [307, 'http://169.254.169.254/latest/meta-data', 'forbidden_url', '169.254.169.254'],
    [307, 'ftp://127.0.0.1/', 'forbidden_url', 'only http:// and https://'],
    [302, '/elsewhere', 'http', 'use that address'],
    [307, '/mcp', 'http', 'more than 3 times'],
  ])('with HTTP %i to %s are refused', async (status, location, code, message) => {
    await using test = await against((_, response) => response.writeHead(status, { location }).end());
    expect(await caught(test.request('echo'))).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('addresses', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://10.1.2.3/',
    'http://[::ffff:192.168.0.1]/',
    'http://2130706433/',
  ])('like %s are refused before anything is sent', async (url) => {
    await expect(openTestLink(open, { ...remote('streamable-http', url), allowPrivate: false })).rejects.toMatchObject({
      code: 'forbidden_url',
    });
  });

  it('that a name leads to are refused at the connection', async () => {
    const server = await serve((_, response, body) => reply(response, body));
    const url = `http://localhost:${server.port}/`;
    await using test = await openTestLink(open, { ...remote('streamable-http', url), allowPrivate: false });
    expect(await caught(test.request('echo'))).toMatchObject({
      code: 'forbidden_url',
      message: expect.stringContaining('localhost'),
    });
    expect(server.requests).toEqual([]);
    await server[Symbol.asyncDispose]();
  });
});

it('speaks with a real server', async () => {
  const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
  const probe = await serve(() => {});
  await probe[Symbol.asyncDispose]();
  const env = { PATH: process.env['PATH'], PORT: String(probe.port) };
  const child = spawn(process.execPath, [program, 'streamableHttp'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await new Promise((resolve) => child.stderr.once('data', resolve));
    await using test = await openTestLink(open, remote('streamable-http', `http://127.0.0.1:${probe.port}/mcp`));
    const clientInfo = { name: 'test', version: '1' };
    function hello() {
      return test.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    }
    await expect.poll(() => hello().catch(() => null)).toMatchObject({ result: { protocolVersion: '2025-06-18' } });
    test.link.negotiated({ protocolVersion: '2025-06-18', listen: true });
    await test.link.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const call = await test.request('tools/call', { name: 'echo', arguments: { message: 'hi' } });
    expect(call.result?.['content']).toEqual([{ type: 'text', text: 'Echo: hi' }]);
  } finally {
    child.kill('SIGKILL');
  }
});
