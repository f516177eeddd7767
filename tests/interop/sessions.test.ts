import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import { modern, modernExchange, modernHeaders, modernRequest, openSession, post } from '../support/mcp/raw.ts';
import type { Json } from '../support/mcp/script-types.ts';
import { type Upstream, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { descendants } from '../support/processes.ts';
import { textOf } from './behaviours.ts';

/** What a session promises, whichever program holds it: spoken by hand, message by message. */

let hub: HubProcess;
const upstreams: Upstream[] = [];

beforeAll(async () => {
  hub = await startHub();
  for (const [name, kind] of [
    ['web', 'v1-http'],
    ['other', 'v2-dual-http'],
    ['child', 'v1-stdio'],
    ['modern', 'v2-modern-http'],
  ] as const) {
    const upstream = await upstreamPrograms[kind](name);
    upstreams.push(upstream);
    await hub.add(name, upstream);
  }
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const upstream of upstreams) await upstream[Symbol.asyncDispose]();
});

function open(endpoint?: string, options: Parameters<typeof openSession>[1] = {}) {
  return openSession(hub.url(endpoint), { headers: hub.headers, ...options });
}

function call(name: string, args: Json = {}, extra: Json = {}): Json {
  return { name, arguments: args, ...extra };
}

describe('versions', () => {
  test.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('speaks %s when asked to', async (version) => {
    const session = await open('web', { protocolVersion: version });
    expect(session.protocolVersion).toBe(version);
    const reply = await session.request('tools/call', call('echo', { text: version }));
    expect(textOf(reply['result'] as Json)).toBe(version);
    expect(await session.end()).toBeLessThan(300);
  });

  test('offers its latest to a client that asks for one it does not know', async () => {
    const session = await open('web', { protocolVersion: '2099-01-01' });
    expect(session.protocolVersion).toBe('2025-11-25');
  });

  test('answers a batch of 2025-03-26 with every reply', async () => {
    const session = await open('web', { protocolVersion: '2025-03-26' });
    const batch = [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    const answer = await session.send(batch as unknown as Json);
    expect(new Set(answer.messages.map(({ id }) => id))).toEqual(new Set([1, 2]));
  });

  test('refuses a version header it does not speak with 400', async () => {
    const session = await open('web');
    const answer = await session.send(
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { headers: { 'mcp-protocol-version': '1999-01-01' } },
    );
    expect(answer.status).toBe(400);
  });

  test('tells a 2026 client what it speaks, and refuses what it does not', async () => {
    const { reply, status } = await modernExchange(hub.url('web'), 'server/discover', {}, { headers: hub.headers });
    expect(status).toBe(200);
    expect((reply['result'] as Json)['supportedVersions']).toContain(modern);
    const body = modernRequest(1, 'tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2030-01-01' } });
    const headers = { ...hub.headers, ...modernHeaders(body), 'mcp-protocol-version': '2030-01-01' };
    const refused = await post(hub.url('web'), body, { headers });
    expect(refused.status).toBe(400);
    expect(refused.messages[0]?.['error']).toMatchObject({ code: -32022 });
  });

  test('refuses a 2026 request whose headers and body differ', async () => {
    const body = modernRequest(1, 'tools/call', call('echo', { text: 'x' }));
    const headers = { ...hub.headers, ...modernHeaders(body), 'mcp-name': 'fail' };
    const refused = await post(hub.url('web'), body, { headers });
    expect(refused.status).toBe(400);
    expect(refused.messages[0]).toMatchObject({ id: 1, error: { code: -32020 } });
  });
});

