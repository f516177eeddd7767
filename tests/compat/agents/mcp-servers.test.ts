import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { type CompatApp, createCompatApp, isAlive } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());

afterEach(async () => {
  const { body } = await app.json('/api/mcp/servers');
  for (const { id } of body.data) await app.fetch(`/api/mcp/servers/${id}`, { method: 'DELETE' });
});

async function register(id: string, more: Json = {}) {
  const body = { id, type: 'stdio', command: 'uvx', args: [id], ...more };
  const { status, body: told } = await app.json('/api/mcp/servers', { body });
  if (status !== 201) throw new Error(JSON.stringify(told));
}
function post(path: string, body?: Json) {
  return app.json(path, { method: 'POST', ...(body !== undefined && { body }) });
}
async function pidOf(id: string): Promise<number> {
  return (await app.json(`/api/servers/${id}`)).body.data.pid;
}

/** The examples of the document, at this hub. */
function curl(example: string) {
  return app.curl(example, { 'http://localhost:8000': app.url });
}

const toolNames = expect.arrayContaining(['web_search', 'understand_image']);

describe.each(['', '/api'])('below %j', (prefix) => {
  verifies(84, 'shows programs and URLs by id, secrets masked', async () => {
    await register('server1', { env: { API_KEY: 'sk-0123456789abcdef' } });
    await app.json('/api/servers', {
      body: { name: 'away', url: 'https://example.com/mcp', headers: { 'x-key': 'secret' }, enabled: false },
    });
    const { status, body } = await app.json(`${prefix}/mcp/config`);
    expect([status, body]).toEqual([
      200,
      {
        mcpServers: {
          server1: {
            transportType: 'stdio',
            command: 'uvx',
            args: ['server1'],
            env: { API_KEY: '***' },
            disabled: false,
            timeout: 120,
          },
          away: {
            transportType: 'streamable_http',
            url: 'https://example.com/mcp',
            headers: { 'x-key': '***' },
            disabled: true,
            timeout: 120,
          },
        },
      },
    ]);
  });

  verifies(86, 'tells which servers run, with the names of their tools', async () => {
    await register('server1');
    const { status, body } = await app.json(`${prefix}/mcp/status`);
    expect([status, body]).toEqual([
      200,
      { server1: { connected: true, init_attempted: true, tools: toolNames, error: null, transport_type: 'stdio' } },
    ]);
  });

  verifies(91, 'lists tools with what they take', async () => {
    await register('server1');
    await app.client().servers.setItem.mutate({ id: 'server1', type: 'tool', name: 'dies', enabled: false });
    const { body } = await app.json(`${prefix}/mcp/tools`);
    expect(body.server1).toContainEqual({
      name: 'web_search',
      description: 'Search the web for information',
      input_schema: expect.objectContaining({ type: 'object', required: ['query'] }),
    });
    expect(body.server1.map(({ name }: Json) => name)).not.toContain('dies');
  });

  verifies(90, 'stops a server, and says so where it was stopped', async () => {
    await register('server1');
    const pid = await pidOf('server1');
    const done = { status: 'success', server: 'server1', message: '断开连接成功' };
    const { status, body } = await post(`${prefix}/mcp/disconnect/server1`);
    expect([status, body]).toEqual([200, done]);
    expect(isAlive(pid)).toBe(false);
    expect((await post(`${prefix}/mcp/disconnect/server1`)).body).toEqual({ ...done, message: '服务器未连接' });
    const absent = await post(`${prefix}/mcp/disconnect/ghost`);
    expect([absent.status, absent.body.detail]).toEqual([404, expect.stringContaining('ghost')]);
  });

  verifies(89, 'starts a server, and answers when it runs', async () => {
    await register('server1');
    await post(`${prefix}/mcp/disconnect/server1`);
    const { status, body } = await post(`${prefix}/mcp/connect/server1`);
    expect([status, body]).toEqual([
      200,
      { status: 'success', server: 'server1', message: '连接成功', tools: toolNames },
    ]);
    expect(isAlive(await pidOf('server1'))).toBe(true);
  });

  verifies(96, 'calls a tool, and tells seconds', async () => {
    await register('weather_server');
    const asked = { server_name: 'weather_server', tool_name: 'web_search', params: { query: 'Beijing' } };
    const { status, body } = await post(`${prefix}/mcp/test-tool`, asked);
    expect([status, body]).toEqual([
      200,
      { status: 'success', ...asked, result: 'Search results: Beijing', execution_time: expect.any(Number) },
    ]);
    expect(body.execution_time).toBeLessThan(60);
  });
});

