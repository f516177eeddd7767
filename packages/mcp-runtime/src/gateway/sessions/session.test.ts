import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { tool, type Script } from '../../testing.ts';
import type { JsonObject } from '../../types.ts';
import { openGateway, type EventStream, type TestGateway, type HouseOptions, type TestSession } from '../testing.ts';

function house(script: HouseOptions['script'] = {}, over: HouseOptions['over'] = {}, ids = ['s']) {
  return openGateway({ script, over, ids });
}

const askable: JsonObject = { sampling: {}, elicitation: {}, roots: {} };
const echo = { name: 's__echo', arguments: {} };
function callOf(id: number): JsonObject {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: echo };
}
function reply(session: TestSession, question: JsonObject, body: JsonObject) {
  return session.post({ jsonrpc: '2.0', id: question['id'], ...body });
}
/** The calls each connection got, in the order they were opened. */
function calls(h: TestGateway): number[] {
  return h.it.servers.links.map((link) => link.requests('tools/call').length);
}

describe('whose connection a session uses', () => {
  test('is the primary’s, where it can neither be asked nor tell', async () => {
    await using h = await house({}, { isolation: 'user' });
    for (let n = 0; n < 2; n++) await (await h.door.session()).request('tools/call', echo);
    expect(calls(h)).toEqual([2]);
  });

  test('is one of its own where it can be asked, whatever the isolation', async () => {
    await using h = await house({}, { isolation: 'shared' });
    for (let n = 0; n < 2; n++) await (await h.door.session({ capabilities: askable })).request('tools/call', echo);
    expect(calls(h)).toEqual([0, 1, 1]);
  });

  test('is one of its own where the isolation says so', async () => {
    await using h = await house({}, { isolation: 'session' });
    for (let n = 0; n < 2; n++) await (await h.door.session()).request('tools/call', echo);
    expect(calls(h)).toEqual([0, 1, 1]);
  });

  test('becomes its own when it sets a log level, which that connection is told', async () => {
    await using h = await house({ capabilities: { tools: {}, logging: {} } }, { isolation: 'shared' });
    const session = await h.door.session();
    await session.request('tools/call', echo);
    await session.request('logging/setLevel', { level: 'debug' });
    await session.request('tools/call', echo);
    expect(calls(h)).toEqual([1, 1]);
    expect(h.it.servers.last().requests('logging/setLevel')).toMatchObject([{ params: { level: 'debug' } }]);
    await session.request('logging/setLevel', { level: 'error' });
    expect(h.it.servers.last().requests('logging/setLevel')).toHaveLength(2);
  });

  test('ends with the session, and with it alone', async () => {
    await using h = await house({}, { isolation: 'session' });
    const sessions = [await h.door.session(), await h.door.session()];
    for (const session of sessions) await session.request('tools/call', echo);
    await sessions[0]?.end();
    await until(() => h.it.servers.open().length === 2);
    expect(h.it.servers.links.map((link) => link.isOpen())).toEqual([true, false, true]);
  });

  test('that is still being opened when the session ends is closed', async () => {
    let opened = 0;
    await using h = await house(
      { open: () => (opened++ === 0 ? undefined : new Promise((resolve) => void setTimeout(resolve, 60))) },
      { isolation: 'session' },
    );
    const session = await h.door.session();
    const pending = session.post(callOf(1));
    await until(() => opened === 2);
    await session.end();
    await pending;
    await new Promise((resolve) => void setTimeout(resolve, 120));
    expect(h.it.servers.open()).toHaveLength(1);
    expect(h.it.runtime.metrics().instances).toBe(1);
  });

  test('that cannot be set up as before is used all the same', async () => {
    function refuse(): never {
      throw new Error('no levels here');
    }
    await using h = await house(
      { capabilities: { tools: {}, logging: {} }, on: { 'logging/setLevel': refuse } },
      { isolation: 'shared' },
    );
    const session = await h.door.session();
    await session.request('logging/setLevel', { level: 'debug' });
    expect(await session.request('tools/call', echo)).toHaveProperty('content');
    expect(h.it.servers.open()).toHaveLength(2);
  });

  test('is replaced when it dies', async () => {
    await using h = await house({}, { isolation: 'session' });
    const session = await h.door.session();
    await session.request('tools/call', echo);
    h.it.servers.last().end();
    expect(h.it.runtime.metrics().instances).toBe(1);
    await session.request('tools/call', echo);
    expect(calls(h)).toEqual([0, 1, 1]);
  });
});

