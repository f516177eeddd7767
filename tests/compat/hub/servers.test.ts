import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp, askUntil, isAlive } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());
afterEach(async () => {
  const { body } = await app.json('/api/servers?limit=100');
  for (const { id } of body.data.items) await app.fetch(`/api/servers/${id}`, { method: 'DELETE' });
});

function create(body: Json) {
  return app.json('/api/servers', { body });
}
async function show(id: string): Promise<Json> {
  return (await app.json(`/api/servers/${id}`)).body.data;
}
function running(id: string) {
  return askUntil(
    () => show(id),
    ({ status }) => status === 'running',
  );
}

/** The request body of the document; its directory does not exist here. */
const documented = {
  name: '新服务器',
  command: 'python',
  args: ['-m', 'mcp_server'],
  env: { API_KEY: 'your-api-key', LOG_LEVEL: 'INFO' },
  cwd: '/app/python-server',
  enabled: true,
  description: 'Python MCP 服务器',
  tags: ['python', 'production'],
};

describe('waiting', () => {
  verifies(18, 'with wait the answer comes when it runs, or says why it does not', async () => {
    function post(query: string, body: Json) {
      return app.json(`/api/servers?${query}`, { body });
    }
    const runs = await post('wait=true', { name: 'runs', command: 'uvx' });
    expect([runs.status, runs.body.data?.status]).toEqual([201, 'running']);
    const fails = await post('wait=1', { name: 'fails', command: 'uvx', args: ['--fails'] });
    expect([fails.status, fails.body.data?.status]).toEqual([201, 'error']);
    expect(fails.body.data.error).toMatch(/no licence/);
    const off = await post('wait=true', { name: 'off', command: 'uvx', enabled: false });
    expect([off.status, off.body.data?.status]).toEqual([201, 'stopped']);
    const bad = await post('wait=perhaps', { name: 'bad', command: 'uvx' });
    expect([bad.status, bad.body.error.details.field]).toEqual([400, 'wait']);
  });

  verifies(22, 'with wait a start answers when it runs', async () => {
    await create({ name: 'later', command: 'uvx', enabled: false });
    await app.json('/api/servers/later', { method: 'PUT', body: { enabled: true } });
    await app.json('/api/servers/later/stop', { method: 'POST' });
    const started = await app.json('/api/servers/later/start?wait=true', { method: 'POST' });
    expect([started.status, started.body.data?.status]).toEqual([200, 'running']);
    await create({ name: 'never', command: 'uvx', args: ['--fails'], enabled: false });
    const failed = await app.json('/api/servers/never/start?wait=true', { method: 'POST' });
    expect([failed.status, failed.body.error.message]).toEqual([500, expect.stringMatching(/no licence/)]);
  });
});

