import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import {
  createTestRuntime,
  http,
  rejection,
  selectionOf,
  specOf,
  tool,
  type FakeLink,
  type TestRuntime,
} from './testing.ts';
import type { JsonObject, RuntimeEvent, ServerSpec } from './types.ts';
import { LinkError } from './upstream/link.ts';

function call(
  it: TestRuntime,
  endpoint = 's',
  over: { method?: string; params?: JsonObject; credential?: string; signal?: AbortSignal } = {},
) {
  return it.runtime.call({
    credential: { key: over.credential ?? 'me', person: over.credential ?? 'me' },
    selection: it.selections.get(endpoint) ?? selectionOf(endpoint, [endpoint]),
    method: over.method ?? 'tools/call',
    params: over.params ?? { name: endpoint === 'all' ? 's__echo' : 'echo', arguments: {} },
    via: 'rest',
    clientName: 'test',
    signal: over.signal ?? AbortSignal.timeout(5000),
  });
}

function logged(events: RuntimeEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'log' ? [event.line.message] : []));
}
function statuses(it: TestRuntime, id = 's'): string[] {
  return it.events.flatMap((event) => (event.type === 'status' && event.status.id === id ? [event.status.phase] : []));
}

describe('a server that is on', () => {
  test('starts, is listed, answers, and stops with the hub', async () => {
    const it = createTestRuntime();
    it.apply(specOf('s'));
    expect(await it.running('s')).toMatchObject({
      health: 'healthy',
      toolCount: 1,
      protocolVersion: '2025-11-25',
      failures: 0,
    });
    expect(await call(it, 's', { method: 'tools/list', params: {} })).toEqual({ tools: [tool('echo')] });
    expect(await call(it)).toEqual({ content: [{ type: 'text', text: '{}' }] });
    await it.runtime.close();
    expect(it.servers.open()).toEqual([]);
  });

  test('falls asleep when idle, stays listed, and is woken by a call', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { limits: { idleMs: 50 } }));
    await it.running('s');
    const asleep = await it.until('s', (status) => status.asleep);
    expect(asleep).toMatchObject({ phase: 'stopped', health: 'healthy', toolCount: 1, pid: null });
    expect(await call(it, 'all', { method: 'tools/list', params: {} })).toMatchObject({ tools: [{ name: 's__echo' }] });
    expect(it.servers.links).toHaveLength(1);
    await call(it);
    expect(it.servers.links).toHaveLength(2);
  });

  test('is not put to sleep while one of its other instances is in use', async () => {
    await using it = createTestRuntime({
      on: { 'tools/call': () => new Promise((resolve) => void setTimeout(resolve, 1300, {})) },
    });
    it.apply(specOf('s', { isolation: 'user', limits: { idleMs: 20 } }));
    await it.running('s');
    const lent = call(it, 's', { credential: 'a' });
    await call(it, 's', { credential: 'b' });
    await lent;
    expect(it.servers.links).toHaveLength(2);
    await it.until('s', ({ asleep }) => asleep);
    expect(it.servers.open()).toEqual([]);
  });

  test('is not put to sleep during a call', async () => {
    await using it = createTestRuntime({
      on: { 'tools/call': () => new Promise((resolve) => void setTimeout(resolve, 1300, {})) },
    });
    it.apply(specOf('s', { limits: { idleMs: 20 } }));
    await it.running('s');
    expect(await call(it)).toEqual({});
    expect(it.servers.links).toHaveLength(1);
  });

  test('is woken by the first of many calls, which all wait for it', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { isolation: 'shared' }));
    await Promise.all(Array.from({ length: 20 }, () => call(it)));
    expect(it.servers.links).toHaveLength(1);
  });

  test('that cannot start says why, and when it is tried again', async () => {
    function open(): void {
      throw new LinkError('unreachable', 'spawn nope ENOENT');
    }
    await using it = createTestRuntime({ open }, { random: () => 0 });
    it.apply(specOf('s'));
    const status = await it.until('s', ({ phase }) => phase === 'error');
    expect(status).toMatchObject({ health: 'unhealthy', error: 'spawn nope ENOENT', failures: 1, needsSignIn: false });
    expect((status.nextRetryAt ?? 0) - Date.now()).toBeGreaterThan(500);
    await expect(call(it)).rejects.toMatchObject({ message: 'Server s is not available: spawn nope ENOENT' });
    expect(await it.until('s', ({ failures }) => failures === 2)).toMatchObject({ phase: 'error' });
    expect(logged(it.events)).toContain('Start failed: spawn nope ENOENT');
  });

  test('that refuses the handshake is told by its refusal, not by the end of the connection', async () => {
    function receive(message: object): void {
      if ('method' in message)
        throw new LinkError('http', 'The server refused the message with HTTP 403.', { status: 403 });
    }
    await using it = createTestRuntime({ receive, pid: false });
    it.apply(specOf('s', { launch: http() }));
    expect(await it.until('s', ({ phase }) => phase === 'error')).toMatchObject({
      error: 'The server refused the message with HTTP 403.',
    });
  });

  test('that wants a sign-in is not tried again by itself', async () => {
    function open(): void {
      throw new LinkError('unauthorized', 'The server wants a sign-in (HTTP 401)', { status: 401 });
    }
    await using it = createTestRuntime({ open });
    it.apply(specOf('s'));
    const status = await it.until('s', ({ phase }) => phase === 'error');
    expect(status).toMatchObject({ needsSignIn: true, nextRetryAt: null, message: 'Server needs a sign-in' });
    await expect(call(it)).rejects.toThrow('it wants a sign-in');
  });

  test('that hangs at its start fails when the time is up, leaving nothing', async () => {
    await using it = createTestRuntime({ on: { initialize: () => undefined } });
    it.apply(specOf('s', { limits: { startTimeoutMs: 60 } }));
    expect(await it.until('s', ({ phase }) => phase === 'error')).toMatchObject({
      error: expect.stringContaining('did not finish its start in 0.06 s') as string,
    });
    expect(it.servers.open()).toEqual([]);
  });

  test('that dies while its lists are read has not started', async () => {
    await using it = createTestRuntime({ on: { 'tools/list': (_request, link) => link.end() } });
    it.apply(specOf('s'));
    expect(await it.until('s', ({ phase }) => phase !== 'starting' && phase !== 'stopped')).toMatchObject({
      phase: 'error',
      error: expect.stringContaining('exit code 1') as string,
    });
  });

  test('that crashes in mid-call ends the call with the reason and starts again', async () => {
    await using it = createTestRuntime(
      { on: { 'tools/call': (_request, link) => void setImmediate(() => link.end()) } },
      { random: () => 1 },
    );
    it.apply(specOf('s'));
    await it.running('s');
    await expect(call(it)).rejects.toMatchObject({ message: 'Server s: The program ended with exit code 1' });
    expect(await it.until('s', ({ phase }) => phase === 'error')).toMatchObject({
      nextRetryAt: expect.any(Number) as number,
    });
    await it.running('s');
    expect(it.servers.links).toHaveLength(2);
  });

  test('that crashed is started by the next calls, which do not wait for its back-off', async () => {
    let crash = true;
    await using it = createTestRuntime(
      { on: { 'tools/call': (_request, link) => (crash ? void setImmediate(() => link.end()) : { content: [] }) } },
      { random: () => 0 },
    );
    it.apply(specOf('s', { isolation: 'shared' }));
    await it.running('s');
    await expect(call(it)).rejects.toThrow('exit code 1');
    crash = false;
    const answers = await Promise.all([call(it), call(it, 's', { credential: 'b' }), call(it, 'all')]);
    expect(answers).toEqual([{ content: [] }, { content: [] }, { content: [] }]);
    expect(it.servers.links).toHaveLength(2);
  });

  test('that dies with every call is not started more than once a second by them', async () => {
    function crash(_request: unknown, link: FakeLink): void {
      void setImmediate(() => link.end());
    }
    await using it = createTestRuntime({ on: { 'tools/call': crash } }, { random: () => 0 });
    it.apply(specOf('s'));
    await it.running('s');
    for (let n = 0; n < 20; n++) await call(it).catch(() => undefined);
    expect(it.servers.links).toHaveLength(2);
    const failure = await rejection(call(it));
    expect(failure).toMatchObject({ data: { nextRetryAt: expect.any(String) as string } });
    // The back-off of starts that nobody asks for has grown all the same.
    expect(it.runtime.status('s')).toMatchObject({ failures: 1 });
    expect((it.runtime.status('s')?.nextRetryAt ?? 0) - Date.now()).toBeGreaterThan(1000);
  });

  test('that keeps dying soon after its start is given longer and longer', async () => {
    await using it = createTestRuntime({}, { random: () => 0 });
    it.apply(specOf('s', { limits: { idleMs: 0 } }));
    const delays: number[] = [];
    for (let i = 0; i < 2; i++) {
      await it.running('s');
      it.servers.last().end();
      const { nextRetryAt } = await it.until('s', ({ phase }) => phase === 'error');
      delays.push(Math.round(((nextRetryAt ?? 0) - Date.now()) / 1000));
    }
    expect(delays).toEqual([1, 2]);
  });

  test('whose lists hang holds up neither the lists nor the calls of others', async () => {
    await using it = createTestRuntime((id) => (id === 'slow' ? { on: { 'tools/list': () => undefined } } : {}));
    it.apply(specOf('slow'), specOf('s'));
    await it.running('s');
    expect(await call(it, 'all', { method: 'tools/list', params: {} })).toMatchObject({ tools: [{ name: 's__echo' }] });
    expect(await call(it, 'all')).toHaveProperty('content');
  });

  test('that does not answer a list is unhealthy for that reason, until it does', async () => {
    let answers = false;
    await using it = createTestRuntime(
      { on: { 'tools/list': () => (answers ? { tools: [tool('late')] } : undefined) } },
      { random: () => 1 },
    );
    it.apply(specOf('s', { limits: { startTimeoutMs: 60 } }));
    expect(await it.running('s')).toMatchObject({
      health: 'unhealthy',
      error: 'tools/list failed: The server gave no answer in the time it has for its start',
      message: expect.stringContaining('Server is running, but tools/list failed') as string,
    });
    answers = true;
    expect(await it.until('s', ({ health }) => health === 'healthy')).toMatchObject({ error: null, toolCount: 1 });
  });

  test('forgets the session: opened anew, and the call is sent once more', async () => {
    let forgotten = false;
    function receive(message: object): void {
      if (!forgotten && 'method' in message && message.method === 'tools/call') {
        forgotten = true;
        throw new LinkError('session_lost', 'HTTP 404', { status: 404 });
      }
    }
    await using it = createTestRuntime({ receive });
    it.apply(specOf('s', { isolation: 'shared' }));
    await it.running('s');
    expect(await call(it)).toHaveProperty('content');
    expect(it.servers.links).toHaveLength(2);
    expect(statuses(it)).not.toContain('error');
  });

  test('that forgets every session is tried twice, not for ever', async () => {
    function receive(message: object): void {
      if ('method' in message && message.method === 'tools/call') throw new LinkError('session_lost', 'HTTP 404');
    }
    await using it = createTestRuntime({ receive });
    it.apply(specOf('s', { isolation: 'shared' }));
    await expect(call(it)).rejects.toThrow('HTTP 404');
    expect(it.servers.links.flatMap((link) => link.requests('tools/call'))).toHaveLength(2);
  });
});