describe('a question of a server', () => {
  function asks(method = 'elicitation/create', params: JsonObject = { message: 'Name?' }): Script {
    return {
      on: { 'tools/call': async ({ id }, link) => ({ answer: await link.ask(method, params, id).catch(String) }) },
    };
  }
  async function begin(h: TestGateway): Promise<{ session: TestSession; stream: EventStream; question: JsonObject }> {
    const session = await h.door.session({ capabilities: askable });
    const stream = await session.stream('POST', callOf(1));
    return { session, stream, question: await stream.message() };
  }

  test('comes on the stream of its call and takes the answer back', async () => {
    await using h = await house(asks());
    const { session, stream, question } = await begin(h);
    expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'Name?' } });
    expect((await reply(session, question, { result: { action: 'accept' } })).status).toBe(202);
    expect(await stream.message()).toMatchObject({ id: 1, result: { answer: { action: 'accept' } } });
  });

  test('takes back the refusal of the client, with its code', async () => {
    await using h = await house(asks('sampling/createMessage'));
    const { session, stream, question } = await begin(h);
    await reply(session, question, { error: { code: -1, message: 'User rejected', data: { x: 1 } } });
    expect(JSON.stringify(await stream.message())).toContain('User rejected');
  });

  test('has an id of the hub’s, whatever servers and sessions choose', async () => {
    await using h = await house(asks());
    const ids = new Set([await begin(h), await begin(h)].map(({ question }) => question['id']));
    expect(ids.size).toBe(2);
  });

  test('is not settled by an answer of another session', async () => {
    await using h = await house(asks());
    const { session, stream, question } = await begin(h);
    const other = await h.door.session({ capabilities: askable });
    expect((await reply(other, question, { result: { action: 'stolen' } })).status).toBe(202);
    await reply(session, question, { result: { action: 'accept' } });
    expect(await stream.message()).toMatchObject({ result: { answer: { action: 'accept' } } });
  });

  test('is withdrawn when the client cancels the call', async () => {
    await using h = await house(asks());
    const { session, stream, question } = await begin(h);
    await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(await stream.message()).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: question['id'] },
    });
    expect(await stream.next()).toBeNull();
  });

  test('for a client that went away before anything was told waits for its general stream', async () => {
    let go: () => void = () => undefined;
    const script: Script = {
      on: {
        'tools/call': async ({ id }, link) => {
          await new Promise<void>((resolve) => (go = resolve));
          return { answer: await link.ask('elicitation/create', {}, id) };
        },
      },
    };
    await using h = await house(script);
    const session = await h.door.session({ capabilities: askable });
    const leaving = new AbortController();
    const gone = session.post(callOf(1), { signal: leaving.signal }).catch(() => 'gone');
    await until(() => h.it.runtime.metrics().inFlight === 1);
    leaving.abort();
    await gone;
    await until(() => h.door.open() === 0);
    go();
    await new Promise((resolve) => void setTimeout(resolve, 20));
    await using stream = await session.stream('GET');
    const question = await stream.message();
    expect(question).toMatchObject({ method: 'elicitation/create' });
    await reply(session, question, { result: {} });
    await until(() => h.it.runtime.metrics().inFlight === 0);
  });

  test('of a kind the client does not answer is refused in its name', async () => {
    await using h = await house(asks('roots/list'));
    const session = await h.door.session({ capabilities: { elicitation: {} } });
    expect(JSON.stringify(await session.request('tools/call', echo))).toContain('this client does not offer');
  });

  test('outside any call goes to the general stream of the session that owns the connection', async () => {
    await using h = await house();
    const session = await h.door.session({ capabilities: askable });
    await session.request('tools/call', echo);
    await using stream = await session.stream('GET');
    const answer = h.it.servers.last().ask('roots/list');
    const question = await stream.message();
    expect(question).toMatchObject({ method: 'roots/list' });
    await reply(session, question, { result: { roots: [] } });
    expect(await answer).toEqual({ roots: [] });
  });

  test('right after the handshake is answered already', async () => {
    const asked: Promise<JsonObject | string>[] = [];
    const receive: Script['receive'] = (message, link) => {
      if ('method' in message && message.method === 'notifications/initialized')
        asked.push(link.ask('roots/list').catch(String));
    };
    await using h = await house({ receive });
    expect(await asked[0]).toContain('No client here answers roots/list');
    const session = await h.door.session({ capabilities: askable });
    await using stream = await session.stream('GET');
    const pending = session.request('tools/call', echo);
    const question = await stream.message();
    await reply(session, question, { result: { roots: [{ uri: 'file:///' }] } });
    expect(await asked[1]).toEqual({ roots: [{ uri: 'file:///' }] });
    await pending;
  });

  test('has the client’s progress told under the server’s token, and to it alone', async () => {
    await using h = await house(asks('sampling/createMessage', { _meta: { progressToken: 'theirs' } }));
    const { session, stream, question } = await begin(h);
    const { progressToken } = ((question['params'] as JsonObject)['_meta'] ?? {}) as JsonObject;
    expect(progressToken).toBe(question['id']);
    await session.post({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: 1 } });
    await reply(session, question, { result: {} });
    await stream.message();
    const sent = h.it.servers.last().sent.map(({ message }) => message);
    expect(sent).toContainEqual({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'theirs', progress: 1 },
    });
  });

  test('ends with its session', async () => {
    await using h = await house();
    const session = await h.door.session({ capabilities: askable });
    await session.request('tools/call', echo);
    await using stream = await session.stream('GET');
    void h.it.servers.last().ask('roots/list');
    await stream.message();
    await session.end();
    expect(await stream.next()).toBeNull();
    await until(() => h.it.servers.open().length === 1);
  });
});

