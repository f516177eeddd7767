import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects, listRoutes } from '@switchboard/api/dialects';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';

/** What no single endpoint documents: wrong methods, bodies, types, credentials and callers, in each family's shape. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ BODY_LIMIT: '64KB' });
});
afterAll(() => app.stop());

const routes = listRoutes(dialects).map(({ route }) => route);
function concrete(path: string): string {
  return path.replace(/\{\w+\}/g, 'some-server');
}

/** Those whose errors are a `detail`. */
const fastapiDialects: ReadonlySet<string> = new Set(['containers', 'agents']);

/** Code and text of an error, wherever its family puts them. */
function errorOf(body: Json): Json {
  return body.error ?? body.detail;
}

function hubShape(code: string) {
  return {
    success: false,
    error: expect.objectContaining({ code }),
    timestamp: expect.stringMatching(/Z$/),
  };
}
function registryShape(code: string) {
  return { success: false, error: { code, message: expect.any(String) } };
}

describe('without credentials', () => {
  test('every route that needs them answers 401 with a challenge, in its family', async () => {
    for (const route of routes.filter(({ auth }) => auth !== false)) {
      const path = concrete(route.path);
      const { status, headers, body } = await app.json(path, { method: route.method, auth: false });
      expect(status, `${route.method} ${path}`).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      if (fastapiDialects.has(route.dialect)) {
        expect(body, path).toEqual({ detail: 'Not authenticated' });
        continue;
      }
      if (route.dialect === 'openai') {
        expect(body.error, path).toMatchObject({ type: 'invalid_request_error', code: 'invalid_api_key' });
        continue;
      }
      if (route.dialect === 'simulator') {
        expect(body, path).toEqual({ error: 'Unauthorized', message: '请先登录' });
        continue;
      }
      expect(body.success, path).toBe(false);
      const code = route.dialect === 'hub' ? 'AUTHENTICATION_FAILED' : 'UNAUTHORIZED';
      expect(errorOf(body).code, `${route.method} ${path}`).toBe(code);
    }
  });

  test('a credential that does not hold says why', async () => {
    const { status, body } = await app.json('/api/servers', { auth: false, headers: { 'x-api-key': 'sbk_nope' } });
    expect(status).toBe(401);
    expect(body.error.message).toMatch(/API key/);
  });

  test('MCP endpoints answer a JSON-RPC error', async () => {
    for (const path of ['/mcp', '/mcp/some-server', '/sse', '/messages']) {
      const { status, headers, body } = await app.json(path, { method: 'POST', body: {}, auth: false });
      expect([status, body.jsonrpc, body.id], path).toEqual([401, '2.0', null]);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });
});

describe('paths and methods', () => {
  test('an unknown path is 404 in the family of its prefix', async () => {
    const expected: [string, Json][] = [
      ['/api/nothing', hubShape('RESOURCE_NOT_FOUND')],
      ['/api/servers/a/b/c', hubShape('RESOURCE_NOT_FOUND')],
      ['/api/mcp/nothing', registryShape('NOT_FOUND')],
      ['/api/containers/x/y', { detail: 'Not Found' }],
      ['/api/claude/unknown', { detail: 'Not Found' }],
      ['/graphs/a/b', { detail: 'Not Found' }],
      ['/api/graphs/a/b', { detail: 'Not Found' }],
      ['/mcp/ai-tools/x', { detail: 'Not Found' }],
      ['/api/mcp/ai-tools/x', { detail: 'Not Found' }],
      ['/v1/embeddings', { error: expect.objectContaining({ code: 'unknown_url', param: null }) }],
      ['/admin/api/nothing', { error: expect.any(String), code: 'ROUTE_NOT_FOUND' }],
      ['/.well-known/nothing', { error: 'route_not_found', message: expect.any(String) }],
      ['/nothing', { error: 'route_not_found', message: expect.any(String) }],
    ];
    for (const [path, shape] of expected) {
      const { status, headers, body } = await app.json(path);
      expect(status, path).toBe(404);
      expect(headers.get('content-type'), path).toMatch(/^application\/json/);
      expect(body, path).toEqual(shape);
    }
  });

  test('a wrong method is 405 and names the right ones', async () => {
    const hub = await app.json('/api/servers/some-server', { method: 'PATCH' });
    expect(hub.status).toBe(405);
    expect(hub.body).toEqual(hubShape('INVALID_REQUEST'));
    expect(hub.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PUT']);
    const registry = await app.json('/api/mcp/statistics', { method: 'POST' });
    expect(registry.status).toBe(405);
    expect(registry.body).toEqual(registryShape('METHOD_NOT_ALLOWED'));
    expect(registry.headers.get('allow')).toBe('GET, HEAD');
  });

  test('a final slash changes nothing', async () => {
    await using behind = await createTestApp({ TRUST_PROXY: 'true' });
    // One of them leads to the page.
    for (const [index, route] of routes.filter(({ status }) => status !== 302).entries()) {
      const path = concrete(route.path);
      const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
      // Each from an address of its own: the limit of requests would come between the two of a pair.
      const headers = { 'x-forwarded-for': `198.51.100.${index}` };
      const [one, two] = await Promise.all(
        [path, other].map((at) => behind.json(at, { method: route.method, auth: false, headers })),
      );
      expect(one?.status, path).not.toBe(429);
      expect([two?.status, errorOf(two?.body)], `${route.method} ${other}`).toEqual([one?.status, errorOf(one?.body)]);
    }
    expect((await app.fetch('/docs/', { auth: false })).status).toBe(200);
  });

  test('a URL or headers that are too long are 431 in the family of the path', async () => {
    const shapes: [string, Json][] = [
      ['/api/servers', hubShape('INVALID_REQUEST')],
      ['/api/mcp/servers', registryShape('INVALID_REQUEST')],
      ['/api/containers/', { detail: expect.stringContaining('16 KB') }],
      ['/mcp', { jsonrpc: '2.0', id: null, error: expect.anything() }],
      ['/nothing', { error: 'headers_too_large', message: expect.any(String) }],
    ];
    for (const [path, shape] of shapes) {
      const url = await app.json(`${path}?q=${'a'.repeat(20_000)}`);
      expect([url.status, url.body], path).toEqual([431, shape]);
      const header = await app.json(path, { headers: { 'x-long': 'a'.repeat(20_000) } });
      expect([header.status, header.body], path).toEqual([431, shape]);
      expect(header.headers.get('connection')).toBe('close');
    }
    // So long that its beginning is gone before it is refused.
    const { status, body } = await app.json(`/api/servers?q=${'a'.repeat(200_000)}`);
    expect([status, JSON.stringify(body)]).toEqual([431, expect.stringContaining('16 KB')]);
  });

  test('what is no HTTP is refused in words', async () => {
    const { port } = new URL(app.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /api/servers HTTP/1.1\r\nbad header\r\n\r\n'),
      );
      let read = '';
      socket.on('data', (chunk) => (read += String(chunk)));
      socket.on('end', () => resolve(read));
      socket.on('error', reject);
    });
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body)).toEqual(hubShape('INVALID_REQUEST'));
  });

  test('a word reserved for another API is a JSON-RPC error for who speaks MCP', async () => {
    const { status, body } = await app.json('/mcp/config', {
      body: { jsonrpc: '2.0', id: 1, method: 'ping' },
      headers: { accept: 'application/json, text/event-stream' },
    });
    expect(status).toBe(404);
    expect(body).toMatchObject({ jsonrpc: '2.0', error: { message: expect.stringContaining('reserved') } });
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  test('malformed JSON is refused by every route that reads a body', async () => {
    for (const route of routes.filter(({ method }) => method === 'POST' || method === 'PUT')) {
      const path = concrete(route.path);
      const { status, body } = await app.json(path, { method: route.method, body: '{"name":', headers: json });
      if (fastapiDialects.has(route.dialect)) {
        expect([status, Array.isArray(body.detail)], path).toEqual([422, true]);
        continue;
      }
      if (route.dialect === 'openai') {
        expect([status, body.error.code], path).toEqual([400, 'invalid_json']);
        continue;
      }
      if (route.dialect === 'simulator') {
        expect([status, body.code], path).toEqual([400, 'MALFORMED_JSON']);
        continue;
      }
      expect([status, body.success], path).toEqual([400, false]);
      const codes = ['INVALID_REQUEST', 'INVALID_CONFIG', 'INVALID_ARGUMENTS'];
      expect(codes, path).toContain(body.error.code);
    }
  });

  test('a body that is not declared as JSON is not read', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const init = { method: 'POST', body: '{"name":"x","command":"y"}', headers: { 'content-type': type } };
      const hub = await app.json('/api/servers', init);
      expect([hub.status, hub.body.error.code], type).toEqual([415, 'INVALID_REQUEST']);
      const registry = await app.json('/api/mcp/servers', init);
      expect([registry.status, registry.body.error.code], type).toEqual([415, 'INVALID_REQUEST']);
    }
    expect((await app.json('/api/servers')).body.data.items).toEqual([]);
  });

  test('a body that is no object is refused', async () => {
    for (const body of ['[]', '"text"', '5', 'null']) {
      const { status } = await app.json('/api/servers', { body, headers: json });
      expect(status, body).toBe(422);
    }
  });

  test('a body over the limit is 413, announced or not', async () => {
    const big = JSON.stringify({ name: 'x', command: 'y'.repeat(70_000) });
    const announced = await app.json('/api/servers', { body: big, headers: json });
    expect([announced.status, announced.body.error.code]).toEqual([413, 'INVALID_REQUEST']);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(big));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${app.token}` },
      body: stream,
      duplex: 'half',
    };
    const chunked = await fetch(`${app.url}/api/mcp/servers`, init);
    expect(chunked.status).toBe(413);
    const trpc = await app.json('/trpc/servers.create', { body: big, headers: json });
    expect(trpc.status).toBe(413);
  });

  test('deep nesting and odd keys do no harm', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const nested = await app.json('/api/servers', { body: `{"name":"x","args":${deep}}`, headers: json });
    expect(nested).toMatchObject({ status: 400, body: { error: { code: 'INVALID_REQUEST' } } });
    expect(nested.body.error.message).toMatch(/nested deeper than 128 levels/);
    const proto = await app.json('/api/servers', { body: '{"__proto__":{"name":"x"},"command":"y"}', headers: json });
    expect(proto.status).toBe(422);
  });
});

describe('callers', () => {
  /** A request with headers that fetch does not let one set. */
  function raw(
    path: string,
    headers: Record<string, string>,
    method = 'GET',
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const url = new URL(path, app.url);
      const { hostname, port, pathname } = url;
      const sent = request({ hostname, port, path: pathname, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.on('error', reject);
      sent.end();
    });
  }
  const everywhere = [
    '/api/servers',
    '/api/mcp/servers',
    '/mcp',
    '/mcp/x',
    '/sse',
    '/messages',
    '/trpc/auth.me',
    '/metrics',
  ];

  test('a foreign Host is refused on every way in', async () => {
    for (const path of [...everywhere, '/ui/', '/health', '/openapi.json']) {
      const { status } = await raw(path, { host: 'evil.example.com', authorization: `Bearer ${app.token}` });
      expect(status, path).toBe(403);
    }
  });

  test('a foreign Origin is refused on every way in', async () => {
    const { host } = new URL(app.url);
    for (const origin of ['https://evil.example.com', 'http://localhost:1', 'null']) {
      for (const path of everywhere) {
        const { status } = await raw(path, { host, origin, authorization: `Bearer ${app.token}` });
        expect(status, `${path} ${origin}`).toBe(403);
      }
      expect((await raw('/health', { host, origin })).status).toBe(200);
    }
  });

  test('its own Origin is welcome', async () => {
    const { host } = new URL(app.url);
    const { status } = await raw('/api/servers', { host, origin: app.url, authorization: `Bearer ${app.token}` });
    expect(status).toBe(200);
  });

  test('the refusal has the shape of the path', async () => {
    const { body } = await raw('/mcp', { host: 'evil.example.com' }, 'POST');
    expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', id: null });
  });
});

describe('AUTH_MODE=open', () => {
  test('lets everybody on this machine in, and nothing that was forwarded', async () => {
    await using open = await createTestApp({ AUTH_MODE: 'open' });
    expect((await open.json('/api/servers')).status).toBe(200);
    const forwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];
    for (const name of forwarded) {
      expect((await open.fetch('/api/servers', { headers: { [name]: '1.2.3.4' } })).status, name).toBe(403);
    }
  });
});

describe('the document', () => {
  test('has every served route and nothing else', async () => {
    const { body } = await app.json('/openapi.json', { auth: false });
    expect(body.openapi).toBe('3.1.0');
    const documented = Object.entries<Json>(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = routes.map((route) => `${route.method} ${route.path}`);
    expect(documented.sort()).toEqual(served.sort());
  });

  test('says status, body, errors and credentials of each route', async () => {
    const { body } = await app.json('/openapi.json');
    const create = body.paths['/api/servers'].post;
    expect(Object.keys(create.responses)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(create.responses['422'].content['application/json'].example.error.code).toBe('VALIDATION_ERROR');
    expect(create.requestBody.content['application/json'].example.name).toBe('新服务器');
    const needs = ['server.create'];
    expect(create.security).toEqual([{ bearer: needs }, { apiKey: needs }, { cookie: needs }]);
    expect(body.paths['/api/auth/login'].post.security).toEqual([]);
    const token = body.paths['/api/auth/token'].post.requestBody.content;
    expect(Object.keys(token)).toEqual(['application/x-www-form-urlencoded']);
    const trail = body.paths['/api/audit/logs'].get.responses['200'].content;
    expect(Object.keys(trail).sort()).toEqual(['application/json', 'application/x-ndjson', 'text/csv']);
    const call = body.paths['/api/mcp/servers/{serverId}/tools/{toolName}/call'].post;
    expect(call.requestBody.content['application/json'].schema.type).toBe('object');
    expect(call.parameters.map(({ name }: Json) => name)).toEqual(['serverId', 'toolName']);
    const logs = body.paths['/api/servers/{serverId}/logs'].get.responses['200'].content;
    expect(Object.keys(logs)).toEqual(['application/json', 'text/event-stream', 'application/x-ndjson']);
  });

  test('is shown by /docs without anything from elsewhere', async () => {
    const page = await app.fetch('/docs', { auth: false });
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self'/);
    expect(html).not.toMatch(/https?:\/\/|<script>/);
    for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await app.fetch(file ?? '', { auth: false })).status, file).toBe(200);
    }
  });
});