describe('a server that a person stopped', () => {
  test.each(['stopped', 'disabled'] as const)('(%s) is never woken, and says so', async (desired) => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { desired }));
    await expect(call(it)).rejects.toThrow(
      desired === 'disabled' ? 'disabled; enable it first' : 'stopped; start it first',
    );
    expect(it.servers.links).toEqual([]);
    expect(it.runtime.status('s')).toMatchObject({ phase: 'stopped', asleep: false });
  });

  test('ends what runs, calls included', async () => {
    await using it = createTestRuntime({ on: { 'tools/call': () => undefined } });
    it.apply(specOf('s'));
    await it.running('s');
    const pending = rejection(call(it));
    await until(() => it.servers.last().requests('tools/call').length === 1);
    await it.runtime.stop('s', { graceMs: 3 });
    expect(await pending).toMatchObject({ message: expect.stringContaining('The server was stopped') as string });
    expect(it.servers.last().closedWith()).toBe(3);
    expect(it.runtime.status('s')).toMatchObject({ phase: 'stopped', asleep: false });
  });

  test('while it starts is not started, and nothing is left of the start', async () => {
    await using it = createTestRuntime({ on: { initialize: () => undefined } });
    it.apply(specOf('s'));
    await until(() => it.servers.open().length === 1);
    await it.runtime.stop('s', { graceMs: 0 });
    expect(it.servers.open()).toEqual([]);
    expect(it.runtime.status('s')).toMatchObject({ phase: 'stopped', error: null });
  });

  test('while its lists are read is gone when the stop says so', async () => {
    await using it = createTestRuntime({ on: { 'tools/list': () => undefined } });
    it.apply(specOf('s'));
    await until(() => it.servers.open().some((link) => link.requests('tools/list').length > 0));
    await it.runtime.stop('s', { graceMs: 0 });
    expect(it.servers.open()).toEqual([]);
  });

  test('in a hurry shortens the grace of a stop under way', async () => {
    await using it = createTestRuntime({ closeMs: 30 });
    it.apply(specOf('s'));
    await it.running('s');
    const slow = it.runtime.stop('s', { graceMs: 5000 });
    await it.runtime.stop('s', { graceMs: 0 });
    await slow;
    expect(it.servers.last().closedWith()).toBe(0);
  });

  test('opens no instance for a call that was waiting for one', async () => {
    await using it = createTestRuntime({ eras: ['modern', 'legacy'], on: { initialize: () => undefined } });
    it.apply(specOf('s', { isolation: 'session', launch: http() }));
    await it.running('s');
    const pending = rejection(call(it));
    await it.runtime.stop('s', { graceMs: 0 });
    expect(await pending).toBeInstanceOf(Error);
    expect(it.servers.open()).toEqual([]);
  });
});