describe('creation', () => {
  verifies(18, 'the documented body makes a server, under an id of its own', async () => {
    const { status, body } = await create(documented);
    expect(status).toBe(201);
    expect(body).toMatchObject({ success: true, message: '操作成功' });
    const { id, createdAt, updatedAt, ...server } = body.data;
    expect(id).toMatch(/^server-[a-z2-7]{6}$/);
    expect(server).toMatchObject({ ...documented, env: { API_KEY: '***', LOG_LEVEL: 'INFO' }, lastRestart: null });
    expect(new Date(createdAt).toISOString()).toBe(createdAt);
    expect(updatedAt).toBe(createdAt);
  });

  verifies(18, 'values that look secret are shown to who asks for them', async () => {
    const { body } = await create({ ...documented, name: 'revealed' });
    const revealed = await app.json(`/api/servers/${body.data.id}?reveal=true`);
    expect([revealed.status, revealed.body.data.env]).toEqual([200, documented.env]);
    const masked = await app.json(`/api/servers/${body.data.id}?reveal=false`);
    expect(masked.body.data.env).toEqual({ ...documented.env, API_KEY: '***' });
  });

  verifies(18, 'the typed client creates', async () => {
    const created = await app
      .client()
      .servers.create.mutate({ name: '新服务器', kind: 'stdio', command: 'python', args: ['-m', 'mcp_server'] });
    expect(created).toMatchObject({ name: '新服务器', command: 'python', desired: 'on' });
  });

  verifies(18, 'answers at once; a failing start shows as error with its reason', async () => {
    const { status, body } = await create({ name: 'broken', command: 'there-is-no-such-program' });
    expect(status).toBe(201);
    const server = await askUntil(
      () => show(body.data.id),
      (seen) => seen.status === 'error',
    );
    expect(server).toMatchObject({ pid: null, uptime: null });
    expect(server.error).toMatch(/there-is-no-such-program/);
  });

  verifies(18, 'a disabled server does not start', async () => {
    const { body } = await create({ name: 'quiet', command: 'uvx', enabled: false });
    expect(body.data).toMatchObject({ id: 'quiet', enabled: false, status: 'stopped', pid: null });
  });

  verifies(18, 'a url makes a remote server', async () => {
    const { status, body } = await create({
      name: 'remote',
      url: 'http://127.0.0.1:9/mcp',
      headers: { 'X-Key': 'abc' },
    });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ type: 'streamable-http', command: null, headers: { 'X-Key': '***' } });
  });

  verifies(18, 'a taken id is a conflict', async () => {
    await create({ name: 'Twice', command: 'uvx', enabled: false });
    const { status, body } = await create({ name: 'twice', command: 'uvx', enabled: false });
    expect([status, body.error.code]).toEqual([409, 'RESOURCE_CONFLICT']);
  });

  verifies(18, 'an empty name is refused in the documented words', async () => {
    for (const name of [undefined, '', '   ']) {
      const { status, body } = await create({ name, command: 'python' });
      expect(status).toBe(422);
      expect(body).toMatchObject({
        success: false,
        error: {
          code: 'VALIDATION_ERROR',
          message: '请求数据无效',
          details: { field: 'name', reason: '名称不能为空' },
        },
        timestamp: expect.stringMatching(/Z$/),
      });
    }
  });

  verifies(18, 'what cannot be a server is refused with the field at fault', async () => {
    const bad: [Json, string][] = [
      [{ name: 'a' }, 'command'],
      [{ name: 'a', command: '' }, 'command'],
      [{ name: 'a', command: 5 }, 'command'],
      [{ name: 'a', command: 'x', args: 'y' }, 'args'],
      [{ name: 'a', command: 'x', args: [1] }, 'args.0'],
      [{ name: 'a', command: 'x', env: { A: 1 } }, 'env.A'],
      [{ name: 'a', command: 'x', enabled: 'yes' }, 'enabled'],
      [{ name: 'a', command: 'x', type: 'pigeon' }, 'type'],
      [{ name: 'a', type: 'sse' }, 'url'],
      [{ name: 'a', url: 'ftp://example.com' }, 'url'],
      [{ name: 'config', command: 'x' }, 'name'],
      [{ name: 'x'.repeat(200), command: 'x' }, 'name'],
    ];
    for (const [body, field] of bad) {
      const answer = await create(body);
      expect([answer.status, answer.body.error?.code], JSON.stringify(body)).toEqual([422, 'VALIDATION_ERROR']);
      expect(
        answer.body.error.details.errors.map((error: Json) => error.field),
        JSON.stringify(body),
      ).toContain(field);
    }
    expect((await app.json('/api/servers')).body.data.pagination.total).toBe(0);
  });
});

describe('reading and changing', () => {
  verifies(19, 'shows pid, uptime in milliseconds and the last restart while it runs', async () => {
    await create({ name: 'one', command: 'uvx' });
    const server = await running('one');
    expect(isAlive(server.pid)).toBe(true);
    await askUntil(
      () => show('one'),
      ({ uptime }) => uptime >= 1000,
    );
    expect(server.lastRestart).toBeNull();
    await app.fetch('/api/servers/one/restart', { method: 'POST' });
    expect(Date.parse((await show('one')).lastRestart)).toBeGreaterThan(Date.parse(server.createdAt));
  });

  verifies(19, 'finds a server by its unique name too', async () => {
    const { body } = await create({ name: '文件系统服务器', command: 'uvx', enabled: false });
    const found = await show(encodeURIComponent('文件系统服务器'));
    expect(found.id).toBe(body.data.id);
  });

  verifies(19, 'an unknown id is RESOURCE_NOT_FOUND on every route that takes one', async () => {
    const requests = [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/start'],
      ['POST', '/stop'],
      ['POST', '/restart'],
      ['GET', '/logs'],
    ] as const;
    for (const [method, rest] of requests) {
      const init = method === 'PUT' ? { method, body: {} } : { method };
      const { status, body } = await app.json(`/api/servers/ghost${rest}`, init);
      expect([status, body.error.code], `${method} ${rest}`).toEqual([404, 'RESOURCE_NOT_FOUND']);
      expect(body.error.message).toContain('ghost');
    }
  });

  verifies(20, 'changes what is given and keeps the rest', async () => {
    await create({ name: 'one', command: 'uvx', args: ['a'], enabled: false, tags: ['x'] });
    const { status, body } = await app.json('/api/servers/one', { method: 'PUT', body: { description: 'New' } });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ id: 'one', description: 'New', args: ['a'], tags: ['x'], enabled: false });
  });

  verifies(20, 'a record sent back as it was read changes nothing', async () => {
    await create({ name: 'one', command: 'uvx', env: { MINIMAX_API_KEY: 'secret' } });
    const before = await running('one');
    const { status, body } = await app.json('/api/servers/one', { method: 'PUT', body: before });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ pid: before.pid, updatedAt: before.updatedAt });
    const { value } = await app.client().servers.reveal.mutate({ id: 'one', field: 'env', name: 'MINIMAX_API_KEY' });
    expect(value).toBe('secret');
  });

  verifies(20, 'a changed command line restarts it', async () => {
    await create({ name: 'one', command: 'uvx' });
    const { pid } = await running('one');
    await app.fetch('/api/servers/one', { method: 'PUT', body: { args: ['changed'] } });
    const after = await askUntil(
      () => show('one'),
      (server) => server.status === 'running' && server.pid !== pid,
    );
    expect(after.args).toEqual(['changed']);
  });

  verifies(20, 'enabled switches it off and on', async () => {
    await create({ name: 'one', command: 'uvx' });
    await running('one');
    await app.fetch('/api/servers/one', { method: 'PUT', body: { enabled: false } });
    await askUntil(
      () => show('one'),
      ({ status }) => status === 'stopped',
    );
    await app.fetch('/api/servers/one', { method: 'PUT', body: { enabled: true } });
    await running('one');
  });

  verifies(20, 'refuses a bad value and keeps the server as it was', async () => {
    await create({ name: 'one', command: 'uvx', enabled: false });
    const { status } = await app.json('/api/servers/one', { method: 'PUT', body: { command: '' } });
    expect(status).toBe(422);
    expect((await show('one')).command).toBe('uvx');
  });

  verifies(21, 'answers 200 with the envelope when its process is gone', async () => {
    await create({ name: 'one', command: 'uvx' });
    const { pid } = await running('one');
    const { status, body } = await app.json('/api/servers/one', { method: 'DELETE' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, data: { id: 'one' } });
    expect(isAlive(pid)).toBe(false);
    expect((await app.json('/api/servers/one')).status).toBe(404);
  });
});

