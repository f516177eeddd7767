import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import type { RuntimeOptions } from '../../runtime.ts';
import { createTestRuntime, specOf, tool, type Script } from '../../testing.ts';
import type { JsonObject } from '../../types.ts';
import { openEndpoint, openGateway, type TestGateway, type TestSession } from '../testing.ts';

function house(script: Script = {}, runtime: Partial<RuntimeOptions> = {}) {
  return openGateway({ script, runtime, over: { isolation: 'shared' } });
}

/** A server whose calls wait until they are let go, and tell of their progress when asked to. */
function waiting() {
  const calls: { name: string; finish: (result?: JsonObject) => void; progress: (n: number) => void }[] = [];
  const script: Script = {
    tools: () => ['a', 'b', 'c'].map(tool),
    on: {
      'tools/call': ({ id, params }, link) =>
        new Promise<JsonObject>((resolve) => {
          calls.push({
            name: String(params?.['name']),
            finish: (result = { content: [] }) => resolve(result),
            progress: (n) => link.notify('notifications/progress', { progressToken: id, progress: n }, id),
          });
        }),
    },
  };
  async function next(n = 1) {
    await until(() => calls.length >= n, 'the call');
    const call = calls[n - 1];
    if (call === undefined) throw new Error('no call');
    return call;
  }
  return { script, calls, next };
}

function call(id: number | string, name = 's__a', token?: number | string): JsonObject {
  return {
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name, arguments: {}, ...(token === undefined ? {} : { _meta: { progressToken: token } }) },
  };
}
function ping(id: number | string): JsonObject {
  return { jsonrpc: '2.0', id, method: 'ping' };
}

