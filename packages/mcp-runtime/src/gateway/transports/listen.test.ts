import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { http, selectionOf, tool, type FakeLink, type Script } from '../../testing.ts';
import type { JsonObject } from '../../types.ts';
import { Meta } from '../../versions.ts';
import {
  modern,
  openGateway,
  type DoorOptions,
  type EventStream,
  type TestGateway,
  type HouseOptions,
} from '../testing.ts';

interface ListeningHouse extends TestGateway {
  listen(id: number, notifications: JsonObject, how?: DoorOptions): Promise<EventStream>;
}

async function house(script: Script = {}, over: HouseOptions['over'] = {}): Promise<ListeningHouse> {
  const opened = await openGateway({ script, runtime: { random: () => 1 }, over: { isolation: 'shared', ...over } });
  const { door } = opened;
  return {
    ...opened,
    listen(id, notifications, how = {}) {
      const { body, headers } = modern(id, 'subscriptions/listen', { notifications });
      return door.stream('POST', body, { ...how, headers });
    },
  };
}

const lists = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
const resources: JsonObject = { tools: {}, resources: { subscribe: true } };
function updated(uri: string): [string, JsonObject] {
  return ['notifications/resources/updated', { uri }];
}

/** A stateless server that keeps its listen streams open. */
function listening(over: Script = {}): {
  script: Script;
  tell: (link: FakeLink, method: string, params?: JsonObject) => void;
} {
  const script: Script = {
    eras: ['modern'],
    capabilities: resources,
    ...over,
    on: {
      'subscriptions/listen': ({ id }, link) => {
        const _meta = { [Meta.subscriptionId]: id };
        link.notify('notifications/subscriptions/acknowledged', { notifications: {}, _meta }, id);
        return undefined;
      },
      'resources/list': () => ({ resources: [] }),
      'resources/templates/list': () => ({ resourceTemplates: [] }),
      ...over.on,
    },
  };
  function tell(link: FakeLink, method: string, params: JsonObject = {}): void {
    for (const { id } of link.requests('subscriptions/listen')) {
      link.notify(method, { ...params, _meta: { [Meta.subscriptionId]: id } }, id);
    }
  }
  return { script, tell };
}

