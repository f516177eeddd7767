import { describe, expect, test } from 'vitest';
import { RpcError } from '../../rpc.ts';
import type { TaskRoute, TaskStore } from '../../task-store.ts';
import { http, selectionOf, type FakeLink } from '../../testing.ts';
import type { JsonObject, JsonRpcRequest, SelectedServer } from '../../types.ts';
import { modern, openGateway, type TestGateway, type HouseOptions, type TestSession } from '../testing.ts';
import { createTasks } from './tasks.ts';

/** A store in this process, which several runtimes use one after another. */
function createStore() {
  const kept: TaskRoute[] = [];
  const store: TaskStore & { kept: TaskRoute[]; reads: number; away: boolean } = {
    kept,
    reads: 0,
    away: false,
    async add(route) {
      if (!store.away) kept.push(route);
    },
    async find(id) {
      store.reads++;
      if (store.away) throw new Error('away');
      return kept.filter(({ taskId }) => taskId === id);
    },
    async ofServer(serverId, ids) {
      if (store.away) throw new Error('away');
      return kept.filter((route) => route.serverId === serverId && ids.includes(route.taskId));
    },
  };
  return store;
}

const taskCapability = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

function script(id: string) {
  function list({ params }: { params?: JsonObject }): JsonObject {
    return params?.['cursor'] === `${id}-2`
      ? { tasks: [{ taskId: `${id}-last` }] }
      : { tasks: [{ taskId: `${id}-task` }, { taskId: `${id}-other` }], nextCursor: `${id}-2` };
  }
  return {
    capabilities: { tools: {}, tasks: taskCapability },
    on: {
      'tools/call': () => ({ task: { taskId: `${id}-task`, status: 'working', ttl: 1000 } }),
      'tasks/get': ({ params }: { params?: JsonObject }) => ({ ...params, status: 'working', server: id }),
      'tasks/cancel': ({ params }: { params?: JsonObject }) => ({ ...params, status: 'cancelled', server: id }),
      'tasks/list': list,
    },
  };
}

function house(store: TaskStore | null, more: HouseOptions = {}): Promise<TestGateway> {
  return openGateway({ script, ids: ['a', 'b'], ...more, runtime: { taskStore: store, ...more.runtime } });
}
function openAs({ door }: TestGateway, person: string, endpoint = 'all', signIn = person): Promise<TestSession> {
  return door.session({ endpoint, credential: signIn, headers: { 'x-person': person } });
}
const unknown = { code: -32602, message: expect.stringContaining('Unknown task') };
function idsOf({ tasks }: JsonObject): unknown[] {
  return (tasks as JsonObject[]).map(({ taskId }) => taskId);
}

/** Who made a task at an earlier hub; gives the store that knows. */
async function earlier(how: { person?: string; signIn?: string; endpoint?: string; tool?: string } = {}) {
  const { person = 'alice', signIn = person, endpoint = 'all', tool = 'b__echo' } = how;
  const store = createStore();
  await using it = await house(store);
  const session = await openAs(it, person, endpoint, signIn);
  await session.request('tools/call', { name: tool, arguments: {} });
  return store;
}

