import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/app.ts';
import { modernRequest, modern, openSession, post, type RawSession } from '../support/mcp/raw.ts';
import { groupRights, onlyAtOwnEndpoint, serverRights } from './rights.ts';
import {
  type ActorName,
  actors,
  createWorld,
  type ServerName,
  serverNames,
  upstreamName,
  type World,
} from './world.ts';

/** Every actor × server × MCP method × endpoint: what is not allowed is neither listed nor callable. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

/** What each method gives of a server; a method without a row fails the suite. */
type MethodRow =
  /** A list; what it names of a server is found by this. */
  | { lists: 'tools' | 'prompts' | 'resources' | 'resourceTemplates' }
  /** Uses one thing of a server. */
  | { uses: (server: ServerName, prefixed: boolean) => Json }
  /** Touches no server of its own accord. */
  | { hub: string };

function named(server: ServerName, name: string, prefixed: boolean): string {
  return prefixed ? `${server}__${name}` : name;
}
function uri(server: ServerName): string {
  return `test://${upstreamName(server)}/note`;
}

const methods: Readonly<Record<string, MethodRow>> = {
  'tools/list': { lists: 'tools' },
  'prompts/list': { lists: 'prompts' },
  'resources/list': { lists: 'resources' },
  'resources/templates/list': { lists: 'resourceTemplates' },
  'tools/call': { uses: (server, prefixed) => ({ name: named(server, 'echo', prefixed), arguments: { text: 'hi' } }) },
  'prompts/get': { uses: (server, prefixed) => ({ name: named(server, 'greet', prefixed), arguments: {} }) },
  'resources/read': { uses: (server) => ({ uri: uri(server) }) },
  'resources/subscribe': { hub: 'goes to a server of the view, which may take any URI' },
  'logging/setLevel': { hub: 'goes to every server of the view' },
  'resources/unsubscribe': { hub: 'takes back a subscription of the same session' },
  'completion/complete': {
    uses: (server, prefixed) => ({
      ref: { type: 'ref/prompt', name: named(server, 'greet', prefixed) },
      argument: { name: 'who', value: 'an' },
    }),
  },
  'tasks/list': { hub: 'goes to the only server; of one that people share, only their own come back' },
  'tasks/get': { hub: 'goes to the server that made the task in this session' },
  'tasks/result': { hub: 'goes to the server that made the task in this session' },
  'tasks/update': { hub: 'goes to the server that made the task in this session' },
  'tasks/cancel': { hub: 'goes to the server that made the task in this session' },
  'server/discover': { hub: 'tells what the hub is' },
  'subscriptions/listen': { hub: 'tells of the lists above' },
};

test('every method the gateway knows has a row', () => {
  const root = path.join(import.meta.dirname, '../../packages/mcp-runtime/src');
  const files = [
    ...readdirSync(path.join(root, 'gateway')).map((name) => path.join(root, 'gateway', name)),
    path.join(root, 'param-headers.ts'),
  ].filter((file) => file.endsWith('.ts') && !/test/.test(path.basename(file)));
  const found = files.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /'((?:tools|prompts|resources|completion|tasks|server|subscriptions|logging)\/[a-zA-Z/]+)'/g,
      ),
    ].map((match) => match[1] ?? ''),
  );
  expect([...new Set(found)].filter((method) => !Object.hasOwn(methods, method))).toEqual([]);
});

function mayUse(actor: ActorName, server: ServerName) {
  return serverRights[actor][server].includes('use');
}
function isAtMcp(actor: ActorName, server: ServerName) {
  return mayUse(actor, server) && !(onlyAtOwnEndpoint[actor]?.includes(server) ?? false);
}
function headersOf(actor: ActorName) {
  return { authorization: `Bearer ${world.callers[actor].token}` };
}

/** A session, or null where the endpoint is not there for the actor. */
async function open(actor: ActorName, endpoint: string): Promise<RawSession | null> {
  try {
    return await openSession(`${world.app.url}${endpoint}`, { headers: headersOf(actor) });
  } catch (error) {
    if (error instanceof Error && /HTTP 40[134]/.test(error.message)) return null;
    throw error;
  }
}

const entries = Object.entries(methods);

/** Checks every method at one endpoint against the servers that the actor may use there. */
async function check(
  session: RawSession,
  at: string,
  options: { prefixed: boolean; usable: (server: ServerName) => boolean; tried: readonly ServerName[] },
) {
  const { prefixed, usable, tried } = options;
  for (const [method, row] of entries) {
    if ('lists' in row) {
      const text = JSON.stringify((await session.request(method))['result'] ?? {});
      for (const server of tried) {
        const mark = row.lists.startsWith('resource')
          ? `test://${upstreamName(server)}/`
          : prefixed
            ? `"${server}__`
            : server;
        if (!prefixed && !mark.startsWith('test:')) continue;
        expect(text.includes(mark), `${at} ${method} ${server}`).toBe(usable(server));
      }
    }
    if (!('uses' in row)) continue;
    for (const server of tried) {
      const reply = await session.request(method, row.uses(server, prefixed));
      expect('result' in reply, `${at} ${method} ${server}: ${JSON.stringify(reply)}`).toBe(usable(server));
    }
  }
}