describe('applying specs', () => {
  function changed(over: Partial<ServerSpec> = {}): ServerSpec {
    return specOf('s', { revision: '2', ...over });
  }

  test('that are the same again changes nothing', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s'));
    await it.running('s');
    const before = it.events.length;
    it.apply(specOf('s'));
    it.apply(specOf('s'));
    expect(it.events).toHaveLength(before);
  });

  test('of another revision restarts with it', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s'));
    await it.running('s');
    it.apply(changed({ launch: { kind: 'stdio', command: 'new', args: [], env: {}, cwd: null } }));
    await it.until('s', ({ phase }) => phase === 'starting');
    await it.running('s');
    expect(it.servers.open().map(({ launch }) => launch)).toMatchObject([{ command: 'new' }]);
  });

  test('of another revision while the first starts ends with the second alone', async () => {
    await using it = createTestRuntime({ open: () => new Promise((resolve) => void setTimeout(resolve, 20)) });
    it.apply(specOf('s'));
    await new Promise((resolve) => void setTimeout(resolve, 5));
    it.apply(changed());
    it.apply(changed({ revision: '3', launch: { kind: 'stdio', command: 'third', args: [], env: {}, cwd: null } }));
    await it.running('s');
    expect(it.servers.open().map(({ launch }) => launch)).toMatchObject([{ command: 'third' }]);
  });

  test('without a server removes it: status, logs and processes', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s'));
    await it.running('s');
    it.apply();
    expect(it.runtime.status('s')).toBeNull();
    await until(() => it.servers.open().length === 0);
    await until(() => it.runtime.logs('s').length === 0);
    expect(it.runtime.catalog('s')).toBeNull();
  });

  test('tells who waits for a server that it is gone', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { desired: 'stopped' }));
    const waiting = rejection(it.running('s'));
    it.apply();
    expect(await waiting).toMatchObject({
      message: expect.stringContaining('Server s is not here any more') as string,
    });
  });

  test('with a server of a name that is still stopping starts it when the old one is gone', async () => {
    await using it = createTestRuntime({ closeMs: 40 });
    it.apply(specOf('s'));
    await it.running('s');
    const [old] = it.servers.links;
    it.apply();
    it.apply(changed());
    await new Promise((resolve) => void setTimeout(resolve, 15));
    expect(old?.isOpen()).toBe(true);
    expect(it.servers.links).toHaveLength(1);
    await it.running('s');
    expect(it.servers.open()).toHaveLength(1);
    expect(it.runtime.status('s')).toMatchObject({ phase: 'running' });
  });

  test('starts some servers at a time', async () => {
    let at = 0;
    let most = 0;
    async function open(): Promise<void> {
      most = Math.max(most, ++at);
      await new Promise((resolve) => void setTimeout(resolve, 5));
      at--;
    }
    await using it = createTestRuntime({ open }, { startsAtOnce: 3 });
    it.apply(...Array.from({ length: 12 }, (_, n) => specOf(`s${n}`)));
    await Promise.all(Array.from({ length: 12 }, (_, n) => it.running(`s${n}`)));
    expect(most).toBe(3);
  });

  test('after the hub has closed starts nothing', async () => {
    const it = createTestRuntime();
    await it.runtime.close();
    it.apply(specOf('s'));
    expect(it.runtime.statuses()).toEqual([]);
  });
});