describe('start, stop, restart', () => {
  verifies(22, 'starts a stopped server; starting it again changes nothing', async () => {
    await create({ name: 'one', command: 'uvx', enabled: false });
    const { status } = await app.json('/api/servers/one/start', { method: 'POST' });
    expect(status).toBe(200);
    const { pid } = await running('one');
    const again = await app.json('/api/servers/one/start', { method: 'POST' });
    expect([again.status, again.body.data.pid]).toEqual([200, pid]);
  });

  verifies(23, 'stops without a body, and with the documented one', async () => {
    for (const body of [undefined, { graceful: true, timeout: 30_000 }]) {
      await create({ name: 'one', command: 'uvx' });
      const { pid } = await running('one');
      const answer = await app.json('/api/servers/one/stop', { method: 'POST', ...(body && { body }) });
      expect(answer.status).toBe(200);
      expect(answer.body.data).toMatchObject({ status: 'stopped', pid: null, uptime: null });
      expect(isAlive(pid)).toBe(false);
      await app.fetch('/api/servers/one', { method: 'DELETE' });
    }
  });

  verifies(23, 'gives a stubborn process its time, then kills it', async () => {
    await create({ name: 'one', command: 'uvx', args: ['--stubborn'] });
    const { pid } = await running('one');
    const startedAt = Date.now();
    await app.fetch('/api/servers/one/stop', { method: 'POST', body: { graceful: true, timeout: 1000 } });
    expect(Date.now() - startedAt).toBeGreaterThan(800);
    // Without a time of its own a server gets 30 s.
    expect(Date.now() - startedAt).toBeLessThan(25_000);
    expect(isAlive(pid)).toBe(false);
  });

  verifies(23, 'kills at once when it need not be graceful', async () => {
    await create({ name: 'one', command: 'uvx', args: ['--stubborn'] });
    const { pid } = await running('one');
    const startedAt = Date.now();
    await app.fetch('/api/servers/one/stop', { method: 'POST', body: { graceful: false } });
    expect(Date.now() - startedAt).toBeLessThan(25_000);
    expect(isAlive(pid)).toBe(false);
  });

  verifies(23, 'refuses a body that is not as documented', async () => {
    await create({ name: 'one', command: 'uvx', enabled: false });
    for (const body of [{ graceful: 'yes' }, { timeout: '5s' }, { timeout: -1 }]) {
      const answer = await app.json('/api/servers/one/stop', { method: 'POST', body });
      expect([answer.status, answer.body.error.code], JSON.stringify(body)).toEqual([422, 'VALIDATION_ERROR']);
    }
  });

  verifies(24, 'restarts into another process, also from stopped', async () => {
    await create({ name: 'one', command: 'uvx' });
    const { pid } = await running('one');
    const first = await app.json('/api/servers/one/restart', { method: 'POST' });
    expect(first.status).toBe(200);
    expect(first.body.data.pid).not.toBe(pid);
    await app.fetch('/api/servers/one/stop', { method: 'POST' });
    const second = await app.json('/api/servers/one/restart', { method: 'POST' });
    expect([second.status, second.body.data.status]).toEqual([200, 'running']);
  });
});