describe('whose a session is', () => {
  test('is nobody else’s: another credential, another endpoint, no credential', async () => {
    const session = await open('web');
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const headers = { 'mcp-session-id': session.id ?? '', 'mcp-protocol-version': session.protocolVersion };
    const stranger = await hub.anotherKey('stranger');
    expect((await post(hub.url('web'), ping, { headers: { ...headers, ...stranger } })).status).toBe(404);
    expect((await post(hub.url('other'), ping, { headers: { ...headers, ...hub.headers } })).status).toBe(404);
    expect((await post(hub.url('web'), ping, { headers })).status).toBe(401);
    expect((await post(hub.url('web'), ping, { headers: { ...headers, ...hub.headers } })).status).toBe(200);
  });

  test('ends at once with DELETE, and its own child with it', async () => {
    const session = await open('child', { capabilities: { elicitation: {} } });
    const { result } = (await session.request('tools/call', call('pid'))) as { result: Json };
    const pid = Number(textOf(result));
    expect(descendants(hub.pid).some((process) => process.pid === pid)).toBe(true);
    expect(await session.end()).toBeLessThan(300);
    expect((await session.send({ jsonrpc: '2.0', id: 9, method: 'ping' })).status).toBe(404);
    await expect.poll(() => descendants(hub.pid).some((process) => process.pid === pid)).toBe(false);
  });

  test('answers an endpoint that is not there with 404, in both eras', async () => {
    const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25' } };
    expect((await post(hub.url('nowhere'), hello, { headers: hub.headers })).status).toBe(404);
    const { status } = await modernExchange(hub.url('nowhere'), 'tools/list', {}, { headers: hub.headers });
    expect(status).toBe(404);
  });

  test('has a child of its own for each client that can be asked, and mixes no answers up', async () => {
    const names = ['ada', 'bob', 'cleo'];
    const results = await Promise.all(
      names.map(async (name) => {
        const answers = { 'elicitation/create': () => ({ action: 'accept', content: { name } }) };
        await using client = await connect('v1-streamable', hub.url('child'), { headers: hub.headers, answers });
        return JSON.parse(textOf(await client.call('elicit'))) as Json;
      }),
    );
    expect(results.map((result) => result['content'])).toEqual(names.map((name) => ({ name })));
  });
});

describe('streams', () => {
  test('sends progress before the result, in order, on the stream of the call', async () => {
    const session = await open('web');
    const answer = await session.send({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: call('slow', { steps: 5, ms: 1 }, { _meta: { progressToken: 'mine' } }),
    });
    const seen = answer.messages.map(
      (message) => (message['params'] as Json | undefined)?.['progress'] ?? message['id'],
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 7]);
    expect(answer.messages.slice(0, -1).every(({ params }) => (params as Json)['progressToken'] === 'mine')).toBe(true);
  });

  test('gives a reply to a client that comes back for it with Last-Event-ID', async () => {
    const session = await open('web');
    const base = { ...hub.headers, 'mcp-session-id': session.id ?? '', 'mcp-protocol-version': '2025-11-25' };
    const gone = new AbortController();
    const response = await fetch(hub.url('web'), {
      method: 'POST',
      headers: { ...base, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 5,
        method: 'tools/call',
        params: call('slow', { steps: 4, ms: 100 }, { _meta: { progressToken: 't' } }),
      }),
      signal: gone.signal,
    });
    let seen = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      seen += decoder.decode(chunk);
      if (seen.includes('"progress":1')) break;
    }
    gone.abort();
    const lastEventId = [...seen.matchAll(/^id: ?(.*)$/gm)].at(-1)?.[1] ?? '';
    expect(lastEventId).not.toBe('');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const again = await fetch(hub.url('web'), {
      headers: { ...base, accept: 'text/event-stream', 'last-event-id': lastEventId },
      signal: AbortSignal.timeout(5000),
    });
    let replayed = '';
    for await (const chunk of again.body as unknown as AsyncIterable<Uint8Array>) {
      replayed += decoder.decode(chunk);
      if (replayed.includes('"id":5')) break;
    }
    expect(replayed).toContain('"progress":4');
    expect(replayed).not.toContain('"progress":1,');
    expect(replayed).toContain('took 4 steps');
  });

  test('carries twenty calls of twenty sessions at once without mixing them up', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, () => open()));
    const texts = await Promise.all(
      sessions.flatMap((session, i) =>
        ['web', 'child', 'other', 'modern'].map(async (server) => {
          const text = `${server} ${i}`;
          const reply = await session.request('tools/call', call(`${server}__echo`, { text }));
          return textOf(reply['result'] as Json) === text;
        }),
      ),
    );
    expect(texts).toEqual(texts.map(() => true));
    await Promise.all(sessions.map((session) => session.end()));
  });
});