describe('a stream of changes', () => {
  test('begins with what of the filter is honoured', async () => {
    await using h = await house();
    await using stream = await h.listen(7, { ...lists, resourceSubscriptions: ['a:1'], other: true });
    expect(await stream.message()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: { toolsListChanged: true }, _meta: { [Meta.subscriptionId]: 7 } },
    });
  });

  test('of which nothing can be honoured ends at once, well', async () => {
    await using h = await house();
    await using stream = await h.listen(7, { resourcesListChanged: true });
    expect(await stream.message()).toMatchObject({ params: { notifications: {} } });
    expect(await stream.message()).toMatchObject({
      id: 7,
      result: { resultType: 'complete', _meta: { [Meta.subscriptionId]: 7 } },
    });
    expect(await stream.next()).toBeNull();
  });

  test('without a filter is refused', async () => {
    await using h = await house();
    const { body, headers } = modern(1, 'subscriptions/listen', { notifications: [] });
    expect((await h.door.post(body, { headers })).messages[0]).toMatchObject({ id: 1, error: { code: -32602 } });
  });

  test('tells of lists that differ, whatever changed them', async () => {
    const tools = [tool('echo')];
    await using h = await house({ tools: () => [...tools] });
    await using stream = await h.listen(1, lists);
    await stream.message();
    tools.push(tool('more'));
    h.it.servers.last().notify('notifications/tools/list_changed');
    expect(await stream.message()).toMatchObject({
      method: 'notifications/tools/list_changed',
      params: { _meta: { [Meta.subscriptionId]: 1 } },
    });
    h.it.selections.set('all', selectionOf('all', []));
    h.it.runtime.selectionsChanged();
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  test('tells of the change of a stateless server', async () => {
    const tools = [tool('echo')];
    const { script, tell } = listening({ tools: () => [...tools] });
    await using h = await house(script, { launch: http() });
    await using stream = await h.listen(1, lists);
    await stream.message();
    tools.push(tool('more'));
    tell(h.it.servers.last(), 'notifications/tools/list_changed');
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  test('tells every stateless client of the change of the program they share', async () => {
    const tools = [tool('echo')];
    const { script, tell } = listening({ eras: ['legacy', 'modern'], tools: () => [...tools] });
    await using h = await house(script);
    function call(credential: string) {
      const { body, headers } = modern(9, 'tools/call', { name: 's__echo' });
      return h.door.post(body, { headers, credential });
    }
    await call('one');
    const streams = [await h.listen(1, lists, { credential: 'one' }), await h.listen(1, lists, { credential: 'two' })];
    for (const stream of streams) await stream.message();
    tools.push(tool('more'));
    tell(h.it.servers.last(), 'notifications/tools/list_changed');
    for (const stream of streams) {
      expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
      stream.close();
    }
  });

  test('ends well where its endpoint goes away, and with the hub', async () => {
    await using h = await house();
    await using first = await h.listen(1, lists);
    await first.message();
    h.it.selections.delete('all');
    h.it.runtime.selectionsChanged();
    expect(await first.message()).toMatchObject({ id: 1, result: {} });
    h.it.selections.set('all', selectionOf('all', ['s']));
    await using second = await h.listen(2, lists);
    await second.message();
    await h.it.runtime.close();
    expect(await second.message()).toMatchObject({ id: 2, result: {} });
  });

  test('is one of 64 a person', async () => {
    await using h = await house();
    const streams = await Promise.all(Array.from({ length: 64 }, (_, n) => h.listen(n, lists)));
    for (const stream of streams) await stream.message();
    const { body, headers } = modern(99, 'subscriptions/listen', { notifications: lists });
    expect((await h.door.post(body, { headers })).messages[0]).toMatchObject({
      error: { message: expect.stringContaining('a person may hold 64 streams') as string },
    });
    await using other = await h.listen(1, lists, { credential: 'another' });
    expect(await other.message()).toHaveProperty('method');
    for (const stream of streams.splice(0, 10)) stream.close();
    await until(() => h.door.open() === 55);
    await using again = await h.listen(1, lists);
    expect(await again.message()).toHaveProperty('method');
    for (const stream of streams) stream.close();
  });
});

describe('a subscription of a stateless client', () => {
  const legacy: Script = {
    capabilities: resources,
    on: { 'resources/list': () => ({ resources: [] }), 'resources/templates/list': () => ({ resourceTemplates: [] }) },
  };

  test('is made at a session-era server before it is acknowledged, and brings updates', async () => {
    await using h = await house(legacy);
    await using stream = await h.listen(3, { resourceSubscriptions: ['a:1', 'a:2'] });
    expect(await stream.message()).toMatchObject({
      params: { notifications: { resourceSubscriptions: ['a:1', 'a:2'] } },
    });
    const link = h.it.servers.last();
    expect(link.requests('resources/subscribe').map(({ params }) => params)).toEqual([{ uri: 'a:1' }, { uri: 'a:2' }]);
    link.notify(...updated('a:1'));
    expect(await stream.message()).toMatchObject({ params: { uri: 'a:1', _meta: { [Meta.subscriptionId]: 3 } } });
  });

  test('is made on the connection that the calls of the client use', async () => {
    await using h = await house(legacy);
    await using stream = await h.listen(3, { resourceSubscriptions: ['a:1'] });
    await stream.message();
    const subscribed = h.it.servers.last();
    const { body, headers } = modern(4, 'tools/call', { name: 's__echo' }, { elicitation: {} });
    await h.door.post(body, { headers });
    expect(subscribed.requests('resources/subscribe')).toHaveLength(1);
  });

  test('keeps its connection awake, and is ended with the stream', async () => {
    await using h = await house(legacy, { limits: { idleMs: 30 } });
    const stream = await h.listen(3, { resourceSubscriptions: ['a:1'] });
    await stream.message();
    const link = h.it.servers.last();
    await new Promise((resolve) => void setTimeout(resolve, 1200));
    expect(link.isOpen()).toBe(true);
    stream.close();
    await until(() => link.requests('resources/unsubscribe').length === 1);
    await until(() => !link.isOpen());
  });

  test('is made again when its connection dies', async () => {
    await using h = await house(legacy);
    await using stream = await h.listen(3, { resourceSubscriptions: ['a:1'] });
    await stream.message();
    const link = h.it.servers.last();
    link.end();
    await until(() => h.it.servers.last() !== link && h.it.servers.last().requests('resources/subscribe').length === 1);
    h.it.servers.last().notify(...updated('a:1'));
    expect(await stream.message()).toMatchObject({ params: { uri: 'a:1' } });
  });

  test('that the server refuses is left out of what is acknowledged', async () => {
    function refuse({ params }: { params?: JsonObject }): JsonObject {
      if (params?.['uri'] === 'a:2') throw new Error('no');
      return {};
    }
    await using h = await house({ ...legacy, on: { ...legacy.on, 'resources/subscribe': refuse } });
    await using stream = await h.listen(3, { resourceSubscriptions: ['a:1', 'a:2'] });
    expect(await stream.message()).toMatchObject({ params: { notifications: { resourceSubscriptions: ['a:1'] } } });
  });

  test('of an endpoint that went away meanwhile brings nothing down', async () => {
    await using h = await house({ ...legacy, on: { ...legacy.on, 'resources/subscribe': () => undefined } });
    const opening = h.listen(3, { resourceSubscriptions: ['a:1'] });
    await until(() => h.it.servers.last().requests('resources/subscribe').length === 1);
    h.it.selections.clear();
    h.it.runtime.selectionsChanged();
    await using stream = await opening;
    expect(await stream.message()).toMatchObject({ id: 3, result: {} });
  });
});

describe('a subscription of a session', () => {
  test('at a stateless server is a stream there, and is told once it is taken', async () => {
    const { script, tell } = listening();
    await using h = await house(script, { launch: http() });
    const session = await h.door.session();
    await using stream = await session.stream('GET');
    expect(await session.request('resources/subscribe', { uri: 'a:1' })).toEqual({});
    const [main] = h.it.servers.open();
    if (main === undefined) throw new Error('not open');
    tell(main, ...updated('a:1'));
    expect(await stream.message()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/resources/updated',
      params: { uri: 'a:1' },
    });
    await session.request('resources/unsubscribe', { uri: 'a:1' });
    const listens = main.sent.filter(({ message }) => 'method' in message && message.method === 'subscriptions/listen');
    expect(listens.at(-1)?.options.signal?.aborted).toBe(true);
  });

  test('is made again on a connection that replaces the one before, without a call', async () => {
    await using h = await house({
      capabilities: resources,
      on: { 'resources/list': () => ({}), 'resources/templates/list': () => ({}) },
    });
    const session = await h.door.session();
    await session.request('resources/subscribe', { uri: 'a:1' });
    await session.request('resources/subscribe', { uri: 'a:1' });
    const link = h.it.servers.last();
    expect(link.requests('resources/subscribe')).toHaveLength(1);
    link.end();
    await until(() => h.it.servers.last() !== link && h.it.servers.last().requests('resources/subscribe').length === 1);
    await using stream = await session.stream('GET');
    h.it.servers.last().notify(...updated('a:1'));
    expect(await stream.message()).toMatchObject({ params: { uri: 'a:1' } });
  });

  test.each([
    [{}, 'uri is needed'],
    [{ uri: 7 }, 'uri is needed'],
  ])('to %j is refused', async (params, text) => {
    await using h = await house();
    await expect((await h.door.session()).request('resources/subscribe', params)).rejects.toThrow(text);
  });

  test('to what no server has is refused', async () => {
    await using h = await house();
    await expect((await h.door.session()).request('resources/subscribe', { uri: 'a:1' })).rejects.toMatchObject({
      code: -32002,
    });
  });
});
