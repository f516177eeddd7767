import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';

/** A refusal names the field as the caller wrote it, and says in plain words what would be right. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.json('/api/servers', { body: { name: 'taken', command: 'node', enabled: false } });
  await app.json('/api/groups', { body: { name: 'team' } });
});
afterAll(() => app.stop());

function get(path: string) {
  return app.json(path);
}
function send(path: string, body: Json, method = 'POST') {
  return app.json(path, { method, body });
}
function told({ status, body }: { status: number; body: Json }) {
  return [status, body.error?.details?.field, body.error?.details?.reason];
}

describe('the hub API names', () => {
  test.each([
    ['/api/servers?status=bogus', 400, 'status', /running/],
    ['/api/users?filter[role]=x', 400, 'filter[role]', /admin/],
    ['/api/servers?group=', 422, 'group', /empty/],
    [`/api/servers/${'x'.repeat(300)}`, 422, 'serverId', /256/],
    [`/api/users/${'x'.repeat(300)}`, 422, 'userId', /characters/],
    [`/api/groups/${'x'.repeat(300)}/members`, 422, 'groupId', /characters/],
    ['/api/servers/taken/logs?level=loud', 400, 'level', /error, warn, info, debug/],
  ])('%s', async (path, status, field, words) => {
    expect(told(await get(path))).toEqual([status, field, expect.stringMatching(words)]);
  });

  test.each([
    ['PUT', '/api/servers/taken', { command: '' }, 'command', '命令不能为空'],
    ['PUT', '/api/servers/taken', { type: 'sse', url: 'nonsense' }, 'url', expect.any(String)],
    ['POST', '/api/servers', { name: 'x', command: 'y', env: [] }, 'env', 'must be an object'],
    ['POST', '/api/servers', { name: ' ', command: 'y' }, 'name', '名称不能为空'],
    ['POST', '/api/groups', { name: '' }, 'name', '名称不能为空'],
    ['POST', '/api/groups', {}, 'name', '名称不能为空'],
    ['POST', '/api/groups', { name: 'x', settings: 3 }, 'settings', 'must be an object'],
    ['POST', '/api/users', { username: 'x', password: 'short' }, 'password', 'must have at least 8 characters'],
    ['PUT', '/api/users/admin', { password: 'short' }, 'password', 'must have at least 8 characters'],
    ['POST', '/api/users', { username: 'x', password: '' }, 'password', '密码不能为空'],
  ])('%s %s %j', async (method, path, body, field, reason) => {
    expect(told(await send(path, body, method))).toEqual([422, field, reason]);
  });

  test('no words of a validator', async () => {
    const answers = await Promise.all([
      send('/api/servers', { name: 3, command: true, args: {}, env: { A: 1 }, tags: 'x', enabled: 'yes' }),
      send('/api/users', { username: [], password: {}, role: 'x', groups: 'x', profile: [], grants: ['x'] }),
      send('/api/groups', { name: {}, permissions: [], settings: { maxMembers: 'x' } }),
      send('/api/auth/api-keys', { name: 1, permissions: 'x', odd: 1 }),
      send('/api/mcp/servers', { id: 1, type: 'stdio', command: [], args: 'x' }),
      send('/api/containers/create', { image: 1, ports: 3, environment: 'x' }),
    ]);
    for (const { status, body } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(body)).not.toMatch(/record|undefined|Invalid|expected|received|Too (small|big)/);
    }
  });
});

test('the registry names the id that it was given', async () => {
  for (const id of ['all', 'taken']) {
    const { status, body } = await send('/api/mcp/servers', { id, type: 'stdio', command: 'node' });
    expect([status, body.error.message]).toEqual([400, expect.stringMatching(/^id: /)]);
  }
});

test('the registry tells what it sees before a start as a wrong config', async () => {
  const { status, body } = await send('/api/mcp/servers', { id: 'ws', type: 'websocket', url: 'wss://x.example' });
  expect([status, body.error]).toEqual([
    400,
    { code: 'INVALID_CONFIG', message: expect.stringMatching(/^type: must be stdio/) },
  ]);
});

describe('numbers and words of a query', () => {
  test.each(['0x10', '1e2', '+5', ' 5', '1.0', '', '٣', '-1', '99999999999999999999'])(
    '%j is no number',
    async (limit) => {
      for (const path of ['/api/servers', '/api/users', '/api/groups', '/api/audit/logs', '/api/servers/taken/logs']) {
        expect(told(await get(`${path}?limit=${encodeURIComponent(limit)}`)), path).toEqual([
          422,
          'limit',
          'must be a whole number of 1 or more, in decimal digits',
        ]);
      }
    },
  );

  test('a parameter that stands there twice is refused by every family', async () => {
    for (const query of ['limit=2&limit=3', 'search=a&search=b', 'page=1&page=1']) {
      const answer = await get(`/api/servers?${query}`);
      expect(told(answer)).toEqual([400, query.split('=')[0], expect.stringContaining('more than once')]);
    }
    const listed = await get('/api/servers?status=running&status=stopped');
    expect([listed.status, listed.body.data?.items.length]).toEqual([200, 1]);
    const containers = await get('/api/containers/x/logs?tail=1&tail=2');
    expect([containers.status, containers.body.detail[0].loc]).toEqual([422, ['query', 'tail']]);
    expect((await get('/api/mcp/servers?a=1&a=2')).status).toBe(400);
  });

  test('levels and statuses may be written in any case', async () => {
    for (const level of ['ERROR', 'Warning', 'WARN', 'info']) {
      expect((await get(`/api/servers/taken/logs?level=${level}`)).status, level).toBe(200);
    }
    expect((await get('/api/servers?status=Running,STOPPED')).body.data.items).toHaveLength(1);
  });

  test('a filter has a short name, and an unknown one does not show everything', async () => {
    expect((await get('/api/servers?enabled=true')).body.data.items).toEqual([]);
    expect((await get('/api/servers?tags=none')).body.data.items).toEqual([]);
    expect((await get('/api/servers?type=stdio&_=1')).body.data.items).toHaveLength(1);
    for (const path of [
      '/api/servers?filter=x',
      '/api/users?name=x',
      '/api/groups?status=active',
      '/api/audit/logs?x=1',
    ]) {
      const [status, field, reason] = told(await get(path));
      const name = new URL(path, app.url).searchParams.keys().next().value;
      expect([status, field, reason], path).toEqual([400, name, expect.stringContaining('these can be used')]);
    }
  });
});

describe('the containers API', () => {
  test('names the maximum of a number', async () => {
    const { status, body } = await get('/api/containers/x/logs?tail=99999999');
    expect([status, body.detail]).toEqual([
      422,
      [
        {
          type: 'int_parsing',
          loc: ['query', 'tail'],
          msg: 'must be a whole number of 0 to 1000000, in decimal digits',
        },
      ],
    ]);
  });

  test('speaks of errors as FastAPI does', async () => {
    const none = await app.json('/api/containers/create', { method: 'POST' });
    expect([none.status, none.body.detail]).toEqual([422, [{ type: 'missing', loc: ['body'], msg: 'Field required' }]]);
    const { body } = await send('/api/auth/register', { username: 3, full_name: 'a\nb' });
    expect(body.detail).toEqual([
      { type: 'string_type', loc: ['body', 'username'], msg: 'must be a text' },
      { type: 'missing', loc: ['body', 'password'], msg: 'Field required' },
      { type: 'string_pattern_mismatch', loc: ['body', 'full_name'], msg: 'must be one line' },
    ]);
    const force = await app.json('/api/containers/x?force=perhaps', { method: 'DELETE' });
    expect([force.status, force.body.detail[0].type]).toEqual([422, 'bool_parsing']);
  });
});