describe('after a restart of the hub, a task', () => {
  test('is routed to the server that made it, and read from the store once', async () => {
    const store = await earlier();
    await using it = await house(store);
    const session = await openAs(it, 'alice');
    const { reads } = store;
    expect(await session.request('tasks/get', { taskId: 'b-task' })).toMatchObject({ server: 'b' });
    expect(await session.request('tasks/cancel', { taskId: 'b-task' })).toMatchObject({ server: 'b' });
    expect(store.reads - reads).toBe(1);
    const elsewhere = await openAs(it, 'alice', 'all', 'another sign-in of alice');
    expect(await elsewhere.request('tasks/get', { taskId: 'b-task' })).toMatchObject({ server: 'b' });
  });

  test('is routed for clients without sessions, too', async () => {
    const store = await earlier();
    await using it = await house(store);
    const { body, headers } = modern(1, 'tasks/get', { taskId: 'b-task' });
    const whose = { credential: 'alice', headers: { ...headers, 'mcp-name': 'b-task', 'x-person': 'alice' } };
    const { messages } = await it.door.post(body, whose);
    expect(messages[0]).toMatchObject({ result: { server: 'b' } });
  });

  test.each(['all', 'b'])('is refused to other people, at %s', async (endpoint) => {
    const store = await earlier();
    await using it = await house(store);
    const bob = await openAs(it, 'bob', endpoint);
    await expect(bob.request('tasks/get', { taskId: 'b-task' })).rejects.toMatchObject(unknown);
    await expect(bob.request('tasks/cancel', { taskId: 'b-task' })).rejects.toMatchObject(unknown);
  });

  test('is unknown at an endpoint without its server, and its id none of another server', async () => {
    const store = await earlier();
    await using it = await house(store);
    it.it.selections.set('all', { ...selectionOf('all', ['a']), prefixed: true });
    it.it.runtime.selectionsChanged();
    const session = await openAs(it, 'alice');
    await expect(session.request('tasks/get', { taskId: 'b-task' })).rejects.toMatchObject(unknown);
  });

  test('is reached with the credential that made it where only some items may be used, and with no other', async () => {
    const store = await earlier({ signIn: 'key one' });
    await using it = await house(store);
    const narrow: SelectedServer = { serverId: 'b', overrides: {}, only: { tool: ['echo'] } };
    it.it.selections.set('all', { endpoint: 'all', title: 'all', prefixed: true, servers: [narrow] });
    it.it.runtime.selectionsChanged();
    const one = await openAs(it, 'alice', 'all', 'key one');
    expect(await one.request('tasks/get', { taskId: 'b-task' })).toMatchObject({ server: 'b' });
    const two = await openAs(it, 'alice', 'all', 'key two');
    await expect(two.request('tasks/get', { taskId: 'b-task' })).rejects.toMatchObject(unknown);
    await expect(two.request('tasks/list')).rejects.toMatchObject({ code: -32601 });
  });

  test.each<[string, HouseOptions['over'], RegExp]>([
    ['a program', {}, /^Task not found\. Server b is a program of the hub.*process/],
    ['a remote server', { launch: http() }, /^Task not found\. Server b is asked over another connection/],
  ])('that %s does not know any more is refused with the reason', async (_what, over, reason) => {
    const store = await earlier();
    function forgetful(id: string) {
      return {
        ...script(id),
        on: {
          ...script(id).on,
          'tasks/get': () => {
            throw new RpcError(-32602, 'Task not found', { own: 1 });
          },
        },
      };
    }
    await using it = await house(store, { script: forgetful, over });
    const session = await openAs(it, 'alice');
    const refusal = { code: -32602, message: expect.stringMatching(reason), data: { own: 1 } };
    await expect(session.request('tasks/get', { taskId: 'b-task' })).rejects.toMatchObject(refusal);
    // One of this process is refused in the server's own words.
    await session.request('tools/call', { name: 'a__echo', arguments: {} });
    await expect(session.request('tasks/get', { taskId: 'a-task' })).rejects.toMatchObject({
      message: 'Task not found',
    });
  });

  test('cannot be told apart while the database is away, and the answer says so', async () => {
    const store = await earlier();
    store.away = true;
    await using it = await house(store);
    const session = await openAs(it, 'alice');
    const refusal = { code: -32000, message: expect.stringContaining('database of the hub is away') };
    await expect(session.request('tasks/get', { taskId: 'b-task' })).rejects.toMatchObject(refusal);
    // What this process heard of needs no database.
    await session.request('tools/call', { name: 'b__echo', arguments: {} });
    expect(await session.request('tasks/get', { taskId: 'b-task' })).toMatchObject({ server: 'b' });
  });
});

describe('the task list of an endpoint of several servers', () => {
  test('joins those of its servers page by page, without what is others’', async () => {
    await using it = await house(createStore());
    const bob = await openAs(it, 'bob');
    await bob.request('tools/call', { name: 'b__echo', arguments: {} });
    const alice = await openAs(it, 'alice');
    const first = await alice.request('tasks/list');
    expect(idsOf(first)).toEqual(['a-task', 'a-other', 'b-other']);
    const second = await alice.request('tasks/list', { cursor: first['nextCursor'] });
    expect(second).toEqual({ tasks: [{ taskId: 'a-last' }, { taskId: 'b-last' }] });
  });

  test.each([7, '', '{', 'bnVsbA', Buffer.from('[]').toString('base64url'), 'x'.repeat(70_000)])(
    'refuses the cursor %j',
    async (cursor) => {
      await using it = await house(null);
      const session = await openAs(it, 'alice');
      await expect(session.request('tasks/list', { cursor })).rejects.toMatchObject({ code: -32602 });
    },
  );

  test('takes cursors of servers that it does not show for nothing', async () => {
    await using it = await house(null);
    const session = await openAs(it, 'alice');
    const cursor = Buffer.from('{"gone":"x","__proto__":"x","a":7}').toString('base64url');
    expect(await session.request('tasks/list', { cursor })).toEqual({ tasks: [] });
  });

  test('has the tasks of a server that lists more of them than a call has arguments', async () => {
    const tasks = Array.from({ length: 200_000 }, (_, at) => ({ taskId: `${at}` }));
    const many = { ...script('a'), on: { ...script('a').on, 'tasks/list': () => ({ tasks }) } };
    await using it = await house(null, { script: (id) => (id === 'a' ? many : script(id)) });
    const session = await openAs(it, 'alice');
    expect(idsOf(await session.request('tasks/list'))).toHaveLength(200_002);
  });

  test('is what the others have where one server fails', async () => {
    const failing = { ...script('a'), on: { ...script('a').on, 'tasks/list': () => Promise.reject(new Error('no')) } };
    await using it = await house(null, { script: (id) => (id === 'a' ? failing : script('b')) });
    const session = await openAs(it, 'alice');
    expect(idsOf(await session.request('tasks/list'))).toEqual(['b-task', 'b-other']);
  });
});