describe('a session', () => {
  test('begins with initialize, in the revision of the client', async () => {
    await using h = await house();
    for (const version of ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']) {
      expect((await h.door.session({ version })).result).toMatchObject({ protocolVersion: version });
    }
    const odd = await h.door.post({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '1999-01-01', capabilities: {}, clientInfo: { name: 'odd' } },
    });
    expect(odd.messages[0]).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
  });

  test.each([
    [undefined, 'protocolVersion'],
    [{ protocolVersion: 5 }, 'protocolVersion'],
    [{ protocolVersion: '2025-11-25' }, 'capabilities'],
    [{ protocolVersion: '2025-11-25', capabilities: 'x' }, 'capabilities'],
    [{ protocolVersion: '2025-11-25', capabilities: {}, clientInfo: [] }, 'clientInfo'],
    [{ protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 1 } }, 'clientInfo.name'],
  ])('is not begun by %j, which is told what it lacks', async (params, field) => {
    await using h = await house();
    const { messages, headers } = await h.door.post({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    const message = expect.stringContaining(`initialize needs ${field},`) as string;
    expect(messages).toMatchObject([{ id: 1, error: { code: -32602, message } }]);
    expect(headers.get('mcp-session-id')).toBeNull();
    expect(h.it.runtime.metrics().sessions).toBe(0);
  });

  test('is found by nobody but its opener, at its endpoint alone', async () => {
    await using h = await house();
    const session = await h.door.session({ credential: 'me' });
    const { headers } = session;
    const statuses = [
      await h.door.post(ping(1), { headers }),
      await h.door.post(ping(1), { headers, credential: 'another' }),
      await h.door.post(ping(1), { headers, endpoint: 's' }),
      await h.door.send('DELETE', { headers, credential: 'another' }),
      await h.door.send('GET', { headers, endpoint: 's' }),
      await h.door.post(ping(1), { headers: { 'mcp-session-id': '' } }),
      await h.door.post(ping(1), { headers: { 'mcp-session-id': '__proto__' } }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404]);
    expect(await session.request('ping')).toEqual({});
  });

  test('is needed, and says so', async () => {
    await using h = await house();
    expect(await h.door.post(ping(1))).toMatchObject({ status: 400, messages: [{ id: 1, error: { code: -32000 } }] });
  });

  test('ends at once with DELETE, and so do its calls', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const pending = session.post(call(1));
    await next();
    expect((await session.end()).status).toBe(200);
    expect(await pending).toMatchObject({ status: 404, messages: [{ id: 1, error: { code: -32001 } }] });
    expect((await session.post(ping(2))).status).toBe(404);
    await until(() => h.it.servers.last().requests('notifications/cancelled').length === 0);
    expect(h.it.runtime.metrics()).toMatchObject({ sessions: 0, inFlight: 0 });
  });

  test('ends its streams with the hub', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const general = await session.stream('GET');
    const pending = session.post(call(1));
    await next();
    await h.it.runtime.close();
    const error = { code: -32000, message: 'The hub is stopping; call again' };
    expect(await pending).toMatchObject({ status: 200, messages: [{ id: 1, error }] });
    expect(await general.next()).toBeNull();
    expect((await h.door.post(ping(1))).status).toBe(503);
  });

  test('that did not come about is not kept', async () => {
    const it = createTestRuntime({ on: { initialize: () => undefined } });
    it.apply(specOf('s', { limits: { startTimeoutMs: 50 } }));
    await using door = await openEndpoint(it.runtime);
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw' } };
    const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params };
    const answer = await door.post(hello, { endpoint: 's' });
    expect(answer.messages[0]).toMatchObject({
      error: { message: expect.stringContaining('not available') as string },
    });
    expect(answer.headers.get('mcp-session-id')).toBeNull();
    expect(it.runtime.metrics().sessions).toBe(0);
    await it.runtime.close();
  });

  test('at an endpoint that is not there is refused', async () => {
    await using h = await house();
    const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} };
    expect(await h.door.post(hello, { endpoint: 'nowhere' })).toMatchObject({ status: 404, messages: [{ id: 1 }] });
    expect(h.it.runtime.metrics().sessions).toBe(0);
  });

  test('whose endpoint goes away ends', async () => {
    await using h = await house();
    const session = await h.door.session();
    h.it.selections.delete('all');
    h.it.runtime.selectionsChanged();
    await until(() => h.it.runtime.metrics().sessions === 0);
    expect((await session.post(ping(1))).status).toBe(404);
  });

  test('that was silent too long ends, one with a stream open does not', async () => {
    await using h = await house({}, { sessionIdleMs: 40 });
    const silent = await h.door.session();
    const held = await h.door.session();
    await using stream = await held.stream('GET');
    await until(() => h.it.runtime.metrics().sessions === 1);
    expect((await silent.post(ping(1))).status).toBe(404);
    expect((await held.post(ping(1))).status).toBe(200);
    expect(stream.status).toBe(200);
  });

  test('makes room for another of the same person where there are too many', async () => {
    await using h = await house({}, { caps: { sessionsPerPerson: 2 } });
    const first = await h.door.session();
    const held = await h.door.session();
    await using stream = await held.stream('GET');
    const other = await h.door.session({ credential: 'another' });
    const third = await h.door.session();
    const found = [first, held, other, third].map(async (session) => (await session.post(ping(1))).status);
    expect(await Promise.all(found)).toEqual([404, 200, 200, 200]);
    await using second = await third.stream('GET');
    await expect(h.door.session()).rejects.toThrow('HTTP 503');
    expect([stream.status, second.status]).toEqual([200, 200]);
  });
});

