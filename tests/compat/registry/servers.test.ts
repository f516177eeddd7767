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
  const { body } = await app.json('/api/mcp/servers');
  for (const { id } of body.data) await app.fetch(`/api/mcp/servers/${id}`, { method: 'DELETE' });
});

const servers = '/api/mcp/servers';
const minimax = {
  id: 'minimax-mcp',
  type: 'stdio',
  command: 'uvx',
  args: ['minimax-mcp'],
  env: { MINIMAX_API_KEY: 'your-api-key', MINIMAX_API_HOST: 'https://api.minimaxi.com' },
};
function register(changes: Json = {}) {
  return app.json(servers, { body: { ...minimax, ...changes } });
}
async function pidOf(id: string): Promise<number> {
  return (await app.json(`/api/servers/${id}`)).body.data.pid;
}

describe('registration', () => {
  verifies(104, 'the curl example registers a server', async () => {
    const answer = await app.curl(`curl -X POST http://localhost:3000/api/mcp/servers \\
  -H "Content-Type: application/json" \\
  -d '{
    "id": "minimax-mcp",
    "type": "stdio",
    "command": "uvx",
    "args": ["minimax-mcp"],
    "env": {
      "MINIMAX_API_KEY": "your-api-key"
    }
  }'`);
    expect(answer).toEqual({
      success: true,
      data: { serverId: 'minimax-mcp', message: 'Server registered successfully' },
    });
  });

  verifies(104, 'answers 201 when the server runs, its environment in place', async () => {
    const { status } = await register();
    expect(status).toBe(201);
    const { body } = await app.json(`${servers}/minimax-mcp/tools/show_environment/call`, { method: 'POST' });
    const environment = JSON.parse(body.data.content);
    expect(environment.key).toBe('your-api-key');
    expect(environment.names).not.toContain('DATA_DIR');
    expect(environment.names).not.toContain('ADMIN_PASSWORD');
  });

  verifies(104, 'names the missing fields as documented', async () => {
    for (const field of ['id', 'type', 'command']) {
      const { status, body } = await register({ [field]: undefined });
      expect(status).toBe(400);
      expect(body).toEqual({
        success: false,
        error: { code: 'INVALID_CONFIG', message: 'Missing required fields: id, type, command' },
      });
    }
  });

  verifies(104, 'refuses what cannot be a server', async () => {
    const bad: [Json, RegExp][] = [
      [{ id: 'no spaces' }, /id/],
      [{ id: 'a__b' }, /id/],
      [{ id: 'config' }, /reserved/],
      [{ type: 'carrier-pigeon' }, /stdio, sse or streamable-http/],
      [{ type: 'streamable-http', command: undefined }, /url/],
      [{ args: 'minimax-mcp' }, /args/],
      [{ env: { KEY: 1 } }, /env\.KEY/],
    ];
    for (const [changes, message] of bad) {
      const { status, body } = await register(changes);
      expect([status, body.error?.code], JSON.stringify(changes)).toEqual([400, 'INVALID_CONFIG']);
      expect(body.error.message).toMatch(message);
    }
    expect((await app.json(servers)).body.data).toEqual([]);
  });

  verifies(104, 'keeps nothing of a server that does not start', async () => {
    for (const changes of [{ args: ['--fails'] }, { command: 'there-is-no-such-program' }]) {
      const { status, body } = await register(changes);
      expect([status, body.error.code]).toEqual([400, 'REGISTRATION_FAILED']);
      expect(body.error.message).toMatch(/minimax-mcp/);
    }
    expect((await app.json(servers)).body.data).toEqual([]);
    expect((await register()).status).toBe(201);
  });

  verifies(104, 'refuses a taken id and leaves the server alone', async () => {
    await register();
    const pid = await pidOf('minimax-mcp');
    const { status, body } = await register({ args: ['other'] });
    expect([status, body.error.code]).toEqual([400, 'REGISTRATION_FAILED']);
    expect(await pidOf('minimax-mcp')).toBe(pid);
  });
});

