import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';

/** Bodies of requests with content codings, byte order marks and other encodings of text, on every way in. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ BODY_LIMIT: '1MB' });
});
afterAll(() => app.stop());

const coders: Record<string, (bytes: Buffer) => Promise<Buffer<ArrayBuffer>>> = {
  gzip: promisify(zlib.gzip),
  'x-gzip': promisify(zlib.gzip),
  deflate: promisify(zlib.deflate),
  br: promisify(zlib.brotliCompress),
  zstd: promisify(zlib.zstdCompress),
};

async function send(path: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: bytes,
  });
  const text = await response.text();
  const body: Json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body, text };
}

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** A body for each way in that reads one, and the status that it gets. */
const ways: [path: string, body: Json, status: number][] = [
  ['/api/servers/ghost/stop', { graceful: true }, 404],
  ['/api/containers/create', {}, 422],
  ['/api/mcp/tools/call', {}, 400],
  ['/trpc/servers.stop', {}, 400],
  ['/mcp', initialize, 200],
];
const login = { username: 'admin', password: 'wrong password' };

describe('a compressed body', () => {
  test.each(Object.keys(coders))('is read as what it is: %s', async (coding) => {
    const { status, body } = await send(
      '/api/groups',
      (await coders[coding]?.(Buffer.from(JSON.stringify({ name: `group of ${coding}` })))) ?? Buffer.alloc(0),
      { 'content-encoding': coding.toUpperCase() },
    );
    expect([status, body.data?.name]).toEqual([201, `group of ${coding}`]);
    const session = await send(
      '/mcp',
      (await coders[coding]?.(Buffer.from(JSON.stringify(initialize)))) ?? Buffer.alloc(0),
      {
        'content-encoding': coding,
      },
    );
    expect([session.status, session.text]).toEqual([200, expect.stringContaining('protocolVersion')]);
  });

  test('may lack the header of its coding, or have two codings', async () => {
    const text = Buffer.from(JSON.stringify({ name: 'raw' }));
    const raw = await send('/api/groups', zlib.deflateRawSync(text), { 'content-encoding': 'deflate' });
    expect(raw.status).toBe(201);
    const twice = zlib.brotliCompressSync(zlib.gzipSync(Buffer.from(JSON.stringify({ name: 'twice' }))));
    expect((await send('/api/groups', twice, { 'content-encoding': 'gzip, br' })).status).toBe(201);
    const thrice = await send('/api/groups', twice, { 'content-encoding': 'gzip, gzip, br' });
    expect([thrice.status, thrice.text]).toEqual([415, expect.stringContaining('2 content codings')]);
  });

  test('counts by what it becomes', async () => {
    const before = process.memoryUsage().rss;
    for (const coding of ['gzip', 'deflate', 'br', 'zstd']) {
      const bomb = await coders[coding]?.(Buffer.alloc(64 * 1024 ** 2, ' '));
      for (const [path] of ways) {
        const { status, text } = await send(path, bomb ?? Buffer.alloc(0), { 'content-encoding': coding });
        expect([status, text], `${coding} ${path}`).toEqual([
          413,
          expect.stringMatching(/larger than 1 MB|at most 1048576/),
        ]);
      }
      const stranger = await send('/api/auth/login', bomb?.subarray(0, 9000) ?? Buffer.alloc(0), {
        'content-encoding': coding,
        authorization: '',
      });
      expect([413, 400]).toContain(stranger.status);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 ** 2);
  });

  test('signs in, and is malformed where it is not what it says', async () => {
    const coded = zlib.gzipSync(Buffer.from(JSON.stringify(login)));
    expect((await send('/api/auth/login', coded, { 'content-encoding': 'gzip' })).status).toBe(401);
    for (const broken of [Buffer.from('{}'), coded.subarray(0, 20)]) {
      const { status, text } = await send('/api/groups', broken, { 'content-encoding': 'gzip' });
      expect([status, text]).toEqual([400, expect.stringContaining('Content-Encoding')]);
      const mcp = await send('/mcp', broken, { 'content-encoding': 'gzip' });
      expect([mcp.status, mcp.body.error.code, mcp.text]).toEqual([
        400,
        -32700,
        expect.stringContaining('Content-Encoding'),
      ]);
    }
  });

  test.each(ways)('of another coding is refused by its name: %s', async (path, body) => {
    const { status, headers, text } = await send(path, Buffer.from(JSON.stringify(body)), {
      'content-encoding': 'lzma',
    });
    expect([status, text]).toEqual([415, expect.stringContaining('lzma')]);
    expect(headers.get('accept-encoding')).toBe('gzip, deflate, br, zstd');
  });

  test.each(ways)('of no coding is called identity: %s', async (path, body, status) => {
    const answer = await send(path, Buffer.from(JSON.stringify(body)), { 'content-encoding': 'identity' });
    expect(answer.status, answer.text).toBe(status);
  });
});

