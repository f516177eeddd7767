import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import { type FaultHttp, httpFaults, type HttpStartFault, startFaultHttp } from '../support/mcp/fault-http.ts';
import { callFaults } from '../support/mcp/fault-script.ts';
import type { Json } from '../support/mcp/script-types.ts';
import type { TestClient } from '../support/mcp/test-client.ts';
import { type Upstream, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { descendants, processInfo } from '../support/processes.ts';

/** Upstreams that misbehave: the call or the start fails with a reason, and nobody else notices. */

/** Whoever waited for a faulty server would take longer than `NOT_DELAYED_MS`. */
const limits = { startTimeoutMs: 5000, callTimeoutMs: 5000, maxCallMs: 10_000 };
const notDelayedMs = 4500;
const program = path.join(import.meta.dirname, '../support/mcp/fault-stdio.ts');
function stdio(...args: string[]) {
  return { kind: 'stdio' as const, command: process.execPath, args: [program, ...args] };
}

let hub: HubProcess;
let healthy: Upstream;
const opened: FaultHttp[] = [];

beforeAll(async () => {
  hub = await startHub();
  healthy = await upstreamPrograms['v1-http']('healthy');
  await hub.add('healthy', healthy);
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await healthy?.[Symbol.asyncDispose]();
  for (const server of opened) await server.close();
});

async function http(fault?: HttpStartFault) {
  const server = await startFaultHttp(fault);
  opened.push(server);
  return { kind: 'streamable-http' as const, url: server.url };
}

function open(endpoint?: string): Promise<TestClient> {
  return connect('v1-streamable', hub.url(endpoint), { headers: hub.headers, capabilities: {} });
}

async function timed<T>(work: Promise<T>): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await work;
  return { ms: performance.now() - started, value };
}

/** What a failed call says, whether as an error or as a tool error. */
function failure(call: Promise<Json>): Promise<string> {
  return call.then(
    (result) =>
      result['isError'] === true
        ? JSON.stringify(result['content'])
        : `NO FAILURE: ${JSON.stringify(result).slice(0, 200)}`,
    (error: Error) => error.message,
  );
}

async function statusOf(id: string) {
  return (await hub.api.servers.get.query({ id })).status;
}

async function logOf(id: string): Promise<string[]> {
  const { lines } = await hub.api.servers.logs.query({ id, limit: 1000 });
  return lines.map(({ message }) => message);
}

async function othersAreWell(): Promise<void> {
  await using client = await open();
  const { ms, value } = await timed(client.call('healthy__echo', { text: 'well' }));
  expect(JSON.stringify(value)).toContain('well');
  expect(ms).toBeLessThan(notDelayedMs);
  const listed = await timed(client.list('tools/list', 'tools'));
  expect(listed.ms).toBeLessThan(notDelayedMs);
}

describe('a start that fails', () => {
  test.each([
    ['a program that hangs', () => stdio('--fault', 'hang-start'), /\d s\b|time|within|answer/i],
    ['a program that hangs at its list', () => stdio('--fault', 'hang-list'), /\d s\b|time|within|answer/i],
    ['a program that ends', () => stdio('--fault', 'crash-start'), /code 3|ended|exit/i],
    ['a program that is not there', () => ({ ...stdio(), command: '/no/such/program' }), /does not exist|not found/i],
    ['a URL that hangs', () => http('hang-start'), /\d s\b|time|within|answer/i],
    ['a URL that hangs at its list', () => http('hang-list'), /\d s\b|time|within|answer/i],
    ['a URL that refuses', () => http('refuse'), /403/],
    ['a URL of something else', () => http('not-mcp'), /html|JSON|MCP/i],
    [
      'a port where nobody listens',
      () => ({ kind: 'sse' as const, url: 'http://127.0.0.1:9/sse' }),
      /refused|reach|connect/i,
    ],
  ])('is told of %s, and disturbs nobody', async (title, config, reason) => {
    const id = title
      .replaceAll(' ', '-')
      .slice(0, 30)
      .replace(/[-_]+$/, '');
    await hub.add(id, await config(), { limits: limits, wait: false });
    await othersAreWell();
    await expect.poll(async () => (await statusOf(id)).health).toBe('unhealthy');
    expect((await statusOf(id)).error).toMatch(reason);
    const call = await timed(failure(open(id).then((client) => client.call('echo', { text: 'x' }))));
    expect(call.value).not.toContain('NO FAILURE');
    expect(call.ms).toBeLessThan(60_000);
    await hub.api.servers.remove.mutate({ id });
  });

  test('keeps what a program said before it ended', async () => {
    await hub.add('last-words', stdio('--fault', 'crash-start'), { limits: limits, wait: false });
    await expect.poll(async () => (await statusOf('last-words')).phase).toBe('error');
    await expect.poll(() => logOf('last-words')).toContainEqual(expect.stringContaining('cannot open the database'));
    await hub.api.servers.remove.mutate({ id: 'last-words' });
  });
});

