import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { addPerson } from '../support/people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

async function connect(path: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${app.url}${path}`), { requestInit: { headers } }));
  return client;
}

test('a product that the hub shows is a server like any other, with a state for each session', async () => {
  const shown = await app.client().apps.show.mutate({ id: 'Security/QingTengHIDS' });
  expect(shown).toMatchObject({ id: 'QingTengHIDS', kind: 'app' });
  const headers = { authorization: `Bearer ${app.token}` };
  const client = await connect(`/mcp/${shown.id}`, headers);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('isolate_host');
  const host = { host_id: 'H-1001' };
  async function stateFor(one: Client): Promise<string> {
    const result: Json = await one.callTool({ name: 'get_host_status', arguments: host });
    return result.structuredContent.status;
  }
  expect(await stateFor(client)).toBe('normal');
  await client.callTool({ name: 'isolate_host', arguments: host });
  expect(await stateFor(client)).toBe('isolated');
  const other = await connect(`/mcp/${shown.id}`, headers);
  expect(await stateFor(other)).toBe('normal');
  await Promise.all([client.close(), other.close()]);
  const { body } = await app.json('/api/servers/QingTengHIDS');
  expect(body.data).toMatchObject({ id: 'QingTengHIDS', status: 'running' });
  await expect(app.client().apps.show.mutate({ id: 'Security/QingTengHIDS' })).rejects.toThrow('QingTengHIDS');
});

test('a product of somebody else becomes no server, and goes with its product', async () => {
  const hidden = await app.client().apps.create.mutate({ category: 'Mine', name: 'Alone', displayName: 'Alone' });
  const person = await addPerson(app, 'curious');
  const draft = { name: 'theirs', kind: 'app' as const, app: hidden.id };
  await expect(person.client().servers.create.mutate(draft)).rejects.toThrow('does not exist');
  await expect(person.client().apps.show.mutate({ id: hidden.id })).rejects.toThrow('does not exist');
  const own = await app.client().apps.show.mutate({ id: hidden.id });
  await app.client().apps.remove.mutate({ id: hidden.id });
  expect((await app.json(`/api/servers/${own.id}`)).status).toBe(404);
});

test('official clients speak to a product at its own URL', async () => {
  const made = await app.client().apps.tokens.create.mutate({ apps: ['Security/VirusTotal'] });
  for (const path of [`/Security/VirusTotal?token=${made.token}`, `/sim/Security/VirusTotal?token=${made.token}`]) {
    const client = await connect(path);
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(3);
    const result: Json = await client.callTool({ name: 'query_ip', arguments: { ip: '8.8.8.8' } });
    expect(result.content[0].type).toBe('text');
    await client.close();
  }
  const bearer = await connect('/Security/VirusTotal', { authorization: `Bearer ${made.token}` });
  expect((await bearer.listResources()).resources.length).toBe(2);
  await bearer.close();
});