describe('the text of a body', () => {
  const both = ['/api/servers/ghost/stop', '/mcp'];

  test.each(both)('may begin with a byte order mark: %s', async (path) => {
    const body = JSON.stringify(path === '/mcp' ? initialize : {});
    expect((await send(path, Buffer.from(`\uFEFF${body}`))).status).toBe(path === '/mcp' ? 200 : 404);
  });

  test.each(['/api/groups', '/api/mcp/servers', '/api/containers/create', '/mcp'])(
    'is called UTF-16 where it is: %s',
    async (path) => {
      for (const text of ['{"name":"x"}', '\uFEFF{"name":"张三"}']) {
        const little = Buffer.from(text, 'utf16le');
        for (const bytes of [little, Buffer.from(little).swap16()]) {
          const answer = await send(path, bytes);
          expect([400, 422]).toContain(answer.status);
          expect(answer.text).toContain('UTF-16');
        }
      }
    },
  );
});

describe('the id of a message', () => {
  const big = '9007199254740993';
  async function post(text: string) {
    const init = await send('/mcp', Buffer.from(JSON.stringify(initialize)));
    return send('/mcp', Buffer.from(text), { 'mcp-session-id': init.headers.get('mcp-session-id') ?? '' });
  }

  test.each([big, `-${big}`, '1732837195123456789', '0.12345678901234567890', '1e999', '12345678901234567890123'])(
    'that cannot be given back is refused with itself: %s',
    async (id) => {
      const { status, text } = await post(`{"jsonrpc":"2.0", "method":"ping", "id" : ${id} }`);
      expect(status).toBe(400);
      expect(text).toContain(`"id":${id},`);
      expect(text).toContain(`the id ${id} cannot be given back exactly`);
    },
  );

  test.each([
    '9007199254740991',
    '-9007199254740991',
    '9007199254740992',
    '0',
    '1.5',
    `"${big}"`,
    '"1732837195123456789"',
  ])('comes back as it was sent: %s', async (id) => {
    const { status, text } = await post(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`);
    expect(status).toBe(200);
    expect(text).toMatch(new RegExp(`"id":${id.replaceAll('.', '\\.')}[,}]`));
  });

  test('in a batch spoils its own message alone', async () => {
    function ping(id: string) {
      return `{"jsonrpc":"2.0","id":${id},"method":"ping","params":{"_meta":{"id":${big}}}}`;
    }
    const init = await send(
      '/mcp',
      Buffer.from(JSON.stringify({ ...initialize, params: { ...initialize.params, protocolVersion: '2025-03-26' } })),
    );
    const session = { 'mcp-session-id': init.headers.get('mcp-session-id') ?? '' };
    const { status, text } = await send('/mcp', Buffer.from(`[ ${ping('1')}, ${ping(big)} ,${ping('"a"')}]`), session);
    expect(status).toBe(200);
    expect(text).toContain(`"id":${big},"error"`);
    expect(text).toMatch(/"id":1[,}]/);
    expect(text).toMatch(/"id":"a"[,}]/);
  });

  test('is the message’s own, whatever its arguments hold', async () => {
    const { status, text } = await post(`{"jsonrpc":"2.0","id":7,"method":"ping","params":{"id":${big}}}`);
    expect([status, text]).toEqual([200, expect.stringContaining('"id":7')]);
  });
});
