import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { createTestRuntime, http, specOf, type FakeLink, type Script } from '../../testing.ts';
import type { JsonObject, JsonRpcId } from '../../types.ts';
import { Meta } from '../../versions.ts';
import {
  modern,
  openEndpoint,
  openGateway,
  type DoorOptions,
  type EventStream,
  type TestGateway,
  type HouseOptions,
} from '../testing.ts';

interface ModernHouse extends TestGateway {
  /** Sends a request of the stateless era and gives the only message of its answer. */
  ask(
    id: number,
    method: string,
    params?: JsonObject,
    how?: { capabilities?: JsonObject } & DoorOptions,
  ): Promise<JsonObject>;
  stream(
    id: number,
    method: string,
    params?: JsonObject,
    how?: { capabilities?: JsonObject } & DoorOptions,
  ): Promise<EventStream>;
}

async function house(
  script: HouseOptions['script'] = {},
  ids = ['s'],
  over: HouseOptions['over'] = {},
): Promise<ModernHouse> {
  const opened = await openGateway({ script, ids, over: { isolation: 'shared', ...over } });
  const { door } = opened;
  return {
    ...opened,
    async ask(id, method, params = {}, { capabilities, ...how } = {}) {
      const { body, headers } = modern(id, method, params, capabilities);
      const answer = await door.post(body, { ...how, headers: { ...headers, ...how.headers } });
      return { ...(answer.messages[0] as unknown as JsonObject), status: answer.status };
    },
    stream(id, method, params = {}, { capabilities, ...how } = {}) {
      const { body, headers } = modern(id, method, params, capabilities);
      return door.stream('POST', body, { ...how, headers });
    },
  };
}

const elicits: JsonObject = { elicitation: { form: {} } };
const echo = { name: 's__echo', arguments: {} };
function result(message: JsonObject): JsonObject {
  return message['result'] as JsonObject;
}

/** A server of the session era whose tool asks this many questions at once, then gives the answers. */
function asking(questions = 1): Script {
  return {
    on: {
      'tools/call': async ({ id }, link) => {
        const all = Array.from({ length: questions }, (_, n) =>
          link.ask('elicitation/create', { message: `${n}` }, id),
        );
        return { answers: await Promise.all(all), content: [] };
      },
    },
  };
}

describe('a stateless request', () => {
  test('is answered without a session', async () => {
    await using h = await house();
    expect(await h.ask(1, 'tools/call', echo)).toMatchObject({
      status: 200,
      id: 1,
      result: { resultType: 'complete' },
    });
    expect(await h.ask(2, 'tools/list')).toMatchObject({
      result: {
        tools: [{ name: 's__echo' }],
        ttlMs: 0,
        cacheScope: 'private',
        _meta: { [Meta.serverInfo]: { name: 'hub' } },
      },
    });
    expect(h.it.runtime.metrics().sessions).toBe(0);
  });

  test('discovers what the endpoint offers, once its only server is listed', async () => {
    const it = createTestRuntime({ open: () => new Promise((resolve) => void setTimeout(resolve, 50)) });
    it.apply(specOf('s'));
    await using door = await openEndpoint(it.runtime);
    const { body, headers } = modern(1, 'server/discover');
    const answer = await door.post(body, { headers, endpoint: 's' });
    expect(answer.messages[0]).toMatchObject({
      result: { supportedVersions: ['2026-07-28'], capabilities: { tools: { listChanged: true } } },
    });
    await it.runtime.close();
  });

  test.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
    'nonsense/method',
  ])('%s is not there', async (method) => {
    await using h = await house();
    expect(await h.ask(1, method)).toMatchObject({ status: 404, error: { code: -32601 } });
  });

  test('to an endpoint that is not there is refused', async () => {
    await using h = await house();
    expect(await h.ask(1, 'tools/list', {}, { endpoint: 'nowhere' })).toMatchObject({ status: 404, id: 1, error: {} });
    expect(await h.ask(2, 'subscriptions/listen', { notifications: {} }, { endpoint: 'nowhere' })).toMatchObject({
      status: 404,
    });
  });

  test('is cancelled by closing its connection, and the server hears of it', async () => {
    await using h = await house({ on: { 'tools/call': () => undefined } });
    const controller = new AbortController();
    const pending = h.ask(1, 'tools/call', echo, { signal: controller.signal }).catch(() => 'gone');
    await until(() => h.it.runtime.metrics().inFlight === 1);
    controller.abort();
    expect(await pending).toBe('gone');
    await until(() => h.it.runtime.metrics().inFlight === 0);
    const told = h.it.servers.links.flatMap((link) => link.sent.map(({ message }) => message));
    expect(told).toContainEqual(expect.objectContaining({ method: 'notifications/cancelled' }));
  });

  test('is told log messages of the level it asks for, and none where it asks for none', async () => {
    await using h = await house({
      capabilities: { tools: {}, logging: {} },
      on: {
        'tools/call': ({ id }, link) => {
          link.notify('notifications/message', { level: 'info', data: 'hello' }, id);
          return { content: [] };
        },
      },
    });
    const asked = { ...echo, _meta: { [Meta.logLevel]: 'info' } };
    await using stream = await h.stream(1, 'tools/call', asked);
    expect(await stream.message()).toMatchObject({ method: 'notifications/message', params: { data: 'hello' } });
    expect(await h.ask(2, 'tools/call', echo)).toMatchObject({ id: 2, result: {} });
    expect(h.it.servers.last().requests('logging/setLevel')).toHaveLength(1);
  });

  test('with a marked argument needs the header that mirrors it', async () => {
    const inputSchema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } };
    await using h = await house({ tools: () => [{ name: 'echo', inputSchema }] });
    const call = { name: 's__echo', arguments: { region: 'eu' } };
    expect(await h.ask(1, 'tools/call', call)).toMatchObject({ status: 400, error: { code: -32020 } });
    expect(await h.ask(2, 'tools/call', call, { headers: { 'mcp-param-region': 'us' } })).toMatchObject({
      status: 400,
    });
    expect(await h.ask(3, 'tools/call', call, { headers: { 'mcp-param-region': 'eu' } })).toMatchObject({
      status: 200,
    });
  });
});

