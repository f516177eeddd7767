import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import type { SelectedServer } from '../../types.ts';
import { openGateway, type TestGateway, type HouseOptions, type TestSession } from '../testing.ts';

const refused = { code: -32601 };
const made = { task: { taskId: 'made', status: 'working' } };
const script = {
  on: {
    'tools/call': () => made,
    'tools/Call': () => ({ called: true }),
    'tasks/get': () => ({ status: 'working' }),
    'tasks/result': () => ({ content: [] }),
    'tasks/list': () => ({ tasks: [{ taskId: 'made' }, { taskId: 'foreign' }] }),
    'vendor/wipe': () => ({ wiped: true }),
    'tasks/anything': () => ({ wiped: true }),
  },
};

function house(more: Partial<SelectedServer> = {}, options: HouseOptions = {}): Promise<TestGateway> {
  return openGateway({ script, ...options }).then((opened) => {
    const servers = [{ serverId: 's', overrides: {}, ...more }];
    opened.it.selections.set('s', { endpoint: 's', title: 's', prefixed: false, servers });
    opened.it.runtime.selectionsChanged();
    return opened;
  });
}

function openAs({ door }: TestGateway, person: string, signIn = person): Promise<TestSession> {
  return door.session({ endpoint: 's', credential: signIn, headers: { 'x-person': person } });
}
function makeTask(session: TestSession) {
  return session.request('tools/call', { name: 'echo', arguments: {} });
}
function methodsSent({ it }: TestGateway): string[] {
  return it.servers.links.flatMap(({ sent }) =>
    sent.flatMap(({ message }) => ('method' in message ? [message.method] : [])),
  );
}

describe.each<[string, Partial<SelectedServer>]>([
  ['only chosen tools', { only: { tool: ['echo'] } }],
  ['a tool switched off', { overrides: { tool: { other: { enabled: false, description: null } } } }],
])('a server with %s', (_what, narrow) => {
  test.each(['vendor/wipe', 'tasks/list', 'tools/Call', 'TOOLS/CALL'])('gets no %s', async (method) => {
    await using it = await house(narrow);
    const session = await openAs(it, 'alice');
    await expect(session.request(method, { name: 'other', taskId: 'x' })).rejects.toMatchObject(refused);
    expect(methodsSent(it)).not.toContain(method);
  });

  test('gets methods of tasks that this session was told of, and of no other', async () => {
    await using it = await house(narrow);
    const session = await openAs(it, 'alice');
    await expect(session.request('tasks/get', { taskId: 'made' })).rejects.toMatchObject(refused);
    await makeTask(session);
    expect(await session.request('tasks/get', { taskId: 'made' })).toEqual({ status: 'working' });
    for (const method of ['vendor/wipe', 'tasks/anything']) {
      await expect(session.request(method, { taskId: 'made' })).rejects.toMatchObject(refused);
    }
    await expect(session.request('tasks/result', { taskId: 'foreign' })).rejects.toMatchObject(refused);
    const other = await openAs(it, 'alice', 'another key of alice');
    await expect(other.request('tasks/get', { taskId: 'made' })).rejects.toMatchObject(refused);
  });

  test('hears no notification that the hub does not know', async () => {
    await using it = await house(narrow);
    const session = await it.door.session({ endpoint: 's', capabilities: { roots: { listChanged: true } } });
    await makeTask(session);
    await session.post({ jsonrpc: '2.0', method: 'notifications/vendor/wipe' });
    await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    await until(() => methodsSent(it).includes('notifications/roots/list_changed'));
    expect(methodsSent(it)).not.toContain('notifications/vendor/wipe');
  });
});

describe('a whole server', () => {
  test('gets methods the hub does not know, but no known one in other letters', async () => {
    await using it = await house();
    const session = await openAs(it, 'alice');
    expect(await session.request('vendor/wipe')).toEqual({ wiped: true });
    expect(await session.request('tasks/get', { taskId: 'whatever' })).toEqual({ status: 'working' });
    await expect(session.request('tools/Call', { name: 'echo' })).rejects.toMatchObject(refused);
  });

  test('counts such a method as a call', async () => {
    const asked: string[] = [];
    function admit(_credential: unknown, serverId: string, tool: string) {
      asked.push(`${serverId} ${tool}`);
      return { limit: 1, retryAfterSeconds: 5 };
    }
    await using it = await house({}, { runtime: { admit } });
    const session = await openAs(it, 'alice');
    for (const method of ['vendor/wipe', 'tasks/anything', 'tasks/GET']) {
      await expect(session.request(method, { taskId: 'x' })).rejects.toThrow('Rate limit');
    }
    expect(await session.request('tasks/get', { taskId: 'x' })).toEqual({ status: 'working' });
    expect(asked).toEqual(['s vendor/wipe', 's tasks/anything', 's tasks/GET']);
  });
});

describe.each<[string, HouseOptions]>([
  ['that everybody shares', { over: { isolation: 'shared' } }],
  ['without sessions', { script: { ...script, eras: ['modern'] } }],
])('a server %s', (_what, options) => {
  test('gets ids of tasks from the person who was told of them, over all sign-ins, and from nobody else', async () => {
    await using it = await house({}, options);
    const alice = await openAs(it, 'alice');
    const bob = await openAs(it, 'bob');
    await makeTask(alice);
    for (const method of ['tasks/get', 'tasks/result', 'vendor/wipe']) {
      await expect(bob.request(method, { taskId: 'made' })).rejects.toMatchObject({ code: -32602 });
    }
    await expect(bob.request('tasks/get', { taskId: 1 })).rejects.toMatchObject({ code: -32602 });
    const again = await openAs(it, 'alice', 'alice elsewhere');
    expect(await again.request('tasks/get', { taskId: 'made' })).toEqual({ status: 'working' });
    expect(await again.request('tasks/list')).toEqual({ tasks: [{ taskId: 'made' }] });
    expect(await bob.request('tasks/list')).toEqual({ tasks: [] });
  });
});