describe('a restart', () => {
  test('replaces every instance and tells the outcome', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s'));
    const before = await it.running('s');
    await call(it, 's', { credential: 'a' });
    await call(it, 's', { credential: 'b' });
    const after = await it.runtime.restart('s', AbortSignal.timeout(5000));
    expect(after.phase).toBe('running');
    expect(after.pid).not.toBe(before.pid);
    expect(it.servers.open()).toHaveLength(1);
  });

  test('of a failed server tries again at once', async () => {
    let works = false;
    function open(): void {
      if (!works) throw new LinkError('unreachable', 'no');
    }
    await using it = createTestRuntime({ open });
    it.apply(specOf('s'));
    await it.until('s', ({ phase }) => phase === 'error');
    works = true;
    expect(await it.runtime.restart('s', AbortSignal.timeout(5000))).toMatchObject({ phase: 'running', failures: 0 });
  });
});

describe('instances', () => {
  function who(it: TestRuntime): string[] {
    return it.servers.links.map((link) => `${link.requests('tools/call').length}`);
  }

  test('of isolation shared are one for all', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { isolation: 'shared' }));
    for (const credential of ['a', 'b', 'a']) await call(it, 's', { credential });
    expect(who(it)).toEqual(['3']);
  });

  test('of isolation user are one a credential; the primary is lent to the first', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { isolation: 'user' }));
    await it.running('s');
    const { pid } = it.runtime.status('s') ?? {};
    for (const credential of ['a', 'b', 'a', 'b', 'c']) await call(it, 's', { credential });
    expect(who(it)).toEqual(['2', '2', '1']);
    expect(it.runtime.status('s')).toMatchObject({ instances: 3, pid });
  });

  test('after a restart the primary is lent anew', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s', { isolation: 'user' }));
    await call(it, 's', { credential: 'a' });
    await it.runtime.restart('s', AbortSignal.timeout(5000));
    await call(it, 's', { credential: 'b' });
    expect(it.servers.open()).toHaveLength(1);
  });

  test('that may not be more say which cap, and whom it hit', async () => {
    await using it = createTestRuntime({ on: { 'tools/call': () => undefined } });
    it.apply(specOf('s', { limits: { maxInstances: 1 } }));
    await it.running('s');
    for (const credential of ['a', 'b']) void call(it, 's', { credential }).catch(() => undefined);
    await until(() => it.servers.links.length === 2);
    await expect(call(it, 's', { credential: 'c' })).rejects.toMatchObject({
      message: expect.stringContaining('server s runs 1 instances, its most') as string,
      data: { limit: true },
    });
  });
});