describe('connecting', () => {
  verifies(89, 'refuses what is not there, is disabled or does not start', async () => {
    await app.json('/api/servers', { body: { name: 'off', command: 'uvx', enabled: false } });
    await app.json('/api/servers', { body: { name: 'broken', command: 'uvx', args: ['--fails'] } });
    for (const name of ['ghost', 'off', 'broken']) {
      const { status, body } = await post(`/mcp/connect/${name}`);
      expect([status, body.detail]).toEqual([400, expect.stringContaining(name)]);
    }
  });

  verifies(89, 'of all starts those that can run, and counts the others', async () => {
    await register('running');
    await register('stopped');
    await post('/mcp/disconnect/stopped');
    await app.json('/api/servers', { body: { name: 'off', command: 'uvx', enabled: false } });
    await app.json('/api/servers', { body: { name: 'broken', command: 'uvx', args: ['--fails'] } });
    const { status, body } = await post('/mcp/connect/all');
    expect([status, body]).toEqual([
      200,
      {
        status: 'success',
        server: 'all',
        message: '已连接 2/3 个服务器',
        summary: { total_servers: 3, successful_connections: 1, failed_connections: 1, already_connected: 1 },
        servers: {
          running: { connected: true, error: null },
          stopped: { connected: true, error: null },
          broken: { connected: false, error: expect.stringContaining('broken') },
        },
      },
    ]);
  });

  verifies(89, 'to who does not see the server is as if it were not there', async () => {
    await register('server1');
    const stranger = await addPerson(app, `stranger${Date.now()}`);
    const answers = ['server1', 'ghost'].map((name) => stranger.json(`/mcp/connect/${name}`, { method: 'POST' }));
    const [hidden, ghost] = await Promise.all(answers);
    expect([hidden?.status, hidden?.body]).toEqual([400, { detail: "Server 'server1' does not exist." }]);
    expect([ghost?.status, ghost?.body]).toEqual([400, { detail: "Server 'ghost' does not exist." }]);
    expect((await stranger.json('/mcp/connect/all', { method: 'POST' })).body.summary.total_servers).toBe(0);
    for (const path of ['config', 'status', 'tools']) {
      expect(JSON.stringify((await stranger.json(`/mcp/${path}`)).body)).not.toContain('server1');
    }
  });
});

describe('a call', () => {
  verifies(96, 'that fails is an error with status 200', async () => {
    await register('server1');
    for (const [tool_name, error] of [
      ['always_fails', 'It did not work.'],
      ['no_such_tool', expect.stringContaining('no_such_tool')],
      ['dies', expect.any(String)],
    ]) {
      const { status, body } = await post('/mcp/test-tool', { server_name: 'server1', tool_name, params: {} });
      expect([status, body.status, body.error]).toEqual([200, 'error', error]);
    }
    const absent = await post('/mcp/test-tool', { server_name: 'ghost', tool_name: 'web_search', params: {} });
    expect([absent.status, absent.body.detail]).toEqual([404, expect.stringContaining('ghost')]);
    const lacking = await post('/mcp/test-tool', { server_name: 'server1' });
    expect([lacking.status, lacking.body.detail[0].loc]).toEqual([422, ['body', 'tool_name']]);
  });

  verifies(96, 'stands in the history of calls', async () => {
    await register('recorded');
    await post('/mcp/test-tool', { server_name: 'recorded', tool_name: 'say', params: { line: 'hello' } });
    const { items } = await app.client().calls.list.query({ serverId: 'recorded' });
    expect(items).toMatchObject([{ name: 'say', via: 'rest', outcome: 'ok' }]);
  });
});

test('the examples of the document work as written', async () => {
  await register('server1');
  expect(await curl('curl "http://localhost:8000/mcp/config"')).toHaveProperty('mcpServers.server1');
  expect(await curl('curl "http://localhost:8000/mcp/status"')).toMatchObject({ server1: { connected: true } });
  expect(await curl('curl "http://localhost:8000/mcp/tools"')).toHaveProperty('server1');
  const done = { status: 'success', server: 'server1' };
  expect(await curl('curl -X POST "http://localhost:8000/mcp/disconnect/server1"')).toMatchObject(done);
  expect(await curl('curl -X POST "http://localhost:8000/mcp/connect/server1"')).toMatchObject(done);
});
