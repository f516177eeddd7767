import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { tool, type Script } from '../../testing.ts';
import type { JsonObject } from '../../types.ts';
import { openGateway, type Answer, type DoorOptions, type EventStream, type TestGateway } from '../testing.ts';

function house(script: Script = {}) {
  return openGateway({ script, over: { isolation: 'shared' } });
}

interface Client {
  stream: EventStream;
  post(body: unknown, how?: DoorOptions): Promise<Answer>;
}

/** Opens the stream of a 2024-11-05 client and reads where it posts to. */
async function connect(h: TestGateway, credential = 'me'): Promise<Client> {
  const stream = await h.door.stream('GET', undefined, { route: 'sse', credential });
  const endpoint = await stream.next();
  expect(endpoint?.event).toBe('endpoint');
  const query = endpoint?.data.split('?')[1] ?? '';
  return {
    stream,
    post: (body, how = {}) =>
      h.door.post(body, { route: 'messages', credential, ...how, headers: { 'x-query': `?${query}`, ...how.headers } }),
  };
}

const initialize: JsonObject = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'old', version: '1' } },
};
const call: JsonObject = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 's__echo', arguments: { a: 1 } },
};

describe('a client of 2024-11-05', () => {
  test('is told where to post and has its answers on the stream', async () => {
    await using h = await house();
    const { stream, post } = await connect(h);
    expect(await post(initialize).catch(String)).toMatchObject({ status: 202 });
    expect(await stream.message()).toMatchObject({ id: 0, result: { protocolVersion: '2024-11-05' } });
    await post(call);
    expect(await stream.message()).toMatchObject({ id: 1, result: { content: [{ text: '{"a":1}' }] } });
    stream.close();
  });

  test('is told of changed lists', async () => {
    const tools = [tool('echo')];
    await using h = await house({ tools: () => [...tools] });
    const { stream, post } = await connect(h);
    await post(initialize);
    await stream.message();
    tools.push(tool('more'));
    h.it.servers.last().notify('notifications/tools/list_changed');
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    stream.close();
  });

  test('ends with its stream, calls included', async () => {
    await using h = await house({ on: { 'tools/call': () => undefined } });
    const { stream, post } = await connect(h);
    await post(initialize);
    await stream.message();
    await post(call);
    await until(() => h.it.runtime.metrics().inFlight === 1);
    stream.close();
    await until(() => h.it.runtime.metrics().sessions === 0);
    await until(() => h.it.runtime.metrics().inFlight === 0);
    expect((await post(call)).status).toBe(404);
  });

  test('cannot post into the stream of another, nor without one', async () => {
    await using h = await house();
    const { stream, post } = await connect(h);
    expect((await post(call, { credential: 'another' })).status).toBe(404);
    expect((await post(call, { headers: { 'x-query': '' } })).status).toBe(400);
    expect((await post(call, { headers: { 'x-query': '?sessionId=x' } })).status).toBe(404);
    stream.close();
  });

  test('cannot be mixed with streamable HTTP', async () => {
    await using h = await house();
    const { stream } = await connect(h);
    const session = await h.door.session();
    const own = { 'x-query': `?sessionId=${session.id}` };
    expect((await h.door.post(call, { route: 'messages', headers: own })).status).toBe(404);
    const other = await connect(h);
    const id = /sessionId=(.+)/.exec(JSON.stringify(other)) ?? [];
    expect(id).toBeDefined();
    for (const open of [stream, other.stream]) open.close();
  });

  test.each([
    ['what is no message', { hello: 1 }, {}, 400],
    ['a batch', [call], {}, 400],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415],
  ])('that posts %s is refused', async (_what, body, headers, status) => {
    await using h = await house();
    const { stream, post } = await connect(h);
    expect((await post(body, { headers })).status).toBe(status);
    stream.close();
  });

  test('at an endpoint that is not there is refused', async () => {
    await using h = await house();
    expect((await h.door.send('GET', { route: 'sse', endpoint: 'nowhere' })).status).toBe(404);
  });

  test.each([
    ['sse', 'POST', 'GET'],
    ['messages', 'PUT', 'POST'],
  ] as const)('%s takes no %s', async (route, method, allow) => {
    await using h = await house();
    const answer = await h.door.send(method, { route });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  });
});
