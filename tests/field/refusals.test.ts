import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Field, type FieldServer, fieldServer, startField } from './field.ts';

/** Servers that refuse a call in words of their own, without a JSON-RPC error. */

const secret = 'sk-live-0123456789abcdef';

let field: Field;
const servers: FieldServer[] = [];

beforeAll(async () => {
  field = await startField();
});
afterAll(async () => {
  await field?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
});

/** A server that answers calls of its tool like this. */
async function refusing(status: number, headers: Record<string, string>, body: string): Promise<FieldServer> {
  const server = await fieldServer(({ message, response, plainly }) => {
    if (message.method !== 'tools/call') return plainly();
    return response.writeHead(status, headers).end(body.replaceAll('$id', JSON.stringify(message.id)));
  });
  servers.push(server);
  return server;
}

const json = { 'content-type': 'application/json' };

describe('what a server says where it refuses a call', () => {
  test.each([
    [422, json, '{"detail":[{"loc":["body","who"],"msg":"field required"}]}', 'field required'],
    [400, json, '{"error":"who must be a name"}', 'who must be a name'],
    [403, json, '{"message":"the plan does not include this tool"}', 'the plan does not include this tool'],
    [500, { 'content-type': 'text/plain' }, 'KeyError: who', 'KeyError: who'],
    [
      503,
      { 'content-type': 'text/html' },
      '<html><body><h1>Down for maintenance</h1></body></html>',
      'Down for maintenance',
    ],
    [502, {}, 'x'.repeat(3_000_000), 'xxxx'],
  ])('with HTTP %i reaches its caller and its log', async (status, headers, body, said) => {
    const id = `says-${status}`;
    await field.add(id, (await refusing(status, headers, body)).url);
    for (const kind of ['v1-streamable', 'v2-modern'] as const) {
      const error: unknown = await field.call(id, kind).catch((failure: unknown) => failure);
      expect(error).toMatchObject({
        message: expect.stringContaining(`HTTP ${status}: `),
        data: { serverId: id, httpStatus: status },
      });
      expect((error as Error).message).toContain(said);
      expect((error as Error).message.length).toBeLessThan(1_000);
    }
    const lines = (await field.logs(id)).filter(({ message }) => message.includes(said));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringMatching(/^tools\/call: /) }),
    );
  });

  test.each([
    ['GBK', 'text/plain; charset=gbk', Buffer.from([0xc5, 0xe4, 0xb6, 0xee, 0xd3, 0xc3, 0xcd, 0xea]), '配额用完'],
    [
      'Latin 1',
      'text/html; charset="iso-8859-1"',
      Buffer.from('<p>Schl\u00fcssel fehlt</p>', 'latin1'),
      'Schlüssel fehlt',
    ],
    ['no alphabet', 'text/plain; charset=x-nothing', Buffer.from('no key'), 'no key'],
  ])('in %s can be read', async (name, type, body, said) => {
    const server = await fieldServer(({ message, response, plainly }) =>
      message.method === 'tools/call' ? response.writeHead(403, { 'content-type': type }).end(body) : plainly(),
    );
    servers.push(server);
    const id = `alphabet-${name.replace(/\W+/g, '-')}`.toLowerCase();
    await field.add(id, server.url);
    await expect(field.call(id)).rejects.toThrow(`HTTP 403: ${said}.`);
  });

  test('at the start is why it does not run', async () => {
    const server = await fieldServer(({ response }) => {
      response.writeHead(403, json).end('{"message":"Your trial has ended"}');
    });
    servers.push(server);
    await expect(field.add('trial', server.url)).rejects.toThrow('HTTP 403: Your trial has ended.');
  });

  test('in the challenge of a refused sign-in is told', async () => {
    const server = await fieldServer(({ response }) => {
      const challenge = 'Bearer error="invalid_token", error_description="The token expired"';
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    servers.push(server);
    // Credentials were given: it is no server that waits for people to sign in.
    const headers = { Authorization: `Bearer ${secret}` };
    await expect(field.add('expired', server.url, { headers })).rejects.toThrow('HTTP 401): The token expired.');
  });

  test('is told as what it is where it speaks no TLS', async () => {
    const server = await refusing(200, {}, '');
    const url = server.url.replace('http:', 'https:');
    await expect(field.add('plain', url)).rejects.toThrow(
      'does not speak TLS: its address may have to begin with http',
    );
  });

  test('is shown without the credentials that it repeats', async () => {
    const server = await refusing(
      400,
      json,
      JSON.stringify({ error: `bad key ${secret} at /mcp?token=${secret}-in-url` }),
    );
    const headers = { Authorization: `Bearer ${secret}` };
    await field.add('repeats', `${server.url}?token=${secret}-in-url`, { headers });
    const error: unknown = await field.call('repeats').catch((failure: unknown) => failure);
    expect((error as Error).message).toContain('bad key ***');
    const logs = await field.logs('repeats');
    expect(JSON.stringify([(error as Error).message, (error as { data?: unknown }).data, logs])).not.toContain(secret);
  });
});

