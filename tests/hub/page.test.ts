import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminPassword, createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson, callerOf } from '../support/people.ts';

/** What a browser has: a cookie, pages, probes. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

function signIn(password = adminPassword) {
  return app.fetch('/trpc/auth.login', { body: { username: 'admin', password }, auth: false });
}

test('signing in sets a cookie that scripts cannot read, named by instance', async () => {
  const response = await signIn();
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^switchboard_[0-9a-f]{8}=[^;]+; /);
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  expect(cookie).toMatch(/Path=\//);
  const text = await response.text();
  const value = /=([^;]+)/.exec(cookie)?.[1] ?? '';
  expect(text).not.toContain(value);
});

test('the cookie opens every way in until signing out', async () => {
  const cookie = ((await signIn()).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const headers = { cookie };
  expect((await app.json('/api/servers', { auth: false, headers })).status).toBe(200);
  expect((await app.json('/trpc/auth.me', { auth: false, headers })).body.result.data.user.username).toBe('admin');
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };
  const accept = 'application/json, text/event-stream';
  const mcp = await app.fetch('/mcp', { auth: false, headers: { ...headers, accept }, body: initialize });
  expect(mcp.status).toBe(200);
  const out = await app.fetch('/trpc/auth.logout', { body: {}, auth: false, headers });
  expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/);
  expect((await app.json('/api/servers', { auth: false, headers })).status).toBe(401);
  expect((await app.json('/trpc/auth.me', { auth: false, headers })).body.result.data.user).toBeNull();
});

test('signing out over the documented API clears the cookie as well', async () => {
  const cookie = ((await signIn()).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const out = await app.fetch('/api/auth/logout', { body: {}, auth: false, headers: { cookie } });
  expect(out.status).toBe(200);
  expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/);
  expect((await app.json('/api/servers', { auth: false, headers: { cookie } })).status).toBe(401);
});

test('a wrong password sets nothing', async () => {
  const response = await signIn('not this one');
  expect(response.status).toBe(401);
  expect(response.headers.get('set-cookie')).toBeNull();
});

test('the page and what leads to it', async () => {
  const root = await app.fetch('/', { auth: false });
  expect(new URL(root.url).pathname).toBe('/ui/');
  expect(root.headers.get('content-type')).toMatch(/^text\/html/);
  expect(root.headers.get('content-security-policy')).toMatch(/script-src 'self'/);
  const deep = await app.fetch('/ui/servers/demo', { auth: false });
  expect(deep.headers.get('content-type')).toMatch(/^text\/html/);
  const missing = await app.fetch('/ui/assets/nothing.js', { auth: false });
  expect(missing.status).toBe(404);
});

test('probes answer anybody', async () => {
  const health = await app.json('/health', { auth: false });
  expect(health.body).toMatchObject({ status: 'healthy', service: 'switchboard', app_name: 'Switchboard' });
  const ready = await app.json('/ready', { auth: false });
  expect([ready.status, ready.body.ready]).toEqual([200, true]);
});

test('metrics tell process, calls, instances and sessions to who may read them', async () => {
  expect((await app.fetch('/metrics', { auth: false })).status).toBe(401);
  await app.client().servers.addDemo.mutate();
  await app.json('/api/servers/demo/restart', { method: 'POST' });
  await app.json('/api/mcp/servers/demo/tools/echo/call', { body: { message: 'x' } });
  const text = await (await app.fetch('/metrics')).text();
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  expect(text).toMatch(/^switchboard_calls_total\{server="demo",method="tools\/call",outcome="ok",via="rest"\} 1$/m);
  expect(text).toMatch(/^switchboard_call_duration_seconds_count\{server="demo",method="tools\/call"\} 1$/m);
  expect(text).toMatch(/^switchboard_sessions \d+$/m);
  expect(text).toMatch(/^switchboard_instances \d+$/m);
  expect(text).toMatch(/^switchboard_servers\{phase="running"\} 1$/m);
  expect(text).toMatch(/^switchboard_build_info\{version="[^"]+"\} 1$/m);
  async function read(token: string) {
    return (await app.fetch('/metrics', { auth: false, headers: { authorization: `Bearer ${token}` } })).status;
  }
  const ann = await addPerson(app, 'ann');
  const scrape = { name: 'scrape', scopes: ['metrics.read'] };
  await expect(ann.client().keys.create.mutate(scrape)).rejects.toThrow('Only admins');
  const { key } = await app.client().keys.create.mutate(scrape);
  const other = await app.client().keys.create.mutate({ name: 'other', scopes: ['execute'] });
  const confined = await app.client().keys.create.mutate({ name: 'confined', servers: ['demo'] });
  const keys = [key, other.key, confined.key, ann.token];
  expect(await Promise.all(keys.map(read))).toEqual([200, 403, 403, 403]);
  expect((await callerOf(app, ann.token).json('/api/monitoring/status')).status).toBe(200);
  expect((await callerOf(app, key).json('/api/servers')).status).not.toBe(200);
});

test('allowed origins may ask from a browser, others may not', async () => {
  await using open = await createTestApp({ ALLOWED_ORIGINS: 'https://page.example.com' });
  function preflight(origin: string): Promise<Response> {
    return fetch(`${open.url}/mcp`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,Mcp-Param-region, mcp-param-, x-other',
      },
    });
  }
  const allowed = await preflight('https://page.example.com');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://page.example.com');
  const names = allowed.headers.get('access-control-allow-headers')?.split(', ');
  expect(names).toEqual(expect.arrayContaining(['mcp-session-id', 'content-type', 'Mcp-Param-region']));
  expect(names?.filter((name) => /^(x-other|mcp-param-)$/.test(name))).toEqual([]);
  const refused = await preflight('https://evil.example.com');
  expect([refused.status, refused.headers.get('access-control-allow-headers')]).toEqual([403, null]);
});

test('errors of the hub itself show nothing but a request id', async () => {
  const { body }: { body: Json } = await app.json('/trpc/calls.list?input=%7B%22cursor%22%3A%22x%22%7D');
  expect(body.error.message).not.toMatch(/select|from "/i);
});
