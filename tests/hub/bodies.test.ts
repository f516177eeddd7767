import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';

/** What strangers send is read last and least, and no request holds more than it may. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

const sockets: Socket[] = [];
afterAll(() => sockets.forEach((socket) => socket.destroy()));

/** Writes bytes as they are; gives what came back so far. */
function raw(text: string): { answer(): string; send(more: Buffer | string): void; ended(): boolean; error(): string } {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  let isEnded = false;
  let failure = '';
  socket.on('end', () => (isEnded = true));
  socket.on('error', (error) => (failure = error.message));
  socket.write(text);
  return {
    answer: () => heard,
    send: (more) => void socket.write(more),
    ended: () => isEnded,
    error: () => failure,
  };
}

function post(path: string, more = ''): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${more}`;
}
const soon = { timeout: 30_000 };

describe('a body of somebody who has not signed in', () => {
  test.each(['/api/auth/login', '/trpc/auth.login'])('has at most 16 KB at %s', async (path) => {
    const announced = raw(post(path, 'content-length: 20000\r\n\r\n'));
    await expect.poll(announced.answer, soon).toContain(' 413 ');
    const chunked = raw(post(path, 'transfer-encoding: chunked\r\n\r\n'));
    for (let n = 0; n < 5; n += 1) chunked.send(`1000\r\n${'x'.repeat(4096)}\r\n`);
    await expect.poll(chunked.answer, soon).toContain(' 413 ');
  });

  test.each(['/api/servers', '/trpc/servers.create', '/trpc/servers.create,servers.remove?batch=1', '/mcp'])(
    'is not read at %s, which needs credentials',
    async (path) => {
      const request = raw(post(path, 'content-length: 9000000\r\n\r\n{'));
      await expect.poll(request.answer, soon).toMatch(/ (?:401|207) /);
      expect(request.answer()).toMatch(/UNAUTHORIZED|AUTH_REQUIRED|UNAUTHENTICATED|Sign in|-32/);
    },
  );

  test('is given up where it does not arrive', async () => {
    const slow = raw(post('/api/auth/login', 'content-length: 100\r\n\r\n{'));
    await expect.poll(slow.answer, soon).toContain('within 10 seconds');
  });

  test('costs little memory, however many are on their way', async () => {
    const before = process.memoryUsage().rss;
    const piece = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
    const many = Array.from({ length: 60 }, () => raw(post('/trpc/auth.login', 'transfer-encoding: chunked\r\n\r\n')));
    for (let n = 0; n < 100; n += 1) {
      for (const request of many) request.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const health = await app.fetch('/health', { auth: false });
    expect(health.status).toBe(200);
    for (const request of many) await expect.poll(request.answer, soon).toContain(' 413 ');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2);
  });
});

describe('a body that is too large', () => {
  function head(path: string) {
    return post(path, `authorization: Bearer ${app.token}\r\naccept: application/json, text/event-stream\r\n`);
  }
  const pieces = 12;
  const piece = Buffer.alloc(1024 ** 2, 'x');

  test.each(['/api/servers', '/api/mcp/servers', '/api/containers/create', '/trpc/servers.create', '/mcp'])(
    'is refused by an answer that arrives, and says that the connection closes: %s',
    async (path) => {
      for (const framing of ['content-length: 12582912', 'transfer-encoding: chunked']) {
        const isChunked = framing.startsWith('transfer');
        const request = raw(`${head(path)}${framing}\r\n\r\n`);
        for (let n = 0; n < pieces; n += 1) {
          if (isChunked) request.send('100000\r\n');
          request.send(piece);
          if (isChunked) request.send('\r\n');
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        if (isChunked) request.send('0\r\n\r\n');
        await expect.poll(request.ended, soon).toBe(true);
        expect(request.error()).toBe('');
        const [headers = '', body = ''] = request.answer().split('\r\n\r\n');
        expect(headers).toMatch(/^HTTP\/1\.1 413 /);
        expect(headers.match(/^connection: .*$/gim)).toEqual([expect.stringMatching(/: close$/i)]);
        expect(() => JSON.parse(body)).not.toThrow();
      }
    },
  );
});

describe('a batch', () => {
  const credentials = { username: 'admin', password: 'wrong password' };
  function batch(names: string[], input: unknown) {
    return app.json(`/trpc/${names.join(',')}?batch=1`, {
      method: 'POST',
      auth: false,
      body: Object.fromEntries(names.map((_, index) => [index, input])),
    });
  }

  test('guesses no password twice', async () => {
    const { status, body } = await batch(['auth.login', 'auth.login'], credentials);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('request of its own');
    const escaped = await app.fetch('/trpc/auth.login%2Cauth.login?batch=1', {
      method: 'POST',
      auth: false,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(escaped.status).toBe(400);
    expect((await batch(['auth.login'], credentials)).status).toBe(401);
  });

  test('has at most twenty calls', async () => {
    const names = Array.from({ length: 21 }, () => 'auth.me').join(',');
    const { status, body } = await app.json(`/trpc/${names}?batch=1&input={}`);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('20 calls');
  });
});

describe('a request that could be read in two ways', () => {
  test.each(['/ui/../trpc/auth.me', '/ui/%2e%2e/api/servers', '/ui/./../api/servers', '/ui\\..\\trpc/auth.me'])(
    'is checked for what it reaches: %s',
    async (path) => {
      const request = raw(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: http://evil.example\r\n\r\n`);
      await expect.poll(request.answer, soon).toContain(' 403 ');
    },
  );

  test('is refused where it names two hosts', async () => {
    const request = raw('GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nHost: evil.example\r\n\r\n');
    await expect.poll(request.answer, soon).toContain(' 400 ');
    const one = raw('GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    await expect.poll(one.answer, soon).toContain(' 200 ');
  });
});

