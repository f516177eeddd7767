import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import type { Json } from '../support/mcp/script-types.ts';
import { serveTasks, type TaskServer } from '../support/mcp/task-server.ts';
import type { TestClient } from '../support/mcp/test-client.ts';
import { textOf } from './behaviours.ts';

/** Tasks outlive the hub: a client that got one before a restart works with it afterwards. */

let hub: HubProcess;
const servers: TaskServer[] = [];
/** Sign-ins of two people. */
const people: Record<'alice' | 'bob', Record<string, string>> = { alice: {}, bob: {} };

beforeAll(async () => {
  hub = await startHub();
  for (const name of ['north', 'south']) {
    const server = await serveTasks(name);
    servers.push(server);
    await hub.add(name, { kind: 'streamable-http', url: server.url }, { isolation: 'user' });
    await hub.api.servers.update.mutate({ id: name, patch: { visibility: 'everyone' } });
  }
  const everything = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  await hub.add('child', { kind: 'stdio', command: process.execPath, args: [everything] });
  people.alice = hub.headers;
  people.bob = await someoneElse();
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const server of servers) await server.close();
});

/** Headers of somebody else, who may use the same servers. */
async function someoneElse(): Promise<Record<string, string>> {
  const password = 'another long password of somebody';
  await hub.api.users.create.mutate({ username: 'bob', password });
  const answer = await fetch(`${hub.origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bob', password }),
  });
  const { data } = (await answer.json()) as { data: { token: string } };
  return { authorization: `Bearer ${data.token}` };
}

function open(who: keyof typeof people, endpoint?: string): Promise<TestClient> {
  return connect('v1-streamable', hub.url(endpoint), { headers: people[who] });
}

async function begin(client: TestClient, name: string, args: Json = {}): Promise<string> {
  const made = await client.request('tools/call', { name, arguments: args, task: { ttl: 600_000 } });
  return (made['task'] as { taskId: string }).taskId;
}

async function restart(how: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  await hub.end(how);
  await hub.restart();
}

function idsOf({ tasks }: Json): unknown[] {
  return (tasks as Json[]).map(({ taskId }) => taskId);
}

describe('tasks at the endpoint of several servers', () => {
  test('are watched, listed, cancelled and fetched after a restart of the hub, by who made them and by nobody else', async () => {
    const before = await open('alice');
    expect(before.capabilities).toMatchObject({ tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } });
    const [north, south] = [await begin(before, 'north__work'), await begin(before, 'south__work')];
    await before.close();
    await restart();

    await using alice = await open('alice');
    await using bob = await open('bob');
    for (const taskId of [north, south]) {
      expect(await alice.request('tasks/get', { taskId })).toMatchObject({ taskId, status: 'working' });
      for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
        await expect(bob.request(method, { taskId })).rejects.toThrow(/Unknown task/);
      }
    }
    expect(idsOf(await alice.request('tasks/list'))).toEqual(expect.arrayContaining([north, south]));
    expect(idsOf(await bob.request('tasks/list'))).toEqual([]);
    expect(await bob.request('tasks/get', { taskId: await begin(bob, 'north__work') })).toMatchObject({
      status: 'working',
    });
    expect(await alice.request('tasks/cancel', { taskId: south })).toMatchObject({ status: 'cancelled' });
    await servers[0]?.finish('done in the north');
    expect(textOf(await alice.request('tasks/result', { taskId: north }))).toBe('done in the north');
  });

  test('that nobody was told of are unknown', async () => {
    await using client = await open('alice');
    await expect(client.request('tasks/get', { taskId: 'forged' })).rejects.toThrow(/Unknown task: forged/);
    await expect(client.request('tasks/get', {})).rejects.toThrow(/tasks\/get needs taskId, a string/);
  });
});

test('a task is told to its person alone at the endpoint of its server, too, before and after a restart', async () => {
  const before = await open('alice', 'north');
  const taskId = await begin(before, 'work');
  await before.close();
  for (const again of [false, true]) {
    if (again) await restart();
    await using alice = await open('alice', 'north');
    await using bob = await open('bob', 'north');
    expect(await alice.request('tasks/get', { taskId })).toMatchObject({ status: 'working' });
    await expect(bob.request('tasks/get', { taskId })).rejects.toThrow(/Unknown task/);
  }
});

test('a task that a hub told of at the very moment when it was killed is known afterwards', async () => {
  const before = await open('alice');
  const taskId = await begin(before, 'north__work');
  await restart('SIGKILL');
  await before.close().catch(() => undefined);
  await using alice = await open('alice');
  await using bob = await open('bob');
  expect(await alice.request('tasks/get', { taskId })).toMatchObject({ taskId, status: 'working' });
  await expect(bob.request('tasks/get', { taskId })).rejects.toThrow(/Unknown task/);
});

test('a task of a program says that it ended with its process', async () => {
  const before = await open('alice');
  const taskId = await begin(before, 'child__simulate-research-query', { topic: 'relays', ambiguous: false });
  await before.close();
  await restart();
  await using client = await open('alice');
  await expect(client.request('tasks/get', { taskId })).rejects.toThrow(
    /Task not found.*child is a program of the hub.*ended with the process/,
  );
});