describe('the list', () => {
  verifies(103, 'shows phase, tools without schemas, and counts', async () => {
    await register();
    const { status, body } = await app.json(servers);
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      data: [expect.anything()],
      meta: { total: 1, timestamp: expect.any(String) },
    });
    const [server] = body.data;
    expect(server).toMatchObject({ id: 'minimax-mcp', status: { phase: 'running', message: 'Server is running' } });
    expect(server.tools).toContainEqual({ name: 'web_search', description: 'Search the web for information' });
    expect(new Date(server.lastActivity).toISOString()).toBe(server.lastActivity);
    expect(Object.keys(server)).toEqual(['id', 'status', 'tools', 'lastActivity']);
  });

  verifies(105, 'shows one server with the schemas of its tools', async () => {
    await register();
    const { body } = await app.json(`${servers}/minimax-mcp`);
    const tool = body.data.tools.find(({ name }: Json) => name === 'web_search');
    expect(tool.inputSchema).toMatchObject({ type: 'object', required: ['query'] });
    expect(JSON.stringify(body)).not.toContain('your-api-key');
  });

  verifies(108, 'tells phase, message and start', async () => {
    await register();
    const { body } = await app.json(`${servers}/minimax-mcp/status`);
    expect(body.data).toMatchObject({
      serverId: 'minimax-mcp',
      status: { phase: 'running', message: 'Server is running', error: null },
    });
    expect(Date.parse(body.data.status.startedAt)).toBeLessThanOrEqual(Date.now());
  });

  verifies(108, 'a server stopped through the hub API is stopped here', async () => {
    await register();
    await app.fetch('/api/servers/minimax-mcp/stop', { method: 'POST' });
    const { body } = await app.json(`${servers}/minimax-mcp/status`);
    expect(body.data.status).toMatchObject({ phase: 'stopped', startedAt: null });
  });

  verifies(109, 'lists and counts the tools of one server', async () => {
    await register();
    const { body } = await app.json(`${servers}/minimax-mcp/tools`);
    expect(body.data.serverId).toBe('minimax-mcp');
    expect(body.data.count).toBe(body.data.tools.length);
    expect(body.data.tools.slice(0, 2).map(({ name }: Json) => name)).toEqual(['web_search', 'understand_image']);
  });

  verifies(109, 'leaves a tool out that was switched off', async () => {
    await register();
    await app
      .client()
      .servers.setItem.mutate({ id: 'minimax-mcp', type: 'tool', name: 'understand_image', enabled: false });
    const { body } = await app.json(`${servers}/minimax-mcp/tools`);
    expect(body.data.tools.map(({ name }: Json) => name)).not.toContain('understand_image');
  });
});

describe('restart and removal', () => {
  verifies(107, 'a restarted server is another process', async () => {
    await register();
    const before = await pidOf('minimax-mcp');
    const { status, body } = await app.json(`${servers}/minimax-mcp/restart`, { method: 'POST' });
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      data: { serverId: 'minimax-mcp', message: 'Server restarted successfully' },
    });
    expect(await pidOf('minimax-mcp')).not.toBe(before);
    await askUntil(
      async () => isAlive(before),
      (alive) => !alive,
    );
  });

  verifies(107, 'a server that does not come back is a RESTART_ERROR', async () => {
    await register();
    await app.fetch('/api/servers/minimax-mcp', { method: 'PUT', body: { args: ['--fails'] } });
    const { status, body } = await app.json(`${servers}/minimax-mcp/restart`, { method: 'POST' });
    expect([status, body.error.code]).toEqual([500, 'RESTART_ERROR']);
  });

  verifies(106, 'the curl example removes the server, and its process is gone when it answers', async () => {
    await register();
    const pid = await pidOf('minimax-mcp');
    const answer = await app.curl('curl -X DELETE http://localhost:3000/api/mcp/servers/minimax-mcp');
    expect(answer).toEqual({
      success: true,
      data: { serverId: 'minimax-mcp', message: 'Server unregistered successfully' },
    });
    expect(isAlive(pid)).toBe(false);
    expect((await app.json('/api/servers/minimax-mcp')).status).toBe(404);
  });

  verifies(106, 'an unknown id is SERVER_NOT_FOUND on every route that takes one', async () => {
    const requests = [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/restart'],
      ['GET', '/status'],
      ['GET', '/tools'],
      ['POST', '/tools/web_search/call'],
    ] as const;
    for (const [method, rest] of requests) {
      const { status, body } = await app.json(`${servers}/ghost${rest}`, { method });
      expect([status, body.success, body.error.code], `${method} ${rest}`).toEqual([404, false, 'SERVER_NOT_FOUND']);
      expect(body.error.message).toContain('ghost');
    }
  });
});