describe('a call that asks', () => {
  test('is parked until its client answers, and goes on where it was', async () => {
    await using h = await house(asking());
    const first = await h.ask(1, 'tools/call', echo, { capabilities: elicits });
    expect(first).toMatchObject({
      result: {
        resultType: 'input_required',
        inputRequests: { 'ask-1': { method: 'elicitation/create', params: { message: '0' } } },
      },
    });
    expect(h.it.runtime.metrics()).toMatchObject({ parked: 1, inFlight: 1 });
    const { requestState } = result(first);
    const again = { ...echo, requestState, inputResponses: { 'ask-1': { action: 'accept' } } };
    expect(await h.ask(2, 'tools/call', again, { capabilities: elicits })).toMatchObject({
      id: 2,
      result: { resultType: 'complete', answers: [{ action: 'accept' }] },
    });
    expect(h.it.runtime.metrics()).toMatchObject({ parked: 0, inFlight: 0 });
  });

  test('tells its progress under the token of the request that waits for it', async () => {
    const script: Script = {
      on: {
        'tools/call': async ({ id }, link) => {
          function progress(n: number): void {
            link.notify('notifications/progress', { progressToken: id, progress: n }, id);
          }
          progress(1);
          await link.ask('elicitation/create', {}, id);
          progress(2);
          return { content: [] };
        },
      },
    };
    await using h = await house(script);
    const how = { capabilities: elicits };
    await using first = await h.stream(1, 'tools/call', { ...echo, _meta: { progressToken: 'one' } }, how);
    expect(await first.message()).toMatchObject({ params: { progressToken: 'one', progress: 1 } });
    const { requestState } = result(await first.message());
    const again = { ...echo, requestState, inputResponses: { 'ask-1': {} }, _meta: { progressToken: 'two' } };
    await using second = await h.stream(2, 'tools/call', again, how);
    expect(await second.message()).toMatchObject({ params: { progressToken: 'two', progress: 2 } });
    expect(await second.message()).toMatchObject({ id: 2, result: { resultType: 'complete' } });
  });

  test.each([
    ['of another credential', { credential: 'another' }],
    ['at another endpoint', { endpoint: 's' }],
  ])('cannot be taken up by a request %s', async (_what, where) => {
    await using h = await house(asking());
    const { requestState } = result(await h.ask(1, 'tools/call', echo, { capabilities: elicits }));
    const name = 'endpoint' in where ? 'echo' : 's__echo';
    const stolen = { ...echo, name, requestState, inputResponses: { 'ask-1': {} } };
    expect(await h.ask(2, 'tools/call', stolen, { capabilities: elicits, ...where })).toMatchObject({
      error: { code: -32602 },
    });
    expect(h.it.runtime.metrics().parked).toBe(1);
  });

  test('cannot be taken up with a state that was made up', async () => {
    await using h = await house(asking());
    for (const requestState of ['', 'sb1.AAAA', 'x'.repeat(5000)]) {
      expect(await h.ask(1, 'tools/call', { ...echo, requestState }, { capabilities: elicits })).toMatchObject({
        error: { message: expect.stringContaining('Invalid requestState') as string },
      });
    }
  });

  test('goes on meanwhile where it waits for no answer: what it tells and its result wait for the client', async () => {
    function progress(id: JsonRpcId, link: FakeLink, n: number): void {
      link.notify('notifications/progress', { progressToken: id, progress: n }, id);
    }
    const script: Script = {
      on: {
        'tools/call': async ({ id }, link) => {
          progress(id, link, 1);
          // As servers do that look after their client's roots on the side.
          void link.ask('elicitation/create', {}).catch(() => undefined);
          await until(() => h.it.runtime.metrics().parked === 1);
          progress(id, link, 2);
          progress(id, link, 3);
          return { content: [] };
        },
      },
    };
    await using h = await house(script);
    const how = { capabilities: elicits };
    await using first = await h.stream(1, 'tools/call', { ...echo, _meta: { progressToken: 'one' } }, how);
    expect(await first.message()).toMatchObject({ params: { progress: 1 } });
    const { requestState } = result(await first.message());
    await until(() => h.it.runtime.metrics().inFlight === 0);
    const again = { ...echo, requestState, inputResponses: { 'ask-1': {} }, _meta: { progressToken: 'two' } };
    await using second = await h.stream(2, 'tools/call', again, how);
    expect(await second.message()).toMatchObject({ params: { progressToken: 'two', progress: 2 } });
    expect(await second.message()).toMatchObject({ params: { progressToken: 'two', progress: 3 } });
    expect(await second.message()).toMatchObject({ id: 2, result: { resultType: 'complete' } });
    expect(h.it.servers.links.flatMap((link) => link.requests('tools/call'))).toHaveLength(1);
  });

  test('is over once the server has gone away, and says so', async () => {
    await using h = await house(asking());
    const { requestState } = result(await h.ask(1, 'tools/call', echo, { capabilities: elicits }));
    for (const link of h.it.servers.open()) link.end();
    await until(() => h.it.runtime.metrics().parked === 0);
    expect(await h.ask(2, 'tools/call', { ...echo, requestState }, { capabilities: elicits })).toMatchObject({
      error: { message: expect.stringContaining('The program ended with exit code 1') as string },
    });
  });

  test('is refused to a client that cannot be asked, by what it needs', async () => {
    await using h = await house({
      on: { 'tools/call': async ({ id }, link) => ({ told: await link.ask('roots/list', {}, id).catch(String) }) },
    });
    const answer = await h.ask(1, 'tools/call', echo);
    expect(JSON.stringify(answer)).toContain('No client here answers roots/list');
    const able = await h.ask(2, 'tools/call', echo, { capabilities: elicits });
    expect(JSON.stringify(able)).toContain('The server needs roots/list, which this client does not offer');
  });

  test('over pipes has a program to itself while others ask too', async () => {
    await using h = await house(asking(), ['s'], { isolation: 'user' });
    const both = await Promise.all([1, 2].map((id) => h.ask(id, 'tools/call', echo, { capabilities: elicits })));
    const states = both.map((message) => result(message)['requestState']);
    const answers = states.map((requestState, n) =>
      h.ask(
        10 + n,
        'tools/call',
        { ...echo, requestState, inputResponses: { 'ask-1': { n } } },
        { capabilities: elicits },
      ),
    );
    expect(await Promise.all(answers)).toMatchObject([
      { result: { answers: [{ n: 0 }] } },
      { result: { answers: [{ n: 1 }] } },
    ]);
    const used = h.it.servers.links.filter((link) => link.requests('tools/call').length > 0);
    expect(used).toHaveLength(2);
  });
});