describe('an answer', () => {
  test('that comes at once is JSON', async () => {
    await using h = await house();
    const session = await h.door.session();
    const answer = await session.post(call(1, 's__echo'));
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.messages).toMatchObject([{ id: 1, result: { content: [{ type: 'text' }] } }]);
  });

  test('before which something is told is a stream, in order', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const opening = session.stream('POST', call(1, 's__a', 'mine'));
    const it = await next();
    it.progress(1);
    it.progress(2);
    it.finish();
    await using stream = await opening;
    expect(await stream.message()).toMatchObject({ params: { progressToken: 'mine', progress: 1 } });
    expect(await stream.message()).toMatchObject({ params: { progress: 2 } });
    expect(await stream.message()).toMatchObject({ id: 1, result: {} });
    expect(await stream.next()).toBeNull();
  });

  test('is JSON for a client that takes no stream, whatever is told before', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const pending = session.post(call(1, 's__a', 1), { headers: { accept: 'application/json' } });
    const it = await next();
    it.progress(1);
    it.finish();
    expect((await pending).messages).toMatchObject([{ id: 1, result: {} }]);
  });

  test('to a cancelled request does not come, and its request ends', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const pending = session.post(call(7));
    const it = await next();
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7, reason: 'enough' } };
    expect((await session.post(cancel)).status).toBe(202);
    expect(await pending).toMatchObject({ status: 200, messages: [] });
    it.finish();
    const told = h.it.servers.last().sent.map(({ message }) => message);
    expect(told).toContainEqual(
      expect.objectContaining({ params: expect.objectContaining({ reason: 'enough' }) as object }),
    );
  });

  test('of one request does not wait for that of another', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const slow = session.post(call(1));
    await next();
    expect(await session.request('ping')).toEqual({});
    (await next()).finish();
    expect((await slow).status).toBe(200);
  });

  test('is the server’s, byte for byte where a name says more than it seems', async () => {
    const odd = { raw: '1},"id":99,"result":{"x":1', content: [], __proto__x: 1, nested: { deep: [null, 1e21, 'é'] } };
    await using h = await house({ on: { 'tools/call': () => odd } });
    const session = await h.door.session();
    expect(await session.request('tools/call', { name: 's__echo' })).toEqual(odd);
    await using raw = await house({ on: { 'tools/call': () => ({ raw: '1},"id":99,"result":{"x":1' }) } });
    expect(await (await raw.door.session()).request('tools/call', { name: 's__echo' })).toEqual({
      raw: '1},"id":99,"result":{"x":1',
    });
  });
});

describe('a batch', () => {
  test('is answered by a batch, notifications apart', async () => {
    await using h = await house();
    const session = await h.door.session();
    const answer = await session.post([ping(1), { jsonrpc: '2.0', method: 'notifications/x' }, call('b', 's__echo')]);
    expect(JSON.parse(answer.text)).toHaveLength(2);
    expect(answer.messages).toMatchObject([{ id: 1 }, { id: 'b', result: {} }]);
  });

  test('has one error for each part that is no message, and serves the others', async () => {
    await using h = await house();
    const session = await h.door.session();
    const wrong = [7, { jsonrpc: '1.0', id: 9, method: 'ping' }];
    const { status, messages } = await session.post([ping(1), ...wrong, ping(2)]);
    expect(status).toBe(200);
    expect(messages).toHaveLength(4);
    expect(messages).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: 1, result: {} },
        { jsonrpc: '2.0', id: 2, result: {} },
        expect.objectContaining({ id: null, error: expect.objectContaining({ code: -32600 }) as unknown }),
        expect.objectContaining({ id: 9, error: expect.objectContaining({ code: -32600 }) as unknown }),
      ]),
    );
    const told = await session.post([{ jsonrpc: '2.0', method: 'notifications/x' }, 7]);
    expect(told.messages).toMatchObject([{ id: null, error: { code: -32600 } }]);
  });

  test('loses no answer where a stream begins half way', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const opening = session.stream('POST', [ping(1), call(2, 's__a', 't')]);
    const it = await next();
    it.progress(1);
    it.finish();
    await using stream = await opening;
    const seen = [await stream.message(), await stream.message(), await stream.message()];
    expect(seen).toMatchObject([{ id: 1 }, { method: 'notifications/progress' }, { id: 2 }]);
  });

  test.each([
    ['empty', [], 400],
    ['of more than 100', Array.from({ length: 101 }, (_, n) => ping(n)), 400],
    ['with an id twice', [ping(1), ping(1)], 400],
    ['with nothing that is a message', [7, {}], 400],
    ['of notifications alone', [{ jsonrpc: '2.0', method: 'notifications/x' }], 202],
  ])('%s is answered with its status', async (_what, body, status) => {
    await using h = await house();
    const session = await h.door.session();
    expect((await session.post(body)).status).toBe(status);
    expect(await session.request('ping')).toEqual({});
  });

  test('all of which is cancelled ends without a word', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const pending = session.post([call(1), call(2, 's__b')]);
    await next(2);
    for (const requestId of [1, 2]) {
      await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
    }
    expect(await pending).toMatchObject({ status: 200, messages: [] });
  });
});