test('the API document is made once, whatever the hub is called', async () => {
  async function titled(host: string) {
    const request = raw(`GET /openapi.json HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    await expect.poll(request.answer, soon).toContain('"openapi"');
    await expect.poll(request.answer, soon).toContain(`http://${host}"`);
    return request.answer();
  }
  expect(await titled('192.0.2.1:81')).not.toContain('.invalid');
  await titled('192.0.2.2');
});

describe('a body of millions of values', () => {
  const zeros = `[${'0,'.repeat(2_500_000)}0]`;
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`;
  const places = ['/api/servers', '/api/mcp/servers', '/api/containers/create', '/trpc/servers.create'];
  async function send(path: string, body: string, type = 'application/json') {
    const answer = await app.fetch(path, { method: 'POST', body, headers: { 'content-type': type } });
    return { status: answer.status, text: await answer.text() };
  }

  test.each(places)('is refused in few words at %s', async (path) => {
    const before = process.memoryUsage().rss;
    const many = await send(path, `{"name":"bomb","command":"node","args":${zeros}}`);
    expect(many.text.length).toBeLessThan(2000);
    expect([400, 422]).toContain(many.status);
    expect(many.text).toContain('more than 100000 values');
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 ** 2);
    expect((await send(path, `{"name":"bomb","args":${deep}}`)).text).toContain('nested deeper than 128 levels');
  });

  test.each(places)('is answered in few words at %s where each of them is wrong', async (path) => {
    const wrong = `[${'0,'.repeat(5000)}0]`;
    const body = `{"name":"bomb","command":"node","image":"x","args":${wrong},"env":${wrong},"command_args":${wrong},"${'k'.repeat(200_000)}":1}`;
    const { status, text } = await send(path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text.length).toBeLessThan(64 * 1024);
  });

  test.each([
    ['application/x-www-form-urlencoded', 'username=a&password=b' + '&k=v'.repeat(2000)],
    [
      'multipart/form-data; boundary=cut',
      '--cut\r\nContent-Disposition: form-data; name="k"\r\n\r\nv\r\n'.repeat(2000) + '--cut--\r\n',
    ],
  ])('is refused where it is a form: %s', async (type, body) => {
    const { status, text } = await send('/api/auth/token', body, type);
    expect([400, 422]).toContain(status);
    expect(text).toContain('more than 1000 fields');
  });
});

describe('a large form', () => {
  const form = `--cut\r\n${'x: y\r\n'.repeat(100_000)}\r\n\r\n--cut--\r\n`;
  const headers = { 'content-type': 'multipart/form-data; boundary=cut' };

  test.each([
    ['/api/auth/token', 413, 'larger than 262144 bytes'],
    ['/trpc/servers.create', 415, 'sent as application/json'],
  ])('is not parsed at %s', async (path, status, text) => {
    const answer = await app.fetch(path, { method: 'POST', body: form, headers });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
  });
});
