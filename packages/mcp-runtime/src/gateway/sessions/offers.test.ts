import { describe, expect, test } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { selectionOf, specOf, tool, type Script } from '../../testing.ts';
import type { JsonObject } from '../../types.ts';
import { modern, openGateway, type HouseOptions } from '../testing.ts';

const askable: JsonObject = { sampling: {}, elicitation: {}, roots: {} };

/** A server that has a tool more, and a prompt, for a client that can be asked. */
const choosy: Script = {
  capabilities: { tools: {}, prompts: {} },
  on: {
    'tools/list': (_request, link) => ({ tools: asks(link) ? [tool('echo'), tool('ask')] : [tool('echo')] }),
    'prompts/list': (_request, link) => ({ prompts: asks(link) ? [{ name: 'interview' }] : [] }),
    'prompts/get': () => ({ messages: [] }),
  },
};

function asks(link: Parameters<NonNullable<NonNullable<Script['on']>[string]>>[1]): boolean {
  const [hello] = link.requests('initialize');
  return Object.keys(hello?.params?.['capabilities'] ?? {}).length > 0;
}

function house(
  ids: readonly string[] = ['s'],
  over: HouseOptions['over'] = {},
  script: HouseOptions['script'] = choosy,
) {
  return openGateway({ script, over, ids });
}

function names(result: JsonObject | undefined, key = 'tools'): unknown[] {
  return ((result?.[key] ?? []) as JsonObject[]).map(({ name }) => name);
}

describe('what a server offers only to clients that can be asked', () => {
  test('is in the first list of such a session, and can be called', async () => {
    await using h = await house();
    const session = await h.door.session({ endpoint: 's', capabilities: askable });
    expect(names(await session.request('tools/list'))).toEqual(['echo', 'ask']);
    expect(names(await session.request('prompts/list'), 'prompts')).toEqual(['interview']);
    expect(await session.request('tools/call', { name: 'ask' })).toHaveProperty('content');
    // The list came from the instance that the calls use.
    expect(h.it.servers.open()).toHaveLength(2);
  });

  test('is found by its name though nothing was listed before', async () => {
    await using h = await house();
    for (const endpoint of ['s', 'all']) {
      const session = await h.door.session({ endpoint, credential: endpoint, capabilities: askable });
      const prefix = endpoint === 'all' ? 's__' : '';
      expect(await session.request('tools/call', { name: `${prefix}ask` })).toHaveProperty('content');
      expect(await session.request('prompts/get', { name: `${prefix}interview` })).toHaveProperty('messages');
      await expect(session.request('tools/call', { name: `${prefix}none` })).rejects.toThrow('Unknown tool');
    }
  });

  test('is told to modern clients, by what each of them answers', async () => {
    await using h = await house();
    async function list(capabilities: JsonObject): Promise<unknown[]> {
      const { body, headers } = modern(1, 'tools/list', {}, capabilities);
      const [answer] = (await h.door.post(body, { endpoint: 's', headers })).messages;
      return names((answer as { result?: JsonObject }).result);
    }
    expect(await list(askable)).toEqual(['echo', 'ask']);
    expect(await list({})).toEqual(['echo']);
    const { body, headers } = modern(2, 'tools/call', { name: 'ask', arguments: {} }, { elicitation: {} });
    const [answer] = (await h.door.post(body, { endpoint: 's', headers })).messages;
    expect(answer).toHaveProperty('result.content');
  });

  test('is told to a person who answers', async () => {
    await using h = await house();
    function call(ask: boolean) {
      return h.it.runtime.call({
        credential: { key: 'me', person: 'me' },
        selection: selectionOf('s', ['s']),
        method: 'tools/list',
        params: {},
        via: 'playground',
        clientName: 'test',
        signal: AbortSignal.timeout(5000),
        ...(ask ? { ask: async () => ({}) } : {}),
      });
    }
    expect(names(await call(true))).toEqual(['echo', 'ask']);
    expect(names(await call(false))).toEqual(['echo']);
  });

  test('costs others nothing', async () => {
    await using h = await house();
    const session = await h.door.session({ endpoint: 's' });
    expect(names(await session.request('tools/list'))).toEqual(['echo']);
    await expect(session.request('tools/call', { name: 'ask' })).rejects.toThrow('Unknown tool: ask');
    expect(h.it.servers.links).toHaveLength(1);
  });

  test('starts no second instance of a server that everybody shares', async () => {
    await using h = await house(['s'], { isolation: 'shared' });
    const session = await h.door.session({ endpoint: 's', capabilities: askable });
    expect(names(await session.request('tools/list'))).toEqual(['echo']);
    expect(h.it.servers.links).toHaveLength(1);
  });

  test('stays known to the next client that answers the same, and after its instance has ended', async () => {
    await using h = await house();
    const first = await h.door.session({ endpoint: 's', capabilities: askable });
    await first.request('tools/list');
    await first.end();
    await until(() => h.it.servers.open().length === 1);
    const next = await h.door.session({ endpoint: 's', capabilities: askable });
    expect(names(await next.request('tools/list'))).toEqual(['echo', 'ask']);
    expect(h.it.servers.links).toHaveLength(2);
    const other = await h.door.session({ endpoint: 's', credential: 'other', capabilities: askable });
    await other.request('tools/list');
    expect(h.it.servers.links).toHaveLength(3);
  });

  test('is found out anew where the server is another', async () => {
    let more = 'ask';
    const script: Script = {
      on: {
        'tools/list': (_request, link) => ({ tools: asks(link) ? [tool('echo'), tool(more)] : [tool('echo')] }),
      },
    };
    await using h = await house(['s'], {}, script);
    const session = await h.door.session({ endpoint: 's', capabilities: askable });
    expect(names(await session.request('tools/list'))).toEqual(['echo', 'ask']);
    more = 'survey';
    h.it.apply(specOf('s', { revision: '2' }));
    await until(() => h.it.servers.links.length === 3);
    await h.it.running('s');
    expect(names(await session.request('tools/list'))).toEqual(['echo', 'survey']);
  });

  test('does not hold up the list of a server that cannot be started twice', async () => {
    let opened = 0;
    function open(): void {
      if (opened++ > 0) throw new Error('the port is in use');
    }
    await using h = await house(['s'], {}, { ...choosy, open });
    const session = await h.door.session({ endpoint: 's', capabilities: askable });
    for (let n = 0; n < 3; n++) expect(names(await session.request('tools/list'))).toEqual(['echo']);
    expect(opened).toBe(2);
  });
});

describe('at an endpoint of many servers', () => {
  test('those that run are looked at, and nothing is started that sleeps', async () => {
    await using h = await house(['a', 'b']);
    h.it.runtime.apply([specOf('a'), specOf('b', { limits: { idleMs: 1 } })]);
    await h.it.until('b', ({ asleep }) => asleep);
    const session = await h.door.session({ capabilities: askable });
    expect(names(await session.request('tools/list'))).toEqual(['a__echo', 'a__ask', 'b__echo']);
    expect(h.it.servers.links).toHaveLength(3);
    expect(h.it.runtime.status('b')).toMatchObject({ asleep: true });
  });

  test('more than a few are not looked at for a list', async () => {
    const ids = Array.from({ length: 9 }, (_, at) => `s${at}`);
    await using h = await house(ids);
    const session = await h.door.session({ capabilities: askable });
    expect(names(await session.request('tools/list'))).toHaveLength(9);
    expect(h.it.servers.links).toHaveLength(9);
    expect(await session.request('tools/call', { name: 's3__ask' })).toHaveProperty('content');
    expect(names(await session.request('tools/list'))).toContain('s3__ask');
  });
});