test('an id in use is refused, and its request goes on', async () => {
  const { script, next } = waiting();
  await using h = await house(script);
  const session = await h.door.session();
  const pending = session.post(call(1));
  await next();
  expect(await session.post(ping(1))).toMatchObject({ status: 400, messages: [{ id: 1, error: { code: -32600 } }] });
  (await next()).finish();
  expect((await pending).messages).toMatchObject([{ id: 1, result: {} }]);
  expect((await session.post(ping(1))).status).toBe(200);
});

test('ids of any size and kind are given back as they came', async () => {
  await using h = await house();
  const session = await h.door.session();
  for (const id of ['x'.repeat(50_000), '', '__proto__', 'é"\\', -1, 2 ** 53, 1.5]) {
    expect((await session.post(ping(id))).messages).toMatchObject([{ id, result: {} }]);
  }
});

describe('a client that lost its stream', () => {
  async function lose(session: TestSession, body: JsonObject) {
    const stream = await session.stream('POST', body);
    return { stream, first: await stream.next() };
  }

  test('gets with Last-Event-ID what it missed, the answer included', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const opening = lose(session, call(1, 's__a', 1));
    const it = await next();
    it.progress(1);
    const { stream, first } = await opening;
    stream.close();
    await until(() => h.door.open() === 0);
    it.progress(2);
    it.finish({ content: [], late: true });
    await new Promise((resolve) => void setTimeout(resolve, 30));
    await using again = await session.stream('GET', undefined, { headers: { 'last-event-id': first?.id ?? '' } });
    expect(await again.message()).toMatchObject({ params: { progress: 2 } });
    expect(await again.message()).toMatchObject({ id: 1, result: { late: true } });
    expect(await again.next()).toBeNull();
  });

  test('can follow a call that goes on', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const opening = lose(session, call(1, 's__a', 1));
    const it = await next();
    it.progress(1);
    const { stream, first } = await opening;
    await using again = await session.stream('GET', undefined, { headers: { 'last-event-id': first?.id ?? '' } });
    expect(await stream.next()).toBeNull();
    it.progress(2);
    expect(await again.message()).toMatchObject({ params: { progress: 2 } });
    it.finish();
    expect(await again.message()).toMatchObject({ id: 1 });
    expect(await again.next()).toBeNull();
  });

  test.each(['nonsense', 'g_999', 's1_0', 'zz_0'])(
    'with the id %s, which is none it was given, is refused',
    async (last) => {
      const { script, next } = waiting();
      await using h = await house(script);
      const session = await h.door.session();
      const pending = session.post(call(1));
      const it = await next();
      const answer = await session.stream('GET', undefined, { headers: { 'last-event-id': last } });
      expect([400, 200]).toContain(answer.status);
      if (answer.status === 200) expect(await answer.next()).toBeNull();
      it.finish();
      expect((await pending).messages).toMatchObject([{ id: 1 }]);
    },
  );

  test('does not stop its call by going', async () => {
    const { script, next } = waiting();
    await using h = await house(script);
    const session = await h.door.session();
    const controller = new AbortController();
    const pending = session.post(call(1), { signal: controller.signal }).catch(() => 'gone');
    const it = await next();
    controller.abort();
    expect(await pending).toBe('gone');
    await until(() => h.door.open() === 0);
    expect(h.it.runtime.metrics().inFlight).toBe(1);
    it.finish();
    await until(() => h.it.runtime.metrics().inFlight === 0);
    expect(await session.request('ping')).toEqual({});
  });
});