test('one person who asks for many tasks at once that nobody knows leaves the store to the others', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly TaskRoute[]>();
  const tasks = createTasks({ store: { ...createStore(), find: () => promise }, now: () => 0 });
  const asked = Array.from({ length: 40 }, (_, n) => Promise.resolve(tasks.told(`${n}`, 'eve')));
  const bob = tasks.told('x', 'bob');
  resolve([]);
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(8);
  expect(await bob).toEqual([]);
  expect(await tasks.told('y', 'eve')).toEqual([]);
});

describe('tasks as an extension', () => {
  const tasksExtension = { 'io.modelcontextprotocol/tasks': {} };
  async function ask(method: string, knows: boolean, params: JsonObject = { taskId: 'b-task' }) {
    const capabilities = { tools: {}, tasks: taskCapability, extensions: tasksExtension };
    await using it = await house(null, { script: (id) => ({ ...script(id), capabilities }) });
    const session = await openAs(it, 'alice');
    await session.request('tools/call', { name: 'b__echo', arguments: {} });
    const { body, headers } = modern(1, method, params, knows ? { extensions: tasksExtension } : {});
    const name = method === 'server/discover' ? {} : { 'mcp-name': 'b-task' };
    const whose = { credential: 'alice', headers: { ...headers, ...name, 'x-person': 'alice' } };
    return (await it.door.post(body, whose)).messages[0];
  }

  test.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
    'are refused to a stateless client that does not declare it: %s',
    async (method) => {
      expect(await ask(method, false)).toMatchObject({
        error: { code: -32021, data: { requiredCapabilities: { extensions: tasksExtension } } },
      });
      const known = await ask(method, true);
      expect(known).toMatchObject(
        method === 'tasks/update' ? { error: { code: -32601 } } : { result: { server: 'b' } },
      );
    },
  );

  test.each(['tasks/result', 'tasks/list'])('have no method %s', async (method) => {
    expect(await ask(method, true)).toMatchObject({ error: { code: -32601 } });
  });

  test('are told stateless clients as the extension alone', async () => {
    const told = await ask('server/discover', true, {});
    expect(told).toMatchObject({ result: { capabilities: { extensions: tasksExtension } } });
    expect(told).not.toMatchObject({ result: { capabilities: { tasks: expect.anything() } } });
  });
});

test('tasks of one person push out none of another’s, and 3,000 of them stay bounded', async () => {
  const store = createStore();
  const tasks = createTasks({ store, now: () => 0 });
  await tasks.note({ person: 'alice', key: 'k' }, 's', { taskId: 'hers', ttlMs: 5 });
  for (let n = 0; n < 3_000; n++) await tasks.note({ person: 'bob', key: 'k' }, 's', { task: { taskId: `${n}` } });
  expect(store.reads).toBe(3_001);
  expect(await tasks.told('hers', 'alice')).toHaveLength(1);
  expect(store.reads).toBe(3_001);
  const old = await tasks.told('5', 'bob');
  expect([old[0]?.earlier, store.reads]).toEqual([true, 3_002]);
  expect(store.kept.find(({ taskId }) => taskId === 'hers')?.expiresAt).toBe(3_600_000);
  expect(store.kept.at(-1)?.expiresAt).toBe(30 * 24 * 3_600_000);
  await tasks.note({ person: 'bob', key: 'k' }, 's', { taskId: 'x'.repeat(5000) });
  expect(store.kept.at(-1)?.taskId).toBe('2999');
});