describe('a stateless server', () => {
  function stateful(id: string): Script {
    return {
      eras: ['modern'],
      on: {
        'tools/call': ({ params }) =>
          params?.['requestState'] === undefined
            ? { resultType: 'input_required', inputRequests: {}, requestState: `state of ${id}` }
            : { resultType: 'complete', content: [], got: params['requestState'] },
      },
    };
  }

  test('has its own state back, which nobody else can read or use', async () => {
    await using h = await house(stateful, ['s', 't'], { launch: http() });
    const { requestState } = result(await h.ask(1, 'tools/call', echo));
    expect(requestState).not.toContain('state of');
    expect(await h.ask(2, 'tools/call', { ...echo, requestState })).toMatchObject({ result: { got: 'state of s' } });
    const other = await h.ask(3, 'tools/call', { ...echo, name: 't__echo', requestState });
    expect(other).toMatchObject({ error: { message: expect.stringContaining('Invalid requestState') as string } });
  });

  test('is asked by a session client through requests, until it is content', async () => {
    const script: Script = {
      eras: ['modern'],
      on: {
        'tools/call': ({ params }) =>
          params?.['inputResponses'] === undefined
            ? { resultType: 'input_required', inputRequests: { q: { method: 'elicitation/create', params: {} } } }
            : { resultType: 'complete', content: [], got: params['inputResponses'] },
      },
    };
    await using h = await house(script, ['s'], { launch: http() });
    const session = await h.door.session({ capabilities: elicits });
    await using stream = await session.stream('POST', { jsonrpc: '2.0', id: 5, method: 'tools/call', params: echo });
    const question = await stream.message();
    expect(question).toMatchObject({ method: 'elicitation/create' });
    await session.post({ jsonrpc: '2.0', id: question['id'], result: { action: 'decline' } });
    const answer = await stream.message();
    expect(answer).toMatchObject({ id: 5, result: { got: { q: { action: 'decline' } } } });
    expect(result(answer)).not.toHaveProperty('resultType');
  });

  test('gets the envelope of the client and the headers of the call', async () => {
    await using h = await house({ eras: ['modern'] }, ['s'], { launch: http() });
    await h.ask(1, 'tools/call', echo, { capabilities: elicits });
    const sent = h.it.servers.last().sent.find(({ message }) => 'method' in message && message.method === 'tools/call');
    expect(sent?.options.headers).toMatchObject({
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
      'mcp-protocol-version': '2026-07-28',
    });
    expect(sent?.message).toMatchObject({ params: { name: 'echo', _meta: { [Meta.clientCapabilities]: elicits } } });
  });
});