describe('the general stream', () => {
  test('brings what belongs to no request, also from before it was open', async () => {
    const tools = [tool('echo')];
    await using h = await house({ tools: () => [...tools] });
    const session = await h.door.session();
    tools.push(tool('more'));
    h.it.servers.last().notify('notifications/tools/list_changed');
    await until(() => h.it.runtime.catalog('s')?.tools.length === 2);
    await new Promise((resolve) => void setTimeout(resolve, 40));
    await using stream = await session.stream('GET');
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  test('is replaced by another, and the first ends', async () => {
    const tools = [tool('echo')];
    await using h = await house({ tools: () => [...tools] });
    const session = await h.door.session();
    const first = await session.stream('GET');
    await using second = await session.stream('GET');
    expect(await first.next()).toBeNull();
    tools.push(tool('more'));
    h.it.servers.last().notify('notifications/tools/list_changed');
    expect(await second.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  test('can be resumed', async () => {
    const tools = [tool('echo')];
    await using h = await house({ tools: () => [...tools] });
    const session = await h.door.session();
    async function change(): Promise<void> {
      tools.push(tool(`t${tools.length}`));
      h.it.servers.last().notify('notifications/tools/list_changed');
      await until(() => h.it.runtime.catalog('s')?.tools.length === tools.length);
      await new Promise((resolve) => void setTimeout(resolve, 40));
    }
    const first = await session.stream('GET');
    await change();
    const seen = await first.next();
    await change();
    const missed = await first.next();
    first.close();
    await using again = await session.stream('GET', undefined, { headers: { 'last-event-id': seen?.id ?? '' } });
    expect(await again.next()).toEqual(missed);
  });

  test('is not for a client that takes no streams', async () => {
    await using h = await house();
    const session = await h.door.session();
    expect((await session.stream('GET', undefined, { headers: { accept: 'application/json' } })).status).toBe(406);
  });
});

test('what may be seen changes and is told, for lists that differ alone', async () => {
  await using h = await house();
  const session = await h.door.session();
  await using stream = await session.stream('GET');
  const off = { tool: { echo: { enabled: false, description: null } } };
  h.it.selections.set('all', {
    endpoint: 'all',
    title: 'all',
    prefixed: true,
    servers: [{ serverId: 's', overrides: off }],
  });
  h.it.runtime.selectionsChanged();
  expect(await stream.message()).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: {} });
  expect(await session.request('tools/list')).toEqual({ tools: [] });
  await expect(session.request('tools/call', { name: 's__echo' })).rejects.toThrow('Unknown tool: s__echo');
});

describe('HTTP is answered as it should be', () => {
  function post(h: TestGateway, body: unknown, headers: Record<string, string> = {}) {
    return h.door.post(body, { headers });
  }

  test.each([
    ['a body that is no JSON', '{"jsonrpc":', {}, 400, -32700],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415, -32000],
    ['too large a body', JSON.stringify('x'.repeat(200_000)), {}, 413, -32000],
    ['what is no message', { hello: 1 }, {}, 400, -32600],
    ['a client that takes neither', ping(1), { accept: 'text/html' }, 406, -32000],
    ['an unknown version', ping(1), { 'mcp-protocol-version': '2020-01-01' }, 400, -32000],
  ])('%s', async (_what, body, headers, status, code) => {
    await using h = await house();
    const session = await h.door.session();
    const answer = await post(h, body, { ...session.headers, ...headers });
    expect(answer).toMatchObject({ status, messages: [{ jsonrpc: '2.0', error: { code } }] });
  });

  test('a method that is not for this path', async () => {
    await using h = await house();
    const answer = await h.door.send('PUT');
    expect(answer).toMatchObject({ status: 405, messages: [{ error: { code: -32000 } }] });
    expect(answer.headers.get('allow')).toBe('GET, POST, DELETE');
  });

  test('too large a body that does not say its size', async () => {
    await using h = await house();
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 30; i++) controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json', authorization: 'me' };
    const response = await fetch(`${h.door.url}/streamable/all`, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    });
    expect(response.status).toBe(413);
  });
});
