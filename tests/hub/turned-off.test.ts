import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson, callerOf, type Caller } from '../support/people.ts';

let app: TestApp;
let admin: Caller;
let stranger: Caller;

beforeAll(async () => {
  app = await createTestApp();
  await app.client().servers.addDemo.mutate();
  await app.json('/api/servers/demo/restart', { method: 'POST' });
  const { key } = await app.client().keys.create.mutate({ name: 'admin' });
  admin = callerOf(app, key);
  stranger = await addPerson(app, 'stranger');
});
afterAll(() => app.stop());

const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
const headers = { accept: 'application/json, text/event-stream' };

function initialize(caller: Caller, endpoint: string) {
  return caller.json(`/mcp/${endpoint}`, { headers, body: { jsonrpc: '2.0', id: 1, method: 'initialize', params } });
}

/** Calls a tool in a session of its own. */
async function call(caller: Caller, endpoint: string, name: string, args: Json = {}): Promise<Json> {
  const started = await initialize(caller, endpoint);
  const session = started.headers.get('mcp-session-id') ?? '';
  const body = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name, arguments: args } };
  return (await caller.json(`/mcp/${endpoint}`, { headers: { ...headers, 'mcp-session-id': session }, body })).body;
}

function absent(endpoint: string) {
  return `No server named "${endpoint}" is here, or you may not use it. Look at the server list for the right URL.`;
}

describe('an MCP endpoint of a server that is turned off', () => {
  test('says that it is disabled to who may see it; to others it is not there', async () => {
    await app.client().servers.update.mutate({ id: 'demo', patch: { desired: 'disabled' } });
    const seen = await initialize(admin, 'demo');
    expect([seen.status, seen.body.error.message]).toEqual([404, 'Server demo is disabled; enable it first']);
    const unseen = await initialize(stranger, 'demo');
    const nothing = await initialize(stranger, 'nothing');
    expect([unseen.status, unseen.body.error.message]).toEqual([404, absent('demo')]);
    expect({ ...nothing.body.error, message: '' }).toEqual({ ...unseen.body.error, message: '' });
    expect((await initialize(admin, 'nothing')).body.error.message).toBe(absent('nothing'));
  });

  test('stays while it is stopped, and says so where it is used', async () => {
    await app.client().servers.update.mutate({ id: 'demo', patch: { desired: 'stopped' } });
    const started = await initialize(admin, 'demo');
    expect(started.body.result.instructions).toBe('Server demo is stopped; start it first');
    expect((await call(admin, 'demo', 'echo')).error.message).toBe('Server demo is stopped; start it first');
    expect((await initialize(stranger, 'demo')).body.error.message).toBe(absent('demo'));
    const overRest = await app.json('/api/servers/demo/tools/echo/call', { body: { arguments: {} } });
    expect(JSON.stringify(overRest.body)).not.toContain('is here, or you may not');
  });
});