describe('an answer that is none', () => {
  test.each<[string, Parameters<typeof fieldServer>[0], string]>([
    [
      'breaks off',
      ({ response }) => {
        response.writeHead(200, { ...json, 'content-length': '500' }).write('{"jso');
        setTimeout(() => response.socket?.destroy(), 50);
      },
      'The answer broke off',
    ],
    ['is no JSON', ({ response }) => response.writeHead(200, json).end('oops'), 'no JSON-RPC message'],
    ['is a page', ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'), 'text/html'],
    ['wants a sign-in', ({ response }) => response.writeHead(401).end('token expired'), 'token expired'],
  ])('and %s stands in the log once, with the method', async (what, answer, said) => {
    const server = await fieldServer((exchange) =>
      exchange.message.method === 'tools/call' ? answer(exchange) : exchange.plainly(),
    );
    servers.push(server);
    const id = `none-${what.replace(/\W+/g, '-')}`;
    await field.add(id, server.url, { isolation: 'shared' });
    await expect(field.call(id)).rejects.toThrow(said);
    const lines = (await field.logs(id)).filter(({ message }) => message.includes(said));
    expect(lines).toMatchObject([{ level: 'warn', message: expect.stringMatching(/^tools\/call: /) }]);
  });
});

describe('how long a server asks to wait', () => {
  test('is how long the hub waits that did not get it started', async () => {
    const server = await fieldServer(({ response }) =>
      response.writeHead(429, { 'retry-after': '120' }).end('too many clients'),
    );
    servers.push(server);
    await expect(field.add('slow-start', server.url)).rejects.toThrow('too many clients. Try again in 120 s.');
    const { status } = await field.app.client().servers.get.query({ id: 'slow-start' });
    expect(Number(status.nextRetryAt) - Date.now()).toBeGreaterThan(60_000);
  });

  test('reaches the caller in words and as data, and the log', async () => {
    await field.add('slow-down', (await refusing(429, { ...json, 'retry-after': '7' }, '{"error":"slow down"}')).url);
    await expect(field.call('slow-down')).rejects.toMatchObject({
      message: expect.stringContaining('HTTP 429: slow down. Try again in 7 s.'),
      data: { httpStatus: 429, retryAfterSeconds: 7 },
    });
    expect((await field.logs('slow-down')).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('slow down. Try again in 7 s.'),
    );
  });

  test('stands beside the JSON-RPC error that came with it', async () => {
    const body = '{"jsonrpc":"2.0","id":$id,"error":{"code":-32099,"message":"slow down","data":{"limit":3}}}';
    await field.add('slow-rpc', (await refusing(429, { ...json, 'retry-after': '9' }, body)).url);
    await expect(field.call('slow-rpc')).rejects.toMatchObject({
      code: -32099,
      message: expect.stringContaining('slow down'),
      data: { limit: 3, retryAfterSeconds: 9 },
    });
  });

  test('is a header of the answer over REST', async () => {
    await field.add('slow-rest', (await refusing(503, { ...json, 'retry-after': '11' }, '{"error":"busy"}')).url);
    const answer = await field.app.fetch('/api/mcp/servers/slow-rest/tools/good/call', { body: { arguments: {} } });
    expect(answer.headers.get('retry-after')).toBe('11');
    expect(await answer.text()).toContain('busy');
  });
});

test('an error without an id is the answer to the only request there is', async () => {
  const body = '{"jsonrpc":"2.0","id":null,"error":{"code":-32050,"message":"cannot do that today"}}';
  await field.add('no-id', (await refusing(200, json, body)).url);
  await expect(field.call('no-id')).rejects.toMatchObject({
    code: -32050,
    message: expect.stringContaining('cannot do that today'),
  });
});
