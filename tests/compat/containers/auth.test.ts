import { afterAll, beforeAll, expect } from 'vitest';
import { adminPassword, type Json } from '../../support/app.ts';
import { callerOf } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());

function register(body: Json) {
  return app.json('/api/auth/register', { body, auth: false });
}
function form(fields: Record<string, string>) {
  return app.json('/api/auth/token', {
    method: 'POST',
    auth: false,
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

/** Where each entry of FastAPI's list points. */
function places(body: Json): string[] {
  return body.detail.map(({ loc }: Json) => loc.join('.'));
}

verifies(1, 'the documented body makes a user, answered with 200', async () => {
  const body = { username: 'lisi', password: 'securepassword', email: 'lisi@example.com', full_name: '李四' };
  const answer = await register(body);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    id: expect.any(String),
    username: 'lisi',
    email: 'lisi@example.com',
    full_name: '李四',
    disabled: false,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
});

verifies(1, 'what is left out is null; what is not documented changes nothing', async () => {
  const extra = { id: 'mine', role: 'admin', grants: ['server.run-process'], disabled: true, is_admin: true };
  const { status, body } = await register({ username: 'plain', password: 'securepassword', ...extra });
  expect(status).toBe(200);
  expect(body).toMatchObject({ email: null, full_name: null, disabled: false });
  expect(body.id).not.toBe('mine');
  const stored = await app.json(`/api/users/${body.id}`);
  expect(stored.body.data).toMatchObject({ role: 'user', grants: [], approved: false, enabled: true });
});

verifies(1, 'a name that is taken is 400 with the documented words, whatever its case', async () => {
  await register({ username: 'twice', password: 'securepassword' });
  for (const username of ['twice', 'TWICE']) {
    const { status, body } = await register({ username, password: 'securepassword' });
    expect([status, body]).toEqual([400, { detail: '用户名已存在' }]);
  }
});

verifies(1, 'missing and bad fields are a list with places', async () => {
  const missing = await register({});
  expect([missing.status, places(missing.body)]).toEqual([422, ['body.username', 'body.password']]);
  expect(missing.body.detail[0]).toMatchObject({ type: 'missing', msg: 'Field required' });
  const weak = await register({ username: 'weak', password: 'short', full_name: 5 });
  expect([weak.status, places(weak.body)]).toEqual([422, ['body.password', 'body.full_name']]);
  expect((await register({ username: 'common', password: 'password123' })).status).toBe(422);
});

verifies(1, 'where registration is closed nobody gets in', async () => {
  await using closed = await createCompatApp({ ALLOW_REGISTRATION: 'false' });
  const init = { body: { username: 'late', password: 'securepassword' }, auth: false };
  const { status, body } = await closed.json('/api/auth/register', init);
  expect([status, typeof body.detail]).toEqual([403, 'string']);
});

verifies(2, 'a form gives a bearer token for half an hour', async () => {
  await register({ username: 'formed', password: 'securepassword' });
  const { status, body } = await form({ username: 'formed', password: 'securepassword' });
  expect(status).toBe(200);
  expect(body).toEqual({ access_token: expect.stringMatching(/^eyJ/), token_type: 'bearer' });
  const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
  expect(claims.exp - claims.iat).toBe(1800);
  const me = await callerOf(app, body.access_token).json('/api/auth/me');
  expect(me.body.username).toBe('formed');
});

verifies(2, 'multipart works, and OAuth fields are taken', async () => {
  const data = new FormData();
  data.set('username', 'admin');
  data.set('password', adminPassword);
  const multipart = await fetch(`${app.url}/api/auth/token`, { method: 'POST', body: data });
  expect(multipart.status).toBe(200);
  const oauth = { grant_type: 'password', scope: '', client_id: 'x', client_secret: 'y' };
  expect((await form({ username: 'admin', password: adminPassword, ...oauth })).status).toBe(200);
  const other = await form({ username: 'admin', password: adminPassword, grant_type: 'client_credentials' });
  expect([other.status, places(other.body)]).toEqual([422, ['body.grant_type']]);
});

verifies(2, 'a form without them misses both fields; no body and JSON are told that a form is wanted', async () => {
  const empty = await form({ grant_type: 'password' });
  expect([empty.status, places(empty.body)]).toEqual([422, ['body.username', 'body.password']]);
  const nothing = await app.json('/api/auth/token', { method: 'POST', auth: false });
  expect([nothing.status, places(nothing.body)]).toEqual([422, ['body']]);
  const body = { username: 'admin', password: adminPassword };
  const json = await app.json('/api/auth/token', { body, auth: false });
  expect([json.status, places(json.body)]).toEqual([422, ['body']]);
});

verifies(2, 'a wrong password and an unknown user look the same', async () => {
  const answers = [
    await form({ username: 'admin', password: 'not this one' }),
    await form({ username: 'nobody', password: 'not this one' }),
  ];
  for (const { status, headers, body } of answers) {
    expect([status, body]).toEqual([401, { detail: '用户名或密码不正确' }]);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  }
});

verifies(2, 'guessing ends in 429 with the time to wait', async () => {
  let last = await form({ username: 'guessed', password: 'guess' });
  for (let attempt = 0; attempt < 8; attempt += 1)
    last = await form({ username: 'guessed', password: `guess ${attempt}` });
  expect([last.status, typeof last.body.detail]).toEqual([429, 'string']);
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
});

verifies(3, 'the token shows its user', async () => {
  const { status, body } = await app.json('/api/auth/me');
  expect(status).toBe(200);
  expect(Object.keys(body).sort()).toEqual(['created_at', 'disabled', 'email', 'full_name', 'id', 'username']);
  expect(body).toMatchObject({ username: 'admin', disabled: false });
});

verifies(3, 'no credentials, another scheme and a bad token are 401 with a challenge', async () => {
  const cases: [Record<string, string>, string][] = [
    [{}, 'Not authenticated'],
    [{ authorization: `Basic ${Buffer.from('admin:x').toString('base64')}` }, 'Not authenticated'],
    [{ authorization: 'Bearer garbage' }, '无法验证凭据'],
  ];
  for (const [headers, detail] of cases) {
    const answer = await app.json('/api/auth/me', { auth: false, headers });
    expect([answer.status, answer.body]).toEqual([401, { detail }]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  }
  expect(
    (await app.json('/api/auth/me', { auth: false, headers: { authorization: `bEaReR ${app.token}` } })).status,
  ).toBe(200);
});

verifies(3, 'a disabled user is 400 here and 401 everywhere else', async () => {
  const { body: made } = await register({ username: 'gone', password: 'securepassword' });
  const { body: issued } = await form({ username: 'gone', password: 'securepassword' });
  const gone = callerOf(app, issued.access_token);
  expect((await gone.json('/api/auth/me')).status).toBe(200);
  await app.json(`/api/users/${made.id}`, { method: 'PUT', body: { enabled: false } });
  const here = await gone.json('/api/auth/me');
  expect([here.status, here.body]).toEqual([400, { detail: '用户已禁用' }]);
  expect((await gone.json('/api/servers')).status).toBe(401);
  expect((await gone.json('/api/mcp/servers')).status).toBe(401);
  expect((await gone.json('/mcp', { body: {} })).status).toBe(401);
});
