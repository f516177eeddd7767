import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson, commonPassword, signInAs } from '../support/people.ts';

/** What somebody who has only the document writes a client by: nothing is dropped, changed or refused silently. */

let app: TestApp;
let document: Json;
beforeAll(async () => {
  app = await createTestApp();
  document = (await app.json('/openapi.json', { auth: false })).body;
});
afterAll(() => app.stop());

function send(path: string, body: Json, method = 'POST') {
  return app.json(path, { method, body });
}
function operation(path: string, method: string): Json {
  return document.paths[path][method];
}
function bodyOf(path: string, method: string): Json {
  return operation(path, method).requestBody.content['application/json'].schema;
}

describe('an account', () => {
  test('is made disabled, or with a password to change, as asked', async () => {
    const account = { username: 'later', password: commonPassword, enabled: false, mustChangePassword: true };
    const { status, body } = await send('/api/users', account);
    expect([status, body.data.enabled, body.data.mustChangePassword]).toEqual([201, false, true]);
    await expect(signInAs(app, 'later')).rejects.toThrow('later cannot sign in');
    await send('/api/users/later', { enabled: true }, 'PUT');
    expect((await (await signInAs(app, 'later')).json('/api/servers')).status).toBe(403);
    const odd = await send('/api/users', { username: 'odd', password: commonPassword, disabled: true });
    expect([odd.status, odd.body.error.details.field]).toEqual([422, 'disabled']);
  });

  test('that has to change its password is told how, and lacks no right', async () => {
    const due = await addPerson(app, 'due');
    await send(`/api/users/${due.id}`, { password: 'given by an admin' }, 'PUT');
    const again = await signInAs(app, 'due', 'given by an admin');
    const { status, body } = await again.json('/api/servers');
    expect(status).toBe(403);
    expect(body.error.message).toContain('PUT /api/users/{userId}');
    expect(body.error.details).toEqual({ mustChangePassword: true });
    await send(`/api/users/${due.id}`, { password: 'given once more', mustChangePassword: false }, 'PUT');
    expect((await (await signInAs(app, 'due', 'given once more')).json('/api/servers')).status).toBe(200);
  });

  test('without the grant is told of it', async () => {
    const plain = await addPerson(app, 'plain');
    const { body } = await plain.json('/api/servers', { body: { name: 'x', command: 'node' } });
    expect(body.error.message).toContain("grant 'server.run-process'");
  });
});

describe('the registry', () => {
  async function register(more: Json) {
    const { status, body } = await send('/api/mcp/servers', { id: 'e1', type: 'stdio', command: 'node', ...more });
    return [status, body.error.code, body.error.message];
  }

  test('names the field that is wrong; the documented text is for those that are missing', async () => {
    expect(await register({ env: { A: null } })).toEqual([400, 'INVALID_CONFIG', 'env.A: must be a text']);
    expect(await register({ args: [null] })).toEqual([400, 'INVALID_CONFIG', 'args.0: must be a text']);
    expect(await register({ headers: '' })).toEqual([400, 'INVALID_CONFIG', 'headers: must be an object']);
    expect(await register({ id: 'x'.repeat(200) })).toEqual([
      400,
      'INVALID_CONFIG',
      expect.stringMatching(/^id: must be 1 to 32 letters[^;]*$/),
    ]);
    for (const lacking of [{ id: '' }, { type: null }, { command: ' ' }]) {
      expect((await register(lacking))[2]).toBe('Missing required fields: id, type, command');
    }
  });

  test('says what a call that comes to nothing answers', () => {
    for (const path of ['/api/mcp/tools/call', '/api/mcp/servers/{serverId}/tools/{toolName}/call'])
      expect(operation(path, 'post').description).toMatch(/no such tool.*500|500 `TOOL_CALL_ERROR`/);
  });
});