describe('resources with one URI on several servers', () => {
  test('appear once and are read where the session met them, else at the first server', async () => {
    const client = await connect('v1-streamable', hub.url(), { headers: hub.headers });
    await using _client = client;
    const resources = await client.list('resources/list', 'resources');
    expect(resources.filter(({ uri }) => uri === 'test://shared/note')).toHaveLength(1);
    async function read(): Promise<string> {
      return textOf(await client.request('resources/read', { uri: 'test://shared/note' }));
    }
    expect(await read()).toMatch(/^(web|other|child|modern) has /);
    expect(await read()).toBe(await read());
    for (const server of ['web', 'other', 'child', 'modern']) {
      const own = textOf(await client.request('resources/read', { uri: `test://${server}/note` }));
      expect(own).toBe(`${server} has test://${server}/note`);
    }
  });
});

describe('questions', () => {
  function modernCall(name: string, extra: Json = {}, headers = hub.headers, endpoint = 'child') {
    return modernExchange(hub.url(endpoint), 'tools/call', call(name, {}, extra), {
      headers,
      capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
    });
  }
  function answer(name: string): Json {
    return { action: 'accept', content: { name } };
  }

  test('of a server reach no client that cannot be asked; the call says so', async () => {
    const session = await open('child');
    const reply = await session.request('tools/call', call('elicit'));
    expect(JSON.stringify(reply)).toMatch(/elicitation/i);
    expect(reply['result'] === undefined || (reply['result'] as Json)['isError'] === true).toBe(true);
  });

  test('of a 2025 server park the call of a 2026 client until it brings the answer', async () => {
    const first = (await modernCall('elicit')).reply['result'] as Json;
    expect(first).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) });
    const [key] = Object.keys(first['inputRequests'] as Json);
    const inputResponses = { [key ?? '']: answer('Ada') };
    const { reply } = await modernCall('elicit', { inputResponses, requestState: first['requestState'] });
    expect(textOf(reply['result'] as Json)).toContain('Ada');
  });

  test('are answered only by whom they were asked: another key, another endpoint, a changed state', async () => {
    const first = (await modernCall('elicit')).reply['result'] as Json;
    const [key] = Object.keys(first['inputRequests'] as Json);
    const retry = { inputResponses: { [key ?? '']: answer('Eve') }, requestState: first['requestState'] };
    const stranger = await hub.anotherKey('eve');
    expect((await modernCall('elicit', retry, stranger)).reply['error']).toMatchObject({ code: -32602 });
    expect((await modernCall('elicit', retry, hub.headers, 'web')).reply['error']).toMatchObject({ code: -32602 });
    const changed = { ...retry, requestState: `${String(retry.requestState)}x` };
    expect((await modernCall('elicit', changed)).reply['error']).toMatchObject({ code: -32602 });
    const { reply } = await modernCall('elicit', retry);
    expect(textOf(reply['result'] as Json)).toContain('Eve');
  });

  test('are answered once: the same state does not serve twice', async () => {
    const first = (await modernCall('elicit')).reply['result'] as Json;
    const [key] = Object.keys(first['inputRequests'] as Json);
    const retry = { inputResponses: { [key ?? '']: answer('Ada') }, requestState: first['requestState'] };
    await modernCall('elicit', retry);
    expect((await modernCall('elicit', retry)).reply['error']).toMatchObject({ code: -32602 });
  });
});