/** Two servers that count their tasks, and tell of each when it is asked for. */
function counting(id: string) {
  return {
    capabilities: { tools: {}, tasks: taskCapability },
    on: {
      'tools/call': () => ({ task: { taskId: '1', status: 'working' } }),
      'tasks/get': ({ id: request, params }: JsonRpcRequest, link: FakeLink) => {
        link.notify('notifications/tasks/status', { taskId: params?.['taskId'], server: id }, request);
        return { ...params, status: 'working', server: id };
      },
      'tasks/result': ({ params }: { params?: JsonObject }) => ({
        content: [],
        _meta: { 'io.modelcontextprotocol/related-task': { taskId: params?.['taskId'] }, server: id },
      }),
      'tasks/list': () => ({ tasks: [{ taskId: '1', server: id }] }),
    },
  };
}
function countingHouse(store: TaskStore | null): Promise<TestGateway> {
  return openGateway({ script: counting, ids: ['a', 'b'], runtime: { taskStore: store } });
}
async function madeBy(session: TestSession, server: string): Promise<unknown> {
  const { task } = await session.request('tools/call', { name: `${server}__echo`, arguments: {} });
  return (task as JsonObject)['taskId'];
}

describe('tasks of two servers under one id', () => {
  test.each(['in one run', 'with a restart between'])('are two tasks at an endpoint of both (%s)', async (when) => {
    const store = createStore();
    await using before = await countingHouse(store);
    const first = await openAs(before, 'alice');
    expect(await madeBy(first, 'a')).toBe('1');
    await using after = when === 'in one run' ? null : await countingHouse(store);
    const session = after === null ? first : await openAs(after, 'alice');
    expect(await madeBy(session, 'b')).toBe('b+1');
    // Whoever makes them in the other order has them the other way round.
    const bob = await openAs(after ?? before, 'bob');
    expect([await madeBy(bob, 'b'), await madeBy(bob, 'a')]).toEqual(['1', 'a+1']);
    for (const [taskId, server] of [
      ['1', 'a'],
      ['b+1', 'b'],
    ] as const) {
      expect(await session.request('tasks/get', { taskId })).toMatchObject({ taskId, server });
      expect(await session.request('tasks/result', { taskId })).toMatchObject({
        _meta: { 'io.modelcontextprotocol/related-task': { taskId }, server },
      });
    }
    expect(await session.request('tasks/list')).toMatchObject({
      tasks: [
        { taskId: '1', server: 'a' },
        { taskId: 'b+1', server: 'b' },
      ],
    });
    const own = await openAs(after ?? before, 'alice', 'b');
    expect(await own.request('tasks/get', { taskId: '1' })).toMatchObject({ taskId: '1', server: 'b' });
  });

  test('are told of under those ids, too', async () => {
    await using it = await countingHouse(createStore());
    const session = await openAs(it, 'alice');
    await madeBy(session, 'a');
    await madeBy(session, 'b');
    const asked = { jsonrpc: '2.0', id: 9, method: 'tasks/get', params: { taskId: 'b+1' } };
    await using told = await session.stream('POST', asked);
    expect(await told.message()).toMatchObject({ method: 'notifications/tasks/status', params: { taskId: 'b+1' } });
  });

  test('that nobody else has keep an id which looks as if it had a name', async () => {
    const tasks = createTasks({ store: null, now: () => 0 });
    await tasks.note({ person: 'alice', key: 'k' }, 'a', { taskId: 'b+1' });
    expect(tasks.shown('alice', 'a', { taskId: 'b+1' })).toEqual({ taskId: 'b+1' });
  });
});

describe('a task that was just made', () => {
  test('is kept before its client hears of it, so that no end of the hub loses it', async () => {
    const store = createStore();
    const written = Promise.withResolvers<void>();
    const slow = { ...store, add: (route: TaskRoute) => written.promise.then(() => store.add(route)) };
    await using it = await house(slow);
    const session = await openAs(it, 'alice');
    let answered = false;
    const call = session.request('tools/call', { name: 'a__echo', arguments: {} }).finally(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(answered).toBe(false);
    written.resolve();
    await call;
    expect(store.kept).toMatchObject([{ taskId: 'a-task', serverId: 'a', person: 'alice' }]);
  });

  test('is told of after a second at most, and at once where the store is away', async () => {
    const silent: TaskStore = { ...createStore(), find: () => new Promise(() => {}), add: () => new Promise(() => {}) };
    await using it = await house(silent);
    const session = await openAs(it, 'alice');
    const begun = performance.now();
    await session.request('tools/call', { name: 'a__echo', arguments: {} });
    expect(performance.now() - begun).toBeLessThan(10_000);
    const away = createStore();
    away.away = true;
    await using other = await house(away);
    expect(
      await (await openAs(other, 'alice')).request('tools/call', { name: 'a__echo', arguments: {} }),
    ).toMatchObject({ task: { taskId: 'a-task' } });
  });
});