describe('a notification of the client', () => {
  test('reaches the connections it owns', async () => {
    await using h = await house();
    const session = await h.door.session({ capabilities: askable });
    await session.request('tools/call', echo);
    await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    function heard(n: number): boolean {
      return (
        h.it.servers.links[n]?.sent.some(
          ({ message }) => 'method' in message && message.method.endsWith('roots/list_changed'),
        ) ?? false
      );
    }
    await until(() => heard(1));
    expect(heard(0)).toBe(false);
  });

  test('does no harm where a server or the endpoint is not there any more', async () => {
    await using h = await house();
    const session = await h.door.session();
    h.it.runtime.apply([]);
    expect((await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' })).status).toBe(202);
    expect(
      (await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: {} } })).status,
    ).toBe(202);
  });
});

test.each([[{}], [{ level: 'loud' }], [{ level: 7 }]])(
  'a log level %j is refused, with those there are',
  async (params) => {
    await using h = await house();
    await expect((await h.door.session()).request('logging/setLevel', params)).rejects.toThrow('one of debug, info');
  },
);

const prompt = { type: 'ref/prompt', name: 'p' };

test.each([
  [{}, 'needs ref'],
  [{ ref: { type: 'ref/tool', name: 'x' } }, 'needs ref'],
  [{ ref: prompt }, 'needs argument'],
  [{ ref: prompt, argument: { name: 'a' } }, 'needs argument'],
  [{ ref: { type: 'ref/resource' }, argument: { name: 'a', value: '' } }, 'ref needs uri'],
])('a completion of %j is refused, with what it needs', async (params, needed) => {
  await using h = await house();
  const refused = (await h.door.session()).request('completion/complete', params);
  await expect(refused).rejects.toMatchObject({ code: -32602, message: expect.stringContaining(needed) as string });
});

describe('lists of a session’s own connection', () => {
  function dynamic(): { script: Script; mine: JsonObject[] } {
    const mine = [tool('echo')];
    const script: Script = {
      on: {
        // Each program has tools of its own; a call makes another.
        'tools/call': (_request, link) => {
          const own = (extra.get(link) ?? 0) + 1;
          extra.set(link, own);
          setImmediate(() => link.notify('notifications/tools/list_changed'));
          return { content: [] };
        },
        'tools/list': (_request, link) => ({
          tools: [...mine, ...Array.from({ length: extra.get(link) ?? 0 }, (_, n) => tool(`own${n}`))],
        }),
      },
    };
    const extra = new Map<unknown, number>();
    return { script, mine };
  }
  async function names(session: TestSession): Promise<unknown[]> {
    return ((await session.request('tools/list'))['tools'] as JsonObject[]).map(({ name }) => name);
  }

  test('are told, listed and callable to it, and to nobody else', async () => {
    const { script } = dynamic();
    await using h = await house(script);
    const mine = await h.door.session({ capabilities: askable });
    const other = await h.door.session({ capabilities: askable });
    await using stream = await mine.stream('GET');
    await mine.request('tools/call', echo);
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(await names(mine)).toEqual(['s__echo', 's__own0']);
    expect(await names(other)).toEqual(['s__echo']);
    expect(await mine.request('tools/call', { name: 's__own0' })).toHaveProperty('content');
    await expect(other.request('tools/call', { name: 's__own0' })).rejects.toThrow('Unknown tool');
  });

  test('that a client gets for what it can be asked are there once its connection is, told of or not', async () => {
    const offers: Script = {
      on: {
        'tools/list': (_request, link) => {
          const { capabilities } = link.requests('initialize')[0]?.params ?? {};
          const asks = Object.keys(capabilities ?? {}).length > 0;
          return { tools: asks ? [tool('echo'), tool('sample')] : [tool('echo')] };
        },
      },
    };
    await using h = await house(offers);
    const able = await h.door.session({ capabilities: askable });
    const plain = await h.door.session();
    await using stream = await able.stream('GET');
    await able.request('tools/call', echo);
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(await names(able)).toEqual(['s__echo', 's__sample']);
    expect(await names(plain)).toEqual(['s__echo']);
  });

  test('that are those of the server make no views of their own', async () => {
    await using h = await house();
    const session = await h.door.session({ capabilities: askable });
    await session.request('tools/call', echo);
    await until(() => h.it.servers.last().requests('tools/list').length === 1);
    await using stream = await session.stream('GET');
    await session.request('tools/call', echo);
    await session.end();
    expect(await stream.next()).toBeNull();
  });

  test('are gone with the connection', async () => {
    const { script } = dynamic();
    await using h = await house(script);
    const session = await h.door.session({ capabilities: askable });
    await using stream = await session.stream('GET');
    await session.request('tools/call', echo);
    await stream.message();
    h.it.servers.last().end();
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(await names(session)).toEqual(['s__echo']);
  });
});