describe('a client and a server of two eras', () => {
  test('share a connection of the client’s era where the server has both', async () => {
    await using h = await house({ eras: ['legacy', 'modern'] });
    await h.ask(1, 'tools/call', echo);
    await h.ask(2, 'tools/call', echo, { credential: 'another' });
    const [main, stateless] = h.it.servers.links;
    expect(h.it.servers.links).toHaveLength(2);
    expect([main?.requests('tools/call').length, stateless?.requests('tools/call').length]).toEqual([0, 2]);
  });

  test('use that of the server where it has but one, and it is found out once', async () => {
    await using h = await house();
    for (let id = 0; id < 3; id++) expect(await h.ask(id, 'tools/call', echo)).toMatchObject({ result: {} });
    expect(h.it.servers.links).toHaveLength(2);
    expect(h.it.servers.open()).toHaveLength(1);
  });

  test('do not wait long for a program that does not answer the question for its era', async () => {
    const limits = { startTimeoutMs: 60_000 };
    await using h = await house({ on: { 'server/discover': () => undefined } }, ['s'], { limits });
    const begun = Date.now();
    expect(await h.ask(1, 'tools/call', echo)).toMatchObject({ result: {} });
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  test('of isolation session have a session of the client’s own at a server of both', async () => {
    await using h = await house({ eras: ['modern', 'legacy'] }, ['s'], { isolation: 'session', launch: http() });
    const sessions = [await h.door.session(), await h.door.session()];
    for (const session of sessions) await session.request('tools/call', echo);
    expect(h.it.servers.open()).toHaveLength(3);
    await sessions[0]?.end();
    await until(() => h.it.servers.open().length === 2);
  });

  test('of isolation shared have one for all', async () => {
    await using h = await house({ eras: ['modern', 'legacy'] }, ['s'], { isolation: 'shared', launch: http() });
    for (let n = 0; n < 3; n++) await (await h.door.session()).request('tools/call', echo);
    expect(h.it.servers.open()).toHaveLength(2);
  });
});

test('a task is asked after at the server that made it, also without a session', async () => {
  function script(id: string): Script {
    return {
      on: { 'tools/call': () => ({ task: { taskId: `${id}-1` } }), 'tasks/get': () => ({ status: `at ${id}` }) },
    };
  }
  await using h = await house(script, ['s', 't']);
  await h.ask(1, 'tools/call', { ...echo, name: 't__echo' });
  expect(await h.ask(2, 'tasks/get', { taskId: 't-1' }, { headers: { 'mcp-name': 't-1' } })).toMatchObject({
    result: { status: 'at t' },
  });
  expect(await h.ask(3, 'tasks/get', { taskId: 'made-up' }, { headers: { 'mcp-name': 'made-up' } })).toMatchObject({
    status: 404,
  });
});
