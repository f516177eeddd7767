import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject } from '@switchboard/basics';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { times } from '../support/long.ts';
import { modern, modernHeaders, modernRequest, openSession, post, type RawAnswer } from '../support/mcp/raw.ts';
import type { Json } from '../support/mcp/script-types.ts';
import { type Upstream, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { processInfo } from '../support/processes.ts';

/** Whatever comes in: the process lives, and what it answers is JSON-RPC. */

const runs = times(60, 2000);

let hub: HubProcess;
const upstreams: Upstream[] = [];

beforeAll(async () => {
  hub = await startHub();
  for (const kind of ['v1-http', 'v2-modern-http', 'v1-stdio'] as const) {
    const upstream = await upstreamPrograms[kind](kind);
    upstreams.push(upstream);
    await hub.add(kind, upstream);
  }
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const upstream of upstreams) await upstream[Symbol.asyncDispose]();
});

const word = fc.constantFrom(
  'initialize',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/get',
  'prompts/list',
  'resources/read',
  'resources/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'resources/templates/list',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'tasks/get',
  '__proto__',
  'constructor',
);
const name = fc.constantFrom(
  'v1-http__echo',
  'echo',
  'v1-stdio__fail',
  '__proto__',
  'toString',
  '',
  'x'.repeat(300),
  '中文',
);
const id = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.double(), fc.object({ maxDepth: 1 }));
const junk = fc.jsonValue({ maxDepth: 3 });

const params = fc.oneof(
  junk,
  fc.record(
    {
      name: fc.oneof(name, junk),
      uri: fc.oneof(fc.webUrl(), fc.constant('test://shared/note'), junk),
      arguments: fc.oneof(fc.object({ maxDepth: 2 }), junk),
      cursor: fc.oneof(fc.string(), junk),
      level: fc.oneof(fc.constantFrom('debug', 'error', 'nonsense'), junk),
      ref: fc.oneof(
        fc.record({ type: fc.constantFrom('ref/prompt', 'ref/resource', 'x'), name, uri: fc.string() }),
        junk,
      ),
      argument: junk,
      requestId: id,
      progressToken: id,
      progress: junk,
      protocolVersion: fc.oneof(fc.constantFrom('2025-11-25', '2024-11-05', modern), junk),
      capabilities: junk,
      clientInfo: junk,
      inputResponses: junk,
      requestState: junk,
      _meta: fc.oneof(junk, fc.record({ progressToken: id })),
    },
    { requiredKeys: [] },
  ),
);

const message = fc.record(
  {
    jsonrpc: fc.oneof({ weight: 9, arbitrary: fc.constant('2.0') }, junk),
    id,
    method: fc.oneof({ weight: 9, arbitrary: word }, fc.string(), junk),
    params,
    result: junk,
    error: junk,
  },
  { requiredKeys: ['jsonrpc'] },
);

const body = fc.oneof(
  { weight: 6, arbitrary: message.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.array(message, { maxLength: 4 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: junk.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string() },
);

/** A response, or a notification or request that belongs to the exchange. */
function isJsonRpc(value: unknown): boolean {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return false;
  if (typeof value['method'] === 'string') return true;
  const idIsRight = value['id'] === null || typeof value['id'] === 'string' || typeof value['id'] === 'number';
  const error = value['error'];
  const errorIsRight = isObject(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string';
  return idIsRight && (isObject(value['result']) ? error === undefined : errorIsRight);
}

function expectJsonRpc(answer: RawAnswer): void {
  expect([200, 202, 400, 404, 406, 413, 415, 503]).toContain(answer.status);
  if (answer.text === '') {
    expect(answer.status).toBe(202);
    return;
  }
  expect(answer.messages.length).toBeGreaterThan(0);
  for (const each of answer.messages) expect(isJsonRpc(each), JSON.stringify(each)).toBe(true);
}

function alive(): void {
  expect(processInfo(hub.pid)).not.toBeNull();
}
const settings = { numRuns: runs, endOnFailure: true };
function signal(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

test('any body without a session gets a JSON-RPC answer', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      expectJsonRpc(await post(hub.url(), text, { headers: hub.headers, signal: signal() }));
    }),
    settings,
  );
  alive();
});

test('any body within a session gets a JSON-RPC answer', async () => {
  let session = await openSession(hub.url(), { headers: hub.headers });
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      expectJsonRpc(await session.send(text as unknown as Json, { signal: signal() }));
    }),
    settings,
  );
  session = await openSession(hub.url(), { headers: hub.headers });
  expect(await session.request('ping')).toMatchObject({ result: {} });
  alive();
});

test('any 2026 request gets a JSON-RPC answer', async () => {
  await fc.assert(
    fc.asyncProperty(word, params, fc.object({ maxDepth: 1 }), async (method, value, capabilities) => {
      // A listen stream stays open; it has tests of its own.
      const given = isObject(value) ? value : {};
      const request = modernRequest(1, method, given, capabilities);
      const headers = Object.fromEntries(
        Object.entries(modernHeaders(request)).filter(([, text]) => /^[\x20-\x7e]*$/.test(text)),
      );
      expectJsonRpc(await post(hub.url(), request, { headers: { ...hub.headers, ...headers }, signal: signal() }));
    }),
    settings,
  );
  alive();
});

test('any bytes get an answer that is JSON-RPC', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      expectJsonRpc(await post(hub.url('v1-http'), bytes, { headers: hub.headers, signal: signal() }));
    }),
    settings,
  );
  alive();
});

test('a body nested too deep, or with an endless method name, is refused in words', async () => {
  const deep = `${'['.repeat(8000)}${']'.repeat(8000)}`;
  const nested = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":${deep}}}}`;
  const long = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(1_000_000) });
  for (const [text, why] of [
    [nested, 'nested deeper than 256 levels'],
    [long, 'at most 256 characters'],
  ] as const) {
    const answer = await post(hub.url(), text, { headers: hub.headers, signal: signal() });
    expect(answer.status).toBe(400);
    expect(answer.messages).toMatchObject([{ error: { code: -32600, message: expect.stringContaining(why) } }]);
  }
  alive();
});
