import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { openSession, post } from '../support/mcp/raw.ts';
import type { Json } from '../support/mcp/script-types.ts';
import { type Upstream, upstreamPrograms } from '../support/mcp/upstreams.ts';

/** What the MCP endpoints refuse before a server hears of it. */

let hub: HubProcess;
let upstream: Upstream;

beforeAll(async () => {
  hub = await startHub();
  upstream = await upstreamPrograms['v1-http']('alpha');
  await hub.add('alpha', upstream);
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await upstream?.[Symbol.asyncDispose]();
});

const hello: Json = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

interface Sent {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends what `fetch` would not: any Host header, any method, any body. */
function send(pathname: string, method: string, headers: Record<string, string>, body = ''): Promise<Sent> {
  const target = new URL(hub.origin);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: target.hostname,
        port: target.port,
        path: pathname,
        method,
        headers,
        setHost: headers['host'] === undefined,
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

function isJsonRpcError(body: string): void {
  expect(JSON.parse(body)).toMatchObject({
    jsonrpc: '2.0',
    error: { code: expect.any(Number), message: expect.any(String) },
  });
}

const endpoints = ['/mcp', '/mcp/alpha', '/sse', '/sse/alpha', '/messages?sessionId=x'];
function methodOf(endpoint: string): string {
  return endpoint.startsWith('/sse') ? 'GET' : 'POST';
}

describe.each(endpoints)('%s', (endpoint) => {
  const method = methodOf(endpoint);
  const body = method === 'POST' ? JSON.stringify(hello) : '';

  test('refuses a foreign Host', async () => {
    const answer = await send(endpoint, method, { ...json, ...hub.headers, host: 'evil.example.com' }, body);
    expect(answer.status).toBe(403);
    isJsonRpcError(answer.body);
  });

  test.each(['https://evil.example.com', 'null', 'http://localhost.evil.example'])(
    'refuses the Origin %s',
    async (origin) => {
      const answer = await send(endpoint, method, { ...json, ...hub.headers, origin }, body);
      expect(answer.status).toBe(403);
      isJsonRpcError(answer.body);
    },
  );

  test('refuses no credentials, and wrong ones, with a challenge', async () => {
    for (const authorization of [undefined, 'Bearer sbk_00000000nothing', 'Basic YWRtaW46YWRtaW4=', 'Bearer']) {
      const answer = await send(endpoint, method, { ...json, ...(authorization && { authorization }) }, body);
      expect(answer.status).toBe(401);
      expect(String(answer.headers['www-authenticate'])).toMatch(/^Bearer/);
      isJsonRpcError(answer.body);
    }
  });

  test('takes no credentials from the query', async () => {
    const joint = endpoint.includes('?') ? '&' : '?';
    const answer = await send(`${endpoint}${joint}access_token=${hub.key}&key=${hub.key}`, method, json, body);
    expect(answer.status).toBe(401);
  });
});

describe('/mcp', () => {
  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
    ['', 415],
  ])('takes a body as JSON only when its type says so: %s', async (type, status) => {
    const headers = { accept: json.accept, ...hub.headers, ...(type !== '' && { 'content-type': type }) };
    const answer = await send('/mcp', 'POST', headers, JSON.stringify(hello));
    expect(answer.status).toBe(status);
    isJsonRpcError(answer.body);
  });

  test.each([
    ['{"jsonrpc":', 400, -32700],
    ['', 400, -32700],
    ['[]', 400, -32600],
    ['42', 400, -32600],
    ['"text"', 400, -32600],
    ['null', 400, -32600],
    ['{}', 400, -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', 400, -32600],
    ['{"jsonrpc":"2.0","id":1,"method":7}', 400, -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"tools/list"}', 400, -32000],
  ])('answers %s with %i and a JSON-RPC error', async (body, status, code) => {
    const answer = await send('/mcp', 'POST', { ...json, ...hub.headers }, body);
    expect(answer.status).toBe(status);
    isJsonRpcError(answer.body);
    expect((JSON.parse(answer.body) as { error: { code: number } }).error.code).toBe(code);
  });

  test('refuses a body over the limit', async () => {
    const big = { ...hello, params: { ...(hello['params'] as Json), filler: 'x'.repeat(11 * 1024 * 1024) } };
    // The hub answers and closes before all has come: a client that still sends may see that first.
    function attempt() {
      return send('/mcp', 'POST', { ...json, ...hub.headers }, JSON.stringify(big)).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EPIPE' || error.code === 'ECONNRESET') return null;
          throw error;
        },
      );
    }
    let answer: Sent | null = null;
    for (let n = 0; n < 10 && answer === null; n += 1) answer = await attempt();
    expect(answer?.status).toBe(413);
    isJsonRpcError(answer?.body ?? '');
  });

  test.each(['PUT', 'PATCH', 'HEAD'])('refuses %s', async (method) => {
    const answer = await send('/mcp', method, { ...json, ...hub.headers });
    expect(answer.status).toBe(405);
    if (method !== 'HEAD') isJsonRpcError(answer.body);
    expect(String(answer.headers['allow'])).toContain('POST');
  });

  test('does not know the session of another credential', async () => {
    const session = await openSession(hub.url(), { headers: hub.headers });
    const stranger = await hub.anotherKey('stranger');
    const headers = { ...stranger, 'mcp-session-id': session.id ?? '', 'mcp-protocol-version': '2025-11-25' };
    expect((await post(hub.url(), { jsonrpc: '2.0', id: 2, method: 'ping' }, { headers })).status).toBe(404);
    expect((await send('/mcp', 'GET', { ...headers, accept: 'text/event-stream' })).status).toBe(404);
    expect((await send('/mcp', 'DELETE', headers)).status).toBe(404);
    expect(await session.end()).toBeLessThan(300);
  });

  test('forgets a key at once when it is revoked', async () => {
    const headers = await hub.anotherKey('short-lived');
    const session = await openSession(hub.url(), { headers });
    const { items } = { items: await hub.api.keys.list.query() };
    const key = items.find(({ name }: { name: string }) => name === 'short-lived');
    await hub.api.keys.revoke.mutate({ id: key?.id ?? '' });
    await expect.poll(async () => (await session.send({ jsonrpc: '2.0', id: 3, method: 'ping' })).status).toBe(401);
  });
});