test('an integer that would lose digits is refused at its field, in every API', async () => {
  async function post(path: string, body: string): Promise<{ status: number; body: Json }> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${app.token}` };
    const response = await fetch(`${app.url}${path}`, { method: 'POST', headers, body });
    return { status: response.status, body: await response.json() };
  }
  const big = '{"toolName":"t","arguments":{"ids":[1,12345678901234567890]}}';
  const called = await post('/api/mcp/tools/call', big);
  expect([called.status, called.body.error.message]).toEqual([
    400,
    expect.stringMatching(/^arguments\.ids\.1: .*text/),
  ]);
  const hub = await post('/api/servers', '{"name":"n","command":"c","args":[9007199254740993]}');
  expect([hub.status, hub.body.error.details.field]).toEqual([422, 'args.0']);
  const kept =
    '{"toolName":"t","arguments":{"id":"12345678901234567890","exact":100000000000000000000,"f":0.12345678901234567}}';
  expect((await post('/api/mcp/tools/call', kept)).body.error.code).toBe('TOOL_CALL_ERROR');
  const endless = `{"toolName":"t","arguments":{"id":${'9'.repeat(100_000)}}}`;
  expect((await post('/api/mcp/tools/call', endless)).status).toBe(400);
});

test('a token is asked for with a form, and JSON is told so', async () => {
  const { status, body } = await send('/api/auth/token', { username: 'admin', password: 'x' });
  expect([status, body.detail[0].loc, body.detail[0].msg]).toEqual([422, ['body'], expect.stringContaining('form')]);
});

test('containers are not made without an environment that was sent under another name', async () => {
  const { status, body } = await send('/api/containers/create', { image: 'x', env: { A: 'b' } });
  expect([status, body.detail[0].loc, body.detail[0].msg]).toEqual([
    422,
    ['body', 'env'],
    expect.stringContaining('environment'),
  ]);
});

describe('names of a query', () => {
  test('that a route of the hub API does not know are refused', async () => {
    await send('/api/servers', { name: 'asked', command: 'node', enabled: false });
    for (const path of [
      '/api/servers/asked',
      '/api/servers/asked/logs',
      '/api/audit/logs',
      '/api/users/admin',
      '/api/auth/verify',
      '/api/auth/api-keys',
      '/api/monitoring/status',
    ]) {
      for (const name of ['bogus', 'filter[bogus]']) {
        const { status, body } = await app.json(`${path}?${name}=1&_=2`);
        expect([status, body.error?.details.field], path).toEqual([400, name]);
      }
      expect((await app.json(`${path}?_=2`)).status, path).toBe(200);
    }
    expect((await app.json('/api/servers/asked/start?wiat=true', { method: 'POST' })).status).toBe(400);
  });

  test('are those of the route in every example of a refusal', () => {
    for (const [path, methods] of Object.entries<Json>(document.paths)) {
      for (const { responses, parameters = [], requestBody } of Object.values<Json>(methods)) {
        const field = responses['400']?.content?.['application/json']?.example?.error?.details?.field;
        if (field === undefined || field === '' || field === 'unknown') continue;
        const known = [
          ...parameters.map(({ name }: Json) => name),
          ...Object.keys(requestBody?.content['application/json']?.schema.properties ?? {}),
          'twice',
        ];
        expect(known, path).toContain(field);
      }
    }
  });
});

test('a log that is followed until a time ends there', async () => {
  await send('/api/servers', { name: 'followed', command: 'node', enabled: false });
  const started = performance.now();
  const past = await fetch(`${app.url}/api/servers/followed/logs?follow=true&until=1h`, {
    headers: { authorization: `Bearer ${app.token}` },
  });
  await past.text();
  const soon = new Date(Date.now() + 1_500).toISOString();
  const later = await fetch(`${app.url}/api/servers/followed/logs?follow=true&until=${soon}`, {
    headers: { authorization: `Bearer ${app.token}` },
  });
  await later.text();
  expect(performance.now() - started).toBeLessThan(30_000);
});

describe('the document', () => {
  test('tells null for optional fields of bodies, and none that is only refused', () => {
    const { properties, required } = bodyOf('/api/users', 'post');
    expect(properties.email.type ?? properties.email.anyOf.map(({ type }: Json) => type)).toContain('null');
    expect(properties.fullName).toBeDefined();
    expect(JSON.stringify(properties.enabled)).toContain('null');
    expect(JSON.stringify(properties.username)).not.toContain('"null"');
    expect(required).toEqual(expect.arrayContaining(['username', 'password']));
    expect(properties.disabled).toBeUndefined();
    expect(bodyOf('/api/users/{userId}', 'put').properties.disabled).toBeUndefined();
    expect(bodyOf('/api/containers/create', 'post').properties.env).toBeUndefined();
  });

  test('has the bounds that the server has', () => {
    const create = bodyOf('/api/servers', 'post').properties;
    expect(create.name.maxLength).toBe(128);
    expect(create.description.maxLength).toBe(4096);
    expect(JSON.stringify(create.cwd)).toContain('4096');
    expect(bodyOf('/api/groups', 'post').properties.name.minLength).toBe(1);
    expect(bodyOf('/api/mcp/servers', 'post').properties.id.pattern).toContain('31');
    const tail = operation('/api/containers/{container_id}/logs', 'get').parameters.find(
      ({ name }: Json) => name === 'tail',
    );
    expect(tail.schema).toMatchObject({ minimum: 0, maximum: 1_000_000 });
  });

  test('names every answer of signing in, and the headers that a hub that stops lacks', () => {
    const { responses, description } = operation('/api/auth/login', 'post');
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '413', '429', '503']));
    expect(description).toContain('mfaRequired');
    expect(responses['503'].headers['X-RateLimit-Limit'].required).toBeUndefined();
    expect(responses['401'].headers['X-RateLimit-Limit'].required).toBe(true);
    const { details } = document.components.schemas.HubError.properties.error.properties;
    expect(Object.keys(details.properties)).toEqual(
      expect.arrayContaining([
        'mfaRequired',
        'disabled',
        'retryAfterSeconds',
        'value',
        'codings',
        'mustChangePassword',
      ]),
    );
  });

  test('has every status and code in its table of errors', () => {
    const rows = (document.info.description as string).split('\n').filter((line) => line.startsWith('| '));
    function row(what: string) {
      return rows.find((line) => line.startsWith(`| ${what}`)) ?? '';
    }
    const head = row('What is wrong').split('|');
    function atContainers(what: string) {
      return row(what).split('|')[head.findIndex((title) => title.includes('Containers'))]?.trim();
    }
    for (const code of ['INVALID_CONFIG', 'INVALID_ARGUMENTS', 'INVALID_REQUEST'])
      expect(row('A value is wrong')).toContain(code);
    expect(atContainers('The account is disabled')).toBe('400; 401');
    expect(row('The database is away')).toMatch(/500.*503/);
    expect(row('The database is away')).not.toContain('400');
    expect(atContainers('In conflict')).toBe('400; 409');
    expect(row('In conflict')).toContain('REGISTRATION_FAILED');
  });

  test('says that logs take write at the server, and calls operations by what they do', () => {
    expect(operation('/api/servers/{serverId}/logs', 'get').description).toContain('with `write` at the server');
    const ids = Object.values<Json>(document.paths).flatMap((methods) =>
      Object.values<Json>(methods).map(({ operationId }) => operationId),
    );
    for (const id of ids)
      expect(id).toMatch(
        /^(acknowledge|add|approve|ask|call|change|check|compact|complete|count|create|delete|deploy|disable|download|drop|enable|export|generate|get|import|issue|kill|list|pause|read|refresh|register|remove|rename|restart|retry|revoke|set|sign|start|stop|tag|unpause|unregister|update|verify|watch)[A-Z]/,
      );
    expect(ids).not.toContain('registerRegisteredServer');
  });
});
