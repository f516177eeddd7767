import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { addPerson, type Caller } from '../../support/people.ts';

/** What every answer of the hub API says about the caller's requests a minute. */

let app: TestApp;
let user: Caller;
beforeAll(async () => {
  app = await createTestApp();
  user = await addPerson(app, 'worker');
});
afterAll(() => app.stop());

function numbers(headers: Headers) {
  return {
    limit: Number(headers.get('x-ratelimit-limit')),
    remaining: Number(headers.get('x-ratelimit-remaining')),
    reset: Number(headers.get('x-ratelimit-reset')),
  };
}

test('each kind of caller has its own limit', async () => {
  expect(numbers((await app.json('/api/servers')).headers).limit).toBe(5000);
  expect(numbers((await user.json('/api/servers')).headers).limit).toBe(1000);
  expect(numbers((await app.json('/api/servers', { auth: false })).headers).limit).toBe(100);
});

test('what is left goes down, and the reset is within the minute', async () => {
  const first = numbers((await user.json('/api/servers')).headers);
  const second = numbers((await user.json('/api/groups')).headers);
  if (first.reset === second.reset) expect(second.remaining).toBe(first.remaining - 1);
  const now = Date.now() / 1000;
  expect(second.reset).toBeGreaterThan(now - 1);
  expect(second.reset).toBeLessThanOrEqual(now + 61);
});

test('failures of every kind carry the headers too', async () => {
  const answers = [
    await app.json('/api/nothing'),
    await app.json('/api/servers/x', { method: 'PATCH' }),
    await app.json('/api/servers/ghost'),
    await app.json('/api/servers', { body: '{', headers: { 'content-type': 'application/json' } }),
    await app.json('/api/servers', { body: 'x', headers: { 'content-type': 'text/plain' } }),
    await app.json('/api/users', { body: {} }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 405, 404, 400, 415, 422]);
  for (const { status, headers } of answers) expect(numbers(headers).limit, String(status)).toBe(5000);
});

test('so does what is refused before anybody asks who calls', async () => {
  const { status, headers } = await app.json('/api/servers', { headers: { origin: 'https://evil.example.com' } });
  expect(status).toBe(403);
  expect(numbers(headers).limit).toBe(100);
  const elsewhere = await app.json('/api/mcp/servers', { headers: { origin: 'https://evil.example.com' } });
  expect([elsewhere.status, elsewhere.headers.has('x-ratelimit-limit')]).toEqual([403, false]);
});

test('other families have none', async () => {
  for (const path of ['/api/mcp/servers', '/api/auth/me', '/health']) {
    expect((await app.fetch(path)).headers.has('x-ratelimit-limit'), path).toBe(false);
  }
});

test('beyond the limit it is 429 with the time to wait, in the documented shape', async () => {
  await using other = await createTestApp();
  let last = await other.json('/api/servers', { auth: false });
  for (let sent = 0; sent < 205 && last.status !== 429; sent += 1)
    last = await other.json('/api/servers', { auth: false });
  expect(last.status).toBe(429);
  expect(last.body).toMatchObject({ success: false, error: { code: 'RATE_LIMIT_EXCEEDED' } });
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(last.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(numbers(last.headers)).toMatchObject({ limit: 100, remaining: 0 });
  expect((await other.json('/api/servers')).status).toBe(200);
});

test('too many failed sign-ins tell when to come back, in each shape', async () => {
  let last = await app.json('/api/auth/login', { body: { username: 'victim', password: 'x' }, auth: false });
  for (let sent = 0; sent < 8; sent += 1) {
    last = await app.json('/api/auth/login', { body: { username: 'victim', password: `x${sent}` }, auth: false });
  }
  expect([last.status, last.body.error.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
});