describe('lists', () => {
  test('known from an earlier run are told before the server has started', async () => {
    await using it = createTestRuntime({ on: { initialize: () => undefined } });
    const catalog = { ...(await catalogOfOther()), tools: [tool('remembered')] };
    it.runtime.seedCatalog('s', catalog);
    it.apply(specOf('s'));
    expect(await call(it, 'all', { method: 'tools/list', params: {} })).toMatchObject({
      tools: [{ name: 's__remembered' }],
    });
  });

  test('that change are read again and told', async () => {
    const tools = [tool('one')];
    await using it = createTestRuntime({ tools: () => [...tools] });
    it.apply(specOf('s'));
    await it.running('s');
    tools.push(tool('two'));
    it.servers.last().notify('notifications/tools/list_changed');
    await until(() => it.runtime.catalog('s')?.tools.length === 2);
    expect(it.events.filter(({ type }) => type === 'catalog')).toHaveLength(2);
  });

  test('that change while they are read first are read again', async () => {
    let asked = 0;
    await using it = createTestRuntime({
      on: {
        'tools/list': (_request, link) => {
          if (++asked === 1) link.notify('notifications/tools/list_changed');
          return { tools: [tool(`v${asked}`)] };
        },
      },
    });
    it.apply(specOf('s'));
    await until(() => it.runtime.catalog('s')?.tools[0]?.['name'] === 'v2');
  });

  test('told to change all the time are read at a measured pace', async () => {
    await using it = createTestRuntime();
    it.apply(specOf('s'));
    await it.running('s');
    const link = it.servers.last();
    const until = Date.now() + 350;
    while (Date.now() < until) {
      link.notify('notifications/tools/list_changed');
      await new Promise((resolve) => void setTimeout(resolve, 2));
    }
    expect(link.requests('tools/list').length).toBeLessThan(8);
  });
});

