import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestRuntime, specOf, type TestRuntime } from '../testing.ts';
import type { JsonObject } from '../types.ts';
import { Meta } from '../versions.ts';
import { openEndpoint, type Answer, type TestEndpoint } from './testing.ts';

let it: TestRuntime;
let door: TestEndpoint;
let session: Record<string, string>;

beforeAll(async () => {
  it = createTestRuntime({
    capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} },
    on: {
      'prompts/list': () => ({ prompts: [{ name: 'p' }] }),
      'resources/list': () => ({ resources: [{ uri: 'a:1', name: 'a' }] }),
      'resources/templates/list': () => ({ resourceTemplates: [{ uriTemplate: 't:{id}', name: 't' }] }),
    },
  });
  it.apply(specOf('s', { isolation: 'shared' }));
  await it.running('s');
  door = await openEndpoint(it.runtime);
  ({ headers: session } = await door.session());
});

afterAll(async () => {
  await it.runtime.close();
  await door[Symbol.asyncDispose]();
});

const methods = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'subscriptions/listen',
  'tasks/get',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
];

const any = fc.jsonValue({ maxDepth: 3 });
const key = fc.constantFrom(
  'name',
  'uri',
  'cursor',
  'arguments',
  'ref',
  'level',
  'notifications',
  'requestId',
  'taskId',
  '__proto__',
  'constructor',
);
const meta = fc.dictionary(
  fc.constantFrom(...Object.values(Meta), 'progressToken', '__proto__'),
  fc.oneof(any, fc.constant('2026-07-28'), fc.constant({})),
);
const params = fc
  .tuple(
    fc.dictionary(key, fc.oneof(any, fc.constantFrom('s__echo', 's__p', 'a:1', 't:1'))),
    fc.option(fc.oneof(meta, any), { nil: undefined }),
  )
  .map(([fields, _meta]) => (_meta === undefined ? fields : { ...fields, _meta }));
const message = fc.record(
  {
    jsonrpc: fc.oneof({ weight: 9, arbitrary: fc.constant('2.0') }, any),
    id: fc.oneof(fc.integer(), fc.string(), fc.constant(null), any),
    method: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...methods) }, any),
    params: fc.oneof({ weight: 9, arbitrary: params }, any),
    result: any,
    error: any,
  },
  { requiredKeys: ['jsonrpc'] },
);
const body = fc.oneof(
  { weight: 8, arbitrary: message },
  { weight: 2, arbitrary: fc.array(message, { maxLength: 4 }) },
  any,
);
const headers = fc.record(
  {
    'mcp-session-id': fc.constantFrom('mine', 'nonsense', '__proto__', ''),
    'mcp-protocol-version': fc.constantFrom('2025-11-25', '2026-07-28', '1999-01-01', 'nonsense'),
    'mcp-method': fc.constantFrom(...methods, 'nonsense'),
    'mcp-name': fc.constantFrom('s__echo', 'a:1', '=?base64?!?=', ''),
    accept: fc.constantFrom('application/json', 'text/event-stream', '*/*', 'text/html'),
  },
  { requiredKeys: [] },
);

function isJsonRpc(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { jsonrpc, id, method, result, error } = value as JsonObject;
  if (jsonrpc !== '2.0') return false;
  if (typeof method === 'string') return true;
  const failed = error as { code?: unknown; message?: unknown } | undefined;
  const told = typeof failed?.code === 'number' && typeof failed.message === 'string';
  return (id === null || typeof id === 'string' || typeof id === 'number') && (told || typeof result === 'object');
}

function expectJsonRpc(answer: Answer): void {
  expect(answer.status).toBeGreaterThanOrEqual(200);
  if (answer.status === 202) return expect(answer.text).toMatch(/^(Accepted)?$/);
  for (const one of answer.messages) expect(isJsonRpc(one), JSON.stringify(one)).toBe(true);
  if (answer.status >= 400) expect(answer.messages).toHaveLength(1);
}

