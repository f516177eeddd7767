import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/app.ts';
import { openSession } from '../support/mcp/raw.ts';
import { until } from '../support/until.ts';
import { type ActorName, createWorld, type World } from './world.ts';

/** What is refused leaves a trace, what fails tells its reason only to who may know it, and what is over ends. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

function headersOf(actor: ActorName) {
  return { authorization: `Bearer ${world.callers[actor].token}` };
}
function session(actor: ActorName, endpoint: string) {
  return openSession(`${world.app.url}${endpoint}`, { headers: headersOf(actor) });
}
async function trail(query: string): Promise<Json[]> {
  return (await world.callers.admin.json(`/api/audit/logs?limit=200&${query}`)).body.data.logs;
}

describe('a call of what is not there for the caller', () => {
  test.each([
    ['/mcp/shared', 'secret_wipe', 'shared'],
    ['/mcp', 'shared__secret_wipe', 'all'],
  ])('is written down at %s', async (endpoint, name, target) => {
    const member = await session('member', endpoint);
    const { error } = await member.request('tools/call', { name, arguments: { planted: 'argument' } });
    expect(error).toMatchObject({ code: -32602, message: `Unknown tool: ${name}` });
    await member.end();
    const [entry] = await trail(`kind=call&search=${name}`);
    expect(entry).toMatchObject({ action: 'tools/call', target, name, outcome: 'error', userName: 'member' });
    expect(JSON.stringify(entry)).not.toContain('planted');
  });

  test('by REST and tRPC is written down as refused', async () => {
    const { member, keyRead } = world.callers;
    expect((await member.json('/api/servers/hidden')).status).toBe(404);
    expect((await member.json('/api/servers/shared', { method: 'DELETE' })).status).toBe(403);
    expect((await keyRead.json('/api/groups', { body: { name: 'by-key' } })).status).toBe(403);
    const refused = await trail('outcome=refused&user=member');
    expect(refused.map(({ action, target, keyName }) => [action, target, keyName])).toEqual(
      expect.arrayContaining([
        ['server.read', 'hidden', null],
        ['server.remove', 'shared', null],
        ['group.create', 'by-key', 'read'],
      ]),
    );
  });
});

describe('a server that fails', () => {
  const reason = 'ARGUMENT-7f21';
  const calls: [string, (actor: ActorName) => Promise<string>][] = [
    [
      'MCP',
      async (actor) => {
        const client = await openSession(`${world.app.url}/mcp`, { headers: headersOf(actor) });
        const answer = await client.request('tools/call', { name: 'failing__echo', arguments: {} });
        await client.end();
        return JSON.stringify(answer);
      },
    ],
    [
      'its endpoint',
      async (actor) => {
        const answer = await openSession(`${world.app.url}/mcp/failing`, { headers: headersOf(actor) }).then(
          (client) => client.request('tools/list'),
          (error: unknown) => ({ error: String(error) }),
        );
        return JSON.stringify(answer);
      },
    ],
    [
      'REST',
      async (actor) =>
        JSON.stringify(
          (await world.callers[actor].json('/api/mcp/servers/failing/tools/echo/call', { body: {} })).body,
        ),
    ],
    ['its state', async (actor) => JSON.stringify((await world.callers[actor].json('/api/servers/failing')).body)],
    ['the health', async (actor) => JSON.stringify((await world.callers[actor].json('/api/mcp/health')).body)],
  ];

  beforeAll(async () => {
    const args = ['-e', `console.error('cannot reach ${reason}'); process.exit(3)`];
    await world.callers.admin.client().servers.create.mutate({
      id: 'failing',
      kind: 'stdio',
      command: process.execPath,
      args,
      visibility: 'everyone',
    });
    function failed() {
      return world.app.runtime.status('failing')?.error?.includes(reason) ?? false;
    }
    await until(failed, 'the server has failed');
  });

  test.each(calls)('tells why by %s to who may read its log, and to nobody else', async (_way, ask) => {
    expect(await ask('stranger')).not.toContain(reason);
  });

  test('tells its admin', async () => {
    const told = await Promise.all(calls.map(async ([, ask]) => (await ask('admin')).includes(reason)));
    expect(told.filter(Boolean).length).toBeGreaterThanOrEqual(3);
  });
});

test('an SSE stream ends with the right to its endpoint', async () => {
  const group = await world.freshGroup();
  const { member, admin } = world.callers;
  const response = await fetch(`${world.app.url}/sse/${group}`, { headers: headersOf('member') });
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const path = /data: (\S+)/.exec((await reader?.read())?.value ?? '')?.[1] ?? '';
  async function post(body: Json) {
    const headers = { ...headersOf('member'), 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) };
    expect((await fetch(world.app.url + path, init)).status).toBe(202);
  }
  const clientInfo = { name: 'old', version: '1' };
  await post({ id: 1, method: 'initialize', params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo } });
  expect((await reader?.read())?.value).toContain('"id":1');
  await post({ method: 'notifications/initialized' });
  await admin.json(`/api/groups/${group}/members/${member.id}`, { method: 'DELETE' });
  const rest = await (async () => {
    for (;;) if ((await reader?.read())?.done) return 'ended';
  })();
  expect(rest).toBe('ended');
});
