import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson, callerOf, type Caller } from '../support/people.ts';

let app: TestApp;
let admin: Caller;
let member: Caller;

const headers = { accept: 'application/json, text/event-stream' };
const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

beforeAll(async () => {
  app = await createTestApp();
  await app.client().servers.addDemo.mutate();
  await app.json('/api/servers/demo/restart', { method: 'POST' });
  admin = callerOf(app, (await app.client().keys.create.mutate({ name: 'admin' })).key);
  member = await addPerson(app, 'member');
  const permissions = { servers: ['read', 'execute'] as const, tools: ['read', 'execute'] as const };
  await app.client().groups.create.mutate({
    name: 'team',
    permissions: { servers: [...permissions.servers], tools: [...permissions.tools] },
  });
  await app.client().groups.addServer.mutate({ groupId: 'team', serverId: 'demo', permissions: ['read', 'execute'] });
  await app.client().groups.addMember.mutate({ groupId: 'team', userId: member.id });
});
afterAll(() => app.stop());

/** Calls a tool in a session of its own and gives what the caller reads of it. */
async function call(caller: Caller, endpoint: string, name: string): Promise<string> {
  const path = endpoint === '' ? '/mcp' : `/mcp/${endpoint}`;
  const started = await caller.json(path, { headers, body: { jsonrpc: '2.0', id: 1, method: 'initialize', params } });
  const session = { ...headers, 'mcp-session-id': started.headers.get('mcp-session-id') ?? '' };
  const body = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name, arguments: { message: 'x' } } };
  const answer: Json = (await caller.json(path, { headers: session, body })).body;
  return answer.error?.message ?? answer.result.content[0].text;
}

/** What is recorded of the last call, for a reader: in the list, alone, and in the trail. */
async function recorded(client: ReturnType<TestApp['client']>): Promise<(string | null)[]> {
  const [last] = (await client.calls.list.query({ limit: 1 })).items;
  const alone = await client.calls.get.query({ id: last?.id ?? '' });
  const [entry] = (await client.audit.list.query({ kind: 'call', limit: 1 })).items;
  return [last?.errorMessage ?? null, alone.errorMessage, entry?.error ?? null];
}

function thrice(text: string): string[] {
  return [text, text, text];
}

describe('a call of a tool that its caller does not have', () => {
  test('reads like a call of no tool, and the record says that the key keeps it', async () => {
    const narrow = callerOf(app, (await member.client().keys.create.mutate({ name: 'n', tools: ['demo/echo'] })).key);
    expect(await call(narrow, 'team', 'demo__draw_pattern')).toBe('Unknown tool: demo__draw_pattern');
    const said = 'The tool is there; this API key does not have it.';
    expect(await recorded(app.client())).toEqual(thrice(said));
    expect(await recorded(member.client())).toEqual(thrice(said));
    const [own] = (await narrow.client().calls.list.query({ limit: 1 })).items;
    expect(own?.errorMessage).toBe('Unknown tool: demo__draw_pattern');
    expect(await call(narrow, 'team', 'demo__boom')).toBe('Unknown tool: demo__boom');
    expect(await recorded(app.client())).toEqual(thrice('Unknown tool: demo__boom'));
  });

  test('is told apart where the group or the server has it switched off, to who may read all calls', async () => {
    const unknown = 'Unknown tool: demo__weather_report';
    const item = { type: 'tool', name: 'weather_report', enabled: false } as const;
    await app.client().groups.setItem.mutate({ groupId: 'team', serverId: 'demo', ...item });
    expect(await call(member, 'team', 'demo__weather_report')).toBe(unknown);
    expect(await recorded(app.client())).toEqual(thrice('The tool is there; it is switched off in group team.'));
    expect(await recorded(member.client())).toEqual(thrice(unknown));
    await app.client().servers.setItem.mutate({ id: 'demo', ...item });
    for (const [caller, endpoint, name] of [
      [admin, '', 'demo__weather_report'],
      [admin, 'demo', 'weather_report'],
      [member, 'team', 'demo__weather_report'],
    ] as const) {
      expect(await call(caller, endpoint, name)).toBe(`Unknown tool: ${name}`);
      expect(await recorded(app.client())).toEqual(thrice('The tool is there; it is switched off at its server.'));
    }
    expect(await recorded(member.client())).toEqual(thrice(unknown));
  });

  test('is one of no tool where nothing of that name is there', async () => {
    for (const name of ['demo__', 'demo__nothing', 'echo', 'other__echo', '']) {
      expect(await call(admin, '', name)).toBe(`Unknown tool: ${name}`);
      expect(await recorded(app.client())).toEqual(thrice(`Unknown tool: ${name}`));
    }
  });
});