describe.each([
  ['stdio', callFaults.filter((fault) => fault !== 'garbage' && fault !== 'duplicate')],
  ['http', [...callFaults.filter((fault) => fault !== 'duplicate'), ...httpFaults]],
] as const)('a call that fails over %s', (transport, faults) => {
  async function add(fault: string): Promise<string> {
    const id = `${transport}-${fault.replaceAll('_', '-')}`;
    await hub.add(id, transport === 'stdio' ? stdio() : await http(), { limits: limits });
    return id;
  }

  test.each([...faults])('%s: ends with a reason in time, and the next one works', async (fault) => {
    const id = await add(fault);
    await using client = await open(id);
    const { ms, value } = await timed(failure(client.call(fault)));
    expect(value).not.toContain('NO FAILURE');
    expect(value.length).toBeGreaterThan(10);
    expect(ms).toBeLessThan(60_000);
    await othersAreWell();
    await expect
      .poll(() => failure(client.call('echo', { text: 'again' })), { timeout: 90_000 })
      .toContain('NO FAILURE: {"content":[{"type":"text","text":"again"}]');
    await hub.api.servers.remove.mutate({ id });
  });

  test('takes the first of two answers', async () => {
    const id = await add('duplicate');
    await using client = await open(id);
    expect(JSON.stringify(await client.call('duplicate'))).toContain('first');
    expect(JSON.stringify(await client.call('echo', { text: 'then' }))).toContain('then');
  });
});

test('a stream that breaks twice is taken up each time where it broke: nothing is lost, nothing comes twice', async () => {
  await hub.add('breaks', await http(), { limits: { ...limits, callTimeoutMs: 10_000, maxCallMs: 20_000 } });
  await using client = await open('breaks');
  const seen: number[] = [];
  const result = await client.call('resume', {}, { onprogress: ({ progress }) => seen.push(Number(progress)) });
  expect(JSON.stringify(result)).toContain('resumed to the end');
  expect(seen).toEqual([1, 2, 3]);
});

describe('a noisy program', () => {
  test.each(['garbage', 'stderr-flood'])('%s: is called as if it were quiet, in bounded memory', async (fault) => {
    await hub.add(fault, stdio('--fault', fault), {
      limits: { ...limits, startTimeoutMs: 10_000, callTimeoutMs: 10_000 },
    });
    const before = processInfo(hub.pid)?.rssMb ?? 0;
    await using client = await open(fault);
    for (let i = 0; i < 10; i += 1) {
      expect(JSON.stringify(await client.call('echo', { text: `n${i}` }))).toContain(`n${i}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await othersAreWell();
    expect((processInfo(hub.pid)?.rssMb ?? 0) - before).toBeLessThan(200);
    await expect.poll(() => logOf(fault)).not.toEqual([]);
    await hub.api.servers.remove.mutate({ id: fault });
  });
});

describe('what a program leaves behind', () => {
  test('is nothing, though it ignores the end of its input and SIGTERM, and has a child', async () => {
    const before = new Set(descendants(hub.pid).map(({ pid }) => pid));
    await hub.add('stubborn', stdio('--stubborn', '--family'), { limits: limits });
    const mine = descendants(hub.pid).filter(({ pid, command }) => !before.has(pid) && !command.includes('postgres'));
    expect(mine.length).toBeGreaterThanOrEqual(2);
    await hub.api.servers.remove.mutate({ id: 'stubborn' });
    function left() {
      return mine.filter(({ pid }) => processInfo(pid) !== null && processInfo(pid)?.state !== 'Z');
    }
    await expect.poll(left).toEqual([]);
  });
});