describe.each(actors)('%s', (actor) => {
  test('/mcp lists and calls what it may use and nothing else', async () => {
    const session = await open(actor, '/mcp');
    if (!session) return expect(serverNames.filter((server) => isAtMcp(actor, server))).toEqual([]);
    await check(session, '/mcp', { prefixed: true, usable: (server) => isAtMcp(actor, server), tried: serverNames });
    await session.end();
  });

  test('/mcp/{server} is there only for who may use it', async () => {
    for (const server of serverNames) {
      const at = `/mcp/${server}`;
      const session = await open(actor, at);
      if (!mayUse(actor, server)) {
        if (session) await check(session, at, { prefixed: false, usable: () => false, tried: [server] });
        continue;
      }
      if (!session) throw new Error(`${at} is not there for ${actor}.`);
      await check(session, at, { prefixed: false, usable: () => true, tried: [server] });
      await session.end();
    }
  });

  test('/mcp/{group} is there only for its members, with what the group gives', async () => {
    const session = await open(actor, '/mcp/team');
    const isMember = groupRights[actor].includes('see') && actor !== 'viewer' && actor !== 'keyRead';
    if (!session) return expect(isMember).toBe(false);
    function usable(server: ServerName) {
      return isMember && server === 'shared';
    }
    await check(session, '/mcp/team', { prefixed: true, usable, tried: serverNames });
    await session.end();
  });

  test('the stateless protocol gives the same', async () => {
    if (actor === 'anonymous') return;
    for (const server of serverNames) {
      const body = modernRequest(1, 'tools/call', { name: `${server}__echo`, arguments: { text: 'hi' } });
      const headers = {
        ...headersOf(actor),
        'mcp-protocol-version': modern,
        'mcp-method': 'tools/call',
        'mcp-name': `${server}__echo`,
      };
      const { messages, text } = await post(`${world.app.url}/mcp`, body, { headers });
      expect(
        messages.some((message) => 'result' in message),
        `${server}: ${text}`,
      ).toBe(isAtMcp(actor, server));
    }
  });
});

test('what the common endpoint of an admin leaves out is at its own, and is told where rights are explained', async () => {
  const session = await open('admin', '/mcp');
  if (!session) throw new Error('No session.');
  const refused = await session.request('tools/call', { name: 'owned__echo', arguments: { text: 'hi' } });
  expect(refused).toMatchObject({ error: { message: 'Unknown tool: owned__echo' } });
  await session.end();
  const { because, but } = await world.callers.admin.client().access.explain.query({ server: 'owned' });
  expect(because.map(({ by }) => by)).toContain('admin');
  expect(but).toContainEqual({ what: 'own_endpoint_only' });
});

test('a key for one tool reaches nothing else of its server, by whatever method', async () => {
  const { key } = await world.callers.member.client().keys.create.mutate({ name: 'one', tools: ['open/echo'] });
  const headers = { authorization: `Bearer ${key}` };
  const session = await openSession(`${world.app.url}/mcp/open`, { headers });
  function ask(method: string, params: object = {}) {
    return session.request(method, params as Json);
  }
  expect(await ask('tools/call', { name: 'echo', arguments: { text: 'hi' } })).toHaveProperty('result');
  for (const method of ['vendor/wipe-everything', 'tasks/list', 'tasks/result', 'tools/Call']) {
    const reply = await ask(method, { name: 'echo', taskId: 'foreign', arguments: { text: 'hi' } });
    expect(reply, method).toMatchObject({ error: { code: -32601 } });
  }
  for (const uri of [
    'test://open-upstream/greeting',
    'TEST://open-upstream/greeting',
    'test://open-upstream/greeting#',
  ]) {
    expect(await ask('resources/read', { uri }), uri).toHaveProperty('error');
  }
  await session.end();
});

test('a changed right is in force on an open session within a second, and the session hears of it', async () => {
  const opened = await open('reader', '/mcp');
  if (!opened) throw new Error('No session.');
  const session = opened;
  function call() {
    return session.request('tools/call', { name: 'shared__echo', arguments: { text: 'hi' } });
  }
  expect('result' in (await call())).toBe(false);
  const stop = new AbortController();
  let heard = '';
  const listening = fetch(`${world.app.url}/mcp`, {
    headers: {
      ...headersOf('reader'),
      accept: 'text/event-stream',
      'mcp-session-id': session.id ?? '',
      'mcp-protocol-version': session.protocolVersion,
    },
    signal: stop.signal,
  }).then(async (response) => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += chunk;
  });
  const ended = listening.catch(() => undefined);
  const userId = world.callers.reader.id;
  await world.callers.admin.json('/api/groups/ops/members', { body: { userId } });
  await expect.poll(async () => 'result' in (await call())).toBe(true);
  await expect.poll(() => heard).toContain('notifications/tools/list_changed');
  await world.callers.admin.json(`/api/groups/ops/members/${userId}`, { method: 'DELETE' });
  await expect.poll(async () => 'result' in (await call())).toBe(false);
  stop.abort();
  await ended;
});