async function catalogOfOther() {
  await using it = createTestRuntime();
  it.apply(specOf('s'));
  await it.running('s');
  const catalog = it.runtime.catalog('s');
  if (catalog === null) throw new Error('no catalog');
  return catalog;
}

test('a listener that throws harms neither the hub nor the other listeners', async () => {
  const errors: unknown[] = [];
  await using it = createTestRuntime({}, { onError: (error) => errors.push(error) });
  it.runtime.subscribe(() => {
    throw new Error('listener');
  });
  const heard: string[] = [];
  it.runtime.subscribe(({ type }) => heard.push(type));
  it.apply(specOf('s'));
  await it.running('s');
  expect(heard).toContain('status');
  expect(errors.length).toBeGreaterThan(0);
});

test('metrics count servers by phase, instances and calls', async () => {
  await using it = createTestRuntime({ on: { 'tools/call': () => undefined } });
  it.apply(specOf('s'), specOf('off', { desired: 'disabled' }));
  await it.running('s');
  void call(it).catch(() => undefined);
  await until(() => it.runtime.metrics().inFlight === 1);
  expect(it.runtime.metrics()).toMatchObject({ instances: 1, sessions: 0, servers: { running: 1, stopped: 1 } });
});

test('fifty servers started and removed leave nothing behind', async () => {
  await using it = createTestRuntime();
  const specs = Array.from({ length: 50 }, (_, n) => specOf(`s${n}`));
  it.apply(...specs);
  await Promise.all(specs.map(({ id }) => it.running(id)));
  it.apply();
  await until(() => it.servers.open().length === 0);
  expect(it.runtime.metrics()).toMatchObject({ instances: 0, inFlight: 0 });
});