/** Reads an answer that may be a stream without an end: what has come after a moment counts. */
async function read(text: string, given: Record<string, string>, route: 'streamable' | 'messages'): Promise<void> {
  const sent = given['mcp-session-id'] === 'mine' ? { ...given, ...session } : given;
  const stopped = new AbortController();
  const timer = setTimeout(() => stopped.abort(), 400);
  try {
    expectJsonRpc(await door.post(text, { headers: sent, route, signal: stopped.signal }));
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  } finally {
    clearTimeout(timer);
  }
}

describe('whatever is posted', () => {
  test('is answered by JSON-RPC, and nothing is left unhandled', async () => {
    await fc.assert(
      fc.asyncProperty(
        body,
        headers,
        fc.constantFrom('streamable' as const, 'messages' as const),
        async (value, given, route) => {
          await read(JSON.stringify(value), given, route);
        },
      ),
      { numRuns: 400, endOnFailure: true },
    );
    expect(
      (await door.post({ jsonrpc: '2.0', id: 'still-here', method: 'ping' }, { headers: session })).messages,
    ).toMatchObject([{ id: 'still-here', result: {} }]);
  });

  test.each([
    ['arrays', `${'['.repeat(40_000)}${']'.repeat(40_000)}`],
    ['objects', `${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`],
    [
      'arguments',
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"s__echo","arguments":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}}`,
    ],
    [
      'metadata',
      `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a:1","_meta":${'[{"a":'.repeat(9_000)}1${'}]'.repeat(9_000)}}}`,
    ],
  ])('of nested %s is answered too', async (_what, text) => {
    expectJsonRpc(await door.post(text, { headers: session }));
  });

  test('by a client that hangs up half way harms nobody', async () => {
    const sending = Array.from({ length: 20 }, async (_, n) => {
      const stopped = new AbortController();
      const tools = {
        jsonrpc: '2.0',
        id: `h${n}`,
        method: 'tools/call',
        params: { name: 's__echo', arguments: { x: 'y'.repeat(50_000) } },
      };
      const answer = door.post(tools, { headers: session, signal: stopped.signal }).catch(() => null);
      await new Promise((resolve) => void setTimeout(resolve, n % 4));
      stopped.abort();
      return answer;
    });
    await Promise.all(sending);
    expect((await door.post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { headers: session })).status).toBe(200);
  });
});

describe('whatever a server says', () => {
  const odd = fc.oneof(
    any,
    fc.constant(undefined),
    fc.constant({ content: null }),
    fc.constant({ raw: 'x' }),
    fc.constant({ resultType: 'input_required' }),
  );

  test('as a result reaches the client as JSON-RPC', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(odd, { minLength: 1, maxLength: 6 }), async (results) => {
        await using here = createTestRuntime({
          receive(message, link) {
            if (!('method' in message) || message.method !== 'tools/call' || !('id' in message)) return;
            const { n } = (message.params?.['arguments'] ?? {}) as JsonObject;
            const result = results[Number(n)];
            link.say({ jsonrpc: '2.0', id: message.id, result });
            link.say({ jsonrpc: '2.0', id: message.id, error: { code: 1, message: 'late' } });
          },
        });
        here.apply(specOf('s', { isolation: 'shared', limits: { callTimeoutMs: 200 } }));
        await here.running('s');
        await using way = await openEndpoint(here.runtime);
        const { headers: mine } = await way.session();
        for (const n of results.keys()) {
          const call = { jsonrpc: '2.0', id: n, method: 'tools/call', params: { name: 's__echo', arguments: { n } } };
          const answer = await way.post(call, { headers: mine });
          expectJsonRpc(answer);
          expect(answer.messages).toMatchObject([{ id: n }]);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('unasked brings nothing down', async () => {
    const link = it.servers.last('s');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ...methods,
          'notifications/message',
          'notifications/tools/list_changed',
          'sampling/createMessage',
        ),
        any,
        fc.option(any),
        async (method, given, id) => {
          link.say({ jsonrpc: '2.0', method, params: given as object, ...(id === null ? {} : { id }) });
          link.say({ jsonrpc: '2.0', id: id as string, result: given as object });
        },
      ),
      { numRuns: 200 },
    );
    expect(
      (
        await door.post(
          { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 's__echo' } },
          { headers: session },
        )
      ).messages,
    ).toMatchObject([{ id: 2, result: {} }]);
  });
});