describe('an aggregated endpoint', () => {
  test('routes each call to its server under the name it knows', async () => {
    await using h = await house(
      (id) => ({ on: { 'tools/call': ({ params }) => ({ at: id, name: params?.['name'] }) } }),
      {},
      ['s', 't'],
    );
    const session = await h.door.session();
    expect(await session.request('tools/call', { name: 't__echo' })).toEqual({ at: 't', name: 'echo' });
    expect(await session.request('tools/call', { name: 's__echo' })).toEqual({ at: 's', name: 'echo' });
  });

  function reads(uris: Record<string, string[]>) {
    return (id: string): Script => ({
      capabilities: { tools: {}, resources: {} },
      on: {
        'resources/list': () => ({ resources: (uris[id] ?? []).map((uri) => ({ uri, name: uri })) }),
        'resources/templates/list': () => ({ resourceTemplates: [] }),
        'resources/read': ({ params }) => {
          const uri = String(params?.['uri']);
          if ((uris[id] ?? []).includes(uri) || uri === `hidden:${id}`) return { contents: [{ uri, text: id }] };
          throw Object.assign(new Error('no'), {});
        },
        'tools/call': () => ({ content: [{ type: 'resource_link', uri: 'm:1', name: 'm' }] }),
      },
    });
  }
  async function readBy(session: TestSession, uri: string): Promise<unknown> {
    return ((await session.request('resources/read', { uri }))['contents'] as JsonObject[])[0]?.['text'];
  }

  test('reads a URI at the server that lists it first, or that mentioned it last', async () => {
    await using h = await house(reads({ s: ['m:1'], t: ['m:1'] }), {}, ['s', 't']);
    const session = await h.door.session();
    expect(await readBy(session, 'm:1')).toBe('s');
    await session.request('tools/call', { name: 't__echo' });
    expect(await readBy(session, 'm:1')).toBe('t');
    expect(await readBy(await h.door.session(), 'm:1')).toBe('s');
  });

  test('finds what nobody lists at whoever has it', async () => {
    await using h = await house(reads({}), {}, ['s', 't']);
    const session = await h.door.session();
    expect(await readBy(session, 'hidden:t')).toBe('t');
    await expect(session.request('resources/read', { uri: 'nowhere:1' })).rejects.toMatchObject({ code: -32002 });
  });

  test('says in the log of the later server, once, that a URI is listed twice', async () => {
    await using h = await house(reads({ s: ['m:1'], t: ['m:1'] }), {}, ['s', 't']);
    for (let n = 0; n < 3; n++) {
      await (await h.door.session()).request('resources/list');
      h.it.runtime.selectionsChanged();
    }
    const told = h.it.runtime.logs('t').filter(({ message }) => message.includes('m:1'));
    expect(told).toMatchObject([
      { level: 'warn', message: expect.stringContaining('also listed by server s') as string },
    ]);
    expect(h.it.runtime.logs('s').some(({ message }) => message.includes('m:1'))).toBe(false);
  });
});

describe('methods the hub does not know', () => {
  test('are passed on where there is but one server', async () => {
    await using h = await house({ on: { 'vendor/thing': ({ params }) => ({ got: params }) } });
    const session = await h.door.session({ endpoint: 's' });
    expect(await session.request('vendor/thing', { x: 1 })).toEqual({ got: { x: 1 } });
    await expect(session.request('vendor/other')).rejects.toMatchObject({ code: -32601 });
    await expect((await h.door.session()).request('vendor/thing')).rejects.toMatchObject({ code: -32601 });
  });

  test.each(['server/discover', 'subscriptions/listen'])('%s is no server’s to answer', async (method) => {
    await using h = await house({ on: { [method]: () => ({ mine: true }) } });
    await expect((await h.door.session({ endpoint: 's' })).request(method)).rejects.toMatchObject({ code: -32601 });
  });
});
