import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
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

function post(path: string, body: Json) {
  return app.json(path, { method: 'POST', body });
}
async function idsNow(): Promise<string[]> {
  const { body } = await app.json('/api/mcp/servers');
  return body.data.map(({ id }: Json) => id);
}
async function pidOf(id: string): Promise<number> {
  return (await app.json(`/api/servers/${id}`)).body.data.pid;
}

const newServer = { command: 'python server.py', transportType: 'stdio' };

describe.each(['', '/api'])('below %j', (prefix) => {
  verifies(87, 'adds servers, once', async () => {
    const { status, body } = await post(`${prefix}/mcp/add`, { mcpServers: { new_server: newServer } });
    const lists = { added_servers: ['new_server'], duplicate_servers: [], skipped_servers: {} };
    expect([status, body]).toEqual([200, { status: 'success', message: '成功添加 1 个服务器', ...lists }]);
    const { mcpServers } = (await app.json('/mcp/config')).body;
    expect(mcpServers.new_server).toMatchObject({ command: 'python', args: ['server.py'] });
    const both = { new_server: newServer, other: { ...newServer, disabled: true, timeout: 5 } };
    expect((await post(`${prefix}/mcp/add`, { mcpServers: both })).body).toMatchObject({
      status: 'partial_success',
      added_servers: ['other'],
      duplicate_servers: ['new_server'],
    });
    expect((await app.json('/mcp/config')).body.mcpServers.other).toMatchObject({ disabled: true, timeout: 5 });
    expect((await post(`${prefix}/mcp/add`, { mcpServers: both })).body.status).toBe('no_changes');
  });

  verifies(88, 'removes servers, and tells which were not there', async () => {
    await post('/mcp/add', { mcpServers: { server1: newServer, server2: newServer } });
    const { status, body } = await post(`${prefix}/mcp/remove`, ['server1', 'server2']);
    const lists = { removed_servers: ['server1', 'server2'], not_found_servers: [], skipped_servers: {} };
    expect([status, body]).toEqual([200, { status: 'success', message: '成功删除 2 个服务器', ...lists }]);
    expect(await idsNow()).toEqual([]);
    expect((await post(`${prefix}/mcp/remove`, ['ghost'])).body).toMatchObject({
      status: 'no_changes',
      not_found_servers: ['ghost'],
    });
  });

  verifies(85, 'replaces the configuration, and answers when its servers run', async () => {
    await post('/mcp/add', { mcpServers: { old: newServer } });
    const { status, body } = await post(`${prefix}/mcp/config`, { mcpServers: { new_server: newServer } });
    expect([status, Object.keys(body)]).toEqual([200, ['new_server']]);
    expect(body.new_server).toMatchObject({ connected: true, tools: expect.arrayContaining(['web_search']) });
    expect(await idsNow()).toEqual(['new_server']);
  });
});

describe('what is added', () => {
  verifies(87, 'is refused whole where its format is wrong', async () => {
    const wrong: Json[] = [
      {},
      { mcpServers: [] },
      { mcpServers: { good: newServer, bad: {} } },
      { mcpServers: { bad: { transportType: 'sse' } } },
      { mcpServers: { bad: { ...newServer, transportType: 'pigeon' } } },
      { mcpServers: { bad: { ...newServer, timeout: 0 } } },
      { mcpServers: { bad: { container: { image: 'x' } } } },
      { mcpServers: { config: newServer } },
    ];
    for (const body of wrong) {
      const answer = await post('/mcp/add', body);
      expect([answer.status, Object.keys(answer.body)], JSON.stringify(body)).toEqual([400, ['detail']]);
    }
    expect(await idsNow()).toEqual([]);
  });
});

describe('a replacement', () => {
  verifies(85, 'of the same leaves processes and secrets alone', async () => {
    const env = { MINIMAX_API_KEY: 'sk-0123456789abcdef' };
    await post('/mcp/config', { mcpServers: { same: { ...newServer, env }, other: newServer } });
    const before = [await pidOf('same'), await pidOf('other')];
    const { body } = await app.json('/mcp/config');
    expect(body.mcpServers.same.env).toEqual({ MINIMAX_API_KEY: '***' });
    body.mcpServers.other.args = ['changed.py'];
    expect((await post('/mcp/config', body)).body.same.connected).toBe(true);
    const asked = { server_name: 'same', tool_name: 'show_environment', params: {} };
    expect(JSON.parse((await post('/mcp/test-tool', asked)).body.result).key).toBe(env.MINIMAX_API_KEY);
    expect(await pidOf('same')).toBe(before[0]);
    expect((await app.json('/mcp/config')).body.mcpServers.other.args).toEqual(['changed.py']);
  });

  verifies(85, 'that is refused removes nothing', async () => {
    await post('/mcp/add', { mcpServers: { stays: { ...newServer, disabled: true } } });
    for (const mcpServers of [{ config: newServer }, { bad: {} }]) {
      expect((await post('/mcp/config', { mcpServers })).status).toBe(400);
    }
    expect(await idsNow()).toEqual(['stays']);
  });

  verifies(85, 'of somebody else touches nothing that they do not manage', async () => {
    await post('/mcp/add', { mcpServers: { mine: { ...newServer, disabled: true } } });
    const stranger = await addPerson(app, `stranger${Date.now()}`);
    const replaced = await stranger.json('/mcp/config', { method: 'POST', body: { mcpServers: {} } });
    expect([replaced.status, replaced.body]).toEqual([200, {}]);
    const removed = await stranger.json('/mcp/remove', { method: 'POST', body: ['mine'] });
    expect(removed.body).toMatchObject({ status: 'no_changes', not_found_servers: ['mine'] });
    expect(await idsNow()).toEqual(['mine']);
  });
});
