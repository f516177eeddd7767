import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDb, type EmbeddedPostgres, startEmbedded } from '@switchboard/db';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import type { TestClient } from '../support/mcp/test-client.ts';
import { upstreamPrograms } from '../support/mcp/upstreams.ts';
import { until } from '../support/until.ts';

/** The database dies under a hub that works: calls go on, everything else says so, and it comes back by itself. */

const patienceMs = 60_000;
/** Answers that must not wait for the database; several times what a quiet machine needs for the two seconds promised. */
const answerMs = 10_000;

function postmasterOf(hub: HubProcess): number {
  return (JSON.parse(readFileSync(path.join(hub.dataDir, 'pg/running.json'), 'utf8')) as { pid: number }).pid;
}

interface Reply {
  status: number;
  body: Record<string, unknown>;
}

async function ask(hub: HubProcess, pathname: string, init: RequestInit = {}): Promise<Reply> {
  const signal = AbortSignal.timeout(answerMs);
  const answer = await fetch(hub.origin + pathname, { ...init, signal });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function ready(hub: HubProcess) {
  return ask(hub, '/ready');
}
function untilReady(hub: HubProcess) {
  return until(async () => (await ready(hub)).status === 200, 'the database is back', patienceMs);
}
function untilAway(hub: HubProcess) {
  return until(async () => (await ready(hub)).status === 503, 'the database is noticed to be away', patienceMs);
}

function linesOf(hub: HubProcess, text: string): string[] {
  return hub
    .output()
    .split('\n')
    .filter((line) => line.includes(text));
}

async function figure(hub: HubProcess, name: string): Promise<number> {
  const text = await (await fetch(`${hub.origin}/metrics`, { headers: hub.headers })).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Calls until it is ended, at the end of its scope at the latest; tells how many were answered, and what went wrong. */
function keepCalling(client: TestClient) {
  const failures: string[] = [];
  const over = new AbortController();
  let calls = 0;
  const running = (async () => {
    while (!over.signal.aborted) {
      await client.call('echo', { text: 'x' }).then(
        () => void (calls += 1),
        (error: Error) => void failures.push(error.message),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  async function end(): Promise<void> {
    over.abort();
    await running;
  }
  return {
    failures,
    get calls() {
      return calls;
    },
    end,
    [Symbol.asyncDispose]: end,
  };
}

/** Calls of the tool `echo` in the history. */
async function countCalls(hub: HubProcess): Promise<number> {
  let count = 0;
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await hub.api.calls.list.query({ limit: 200, tool: 'echo', ...(cursor && { cursor }) });
    count += page.items.length;
    cursor = page.nextCursor;
  }
  return count;
}

const json = { 'content-type': 'application/json' };
function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  };
}
const credentials = { username: 'admin', password: 'not this one' };
const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
};

/** Everybody who needs the database is told so, each in the shape of the way in. */
async function everyWaySaysSo(hub: HubProcess): Promise<void> {
  const { headers } = hub;
  const reply = await ready(hub);
  expect(reply.status).toBe(503);
  expect(reply.body).toMatchObject({ ready: false, reason: expect.stringMatching(/database is away/) });
  const away = expect.stringMatching(/database is away/);
  expect(await ask(hub, '/api/servers', { headers })).toMatchObject({
    status: 503,
    body: { success: false, error: { code: 'SERVER_ERROR', message: away } },
  });
  expect(await ask(hub, '/api/auth/login', post(credentials))).toMatchObject({
    status: 503,
    body: { success: false, error: { code: 'SERVER_ERROR' } },
  });
  const form = new URLSearchParams(credentials);
  expect(await ask(hub, '/api/auth/token', { method: 'POST', body: form })).toMatchObject({
    status: 503,
    body: { detail: away },
  });
  expect(await ask(hub, '/api/mcp/servers', { headers })).toMatchObject({
    status: 500,
    body: { success: false, error: { message: away } },
  });
  expect(await ask(hub, '/trpc/servers.list?input=%7B%7D', { headers })).toMatchObject({
    status: 503,
    body: { error: { message: away, data: { code: 'SERVICE_UNAVAILABLE' } } },
  });
  expect(await ask(hub, '/trpc/auth.login', post(credentials, { origin: hub.origin }))).toMatchObject({
    status: 503,
    body: { error: { data: { code: 'SERVICE_UNAVAILABLE' } } },
  });
  const stranger = { authorization: `Bearer sbk_${'x'.repeat(51)}`, accept: 'application/json, text/event-stream' };
  expect(await ask(hub, '/mcp', post(hello, stranger))).toMatchObject({
    status: 503,
    body: { jsonrpc: '2.0', error: { message: away } },
  });
  expect(await ask(hub, '/trpc/auth.me', { headers: stranger })).toMatchObject({
    status: 503,
    body: { error: { data: { code: 'SERVICE_UNAVAILABLE' } } },
  });
  expect((await ask(hub, '/health')).status).toBe(200);
  expect(await figure(hub, 'switchboard_database_up')).toBe(0);
}

describe('the built-in PostgreSQL, killed under calls', () => {
  test('is started again; calls go on, and what they leave is in the history', async () => {
    await using hub = await startHub({ env: { LOG_LEVEL: 'info' } });
    await using upstream = await upstreamPrograms['v1-http']('alpha');
    await hub.add('alpha', upstream);
    await using client = await connect('v1-streamable', hub.url('alpha'), { headers: hub.headers, capabilities: {} });
    await using calling = keepCalling(client);
    await until(() => calling.calls > 20, 'calls are answered');
    const first = postmasterOf(hub);
    process.kill(first, 'SIGKILL');
    await until(() => postmasterOf(hub) !== first, 'another PostgreSQL is started', patienceMs);
    await untilReady(hub);
    const before = calling.calls;
    await until(() => calling.calls > before + 20, 'calls are still answered');
    await calling.end();
    expect(calling.failures).toEqual([]);
    expect(linesOf(hub, 'The database is away')).toHaveLength(1);
    expect(linesOf(hub, 'The database is back')).toHaveLength(1);
    expect(hub.output()).not.toMatch(/A request failed|A procedure failed|were lost/);
    expect(await figure(hub, 'switchboard_call_records_lost_total')).toBe(0);
    expect(await figure(hub, 'switchboard_database_up')).toBe(1);
    expect(await countCalls(hub)).toBe(calling.calls);
  });

  test('is given up, loudly, where it ends again and again; calls go on even so', async () => {
    await using hub = await startHub();
    await using upstream = await upstreamPrograms['v1-http']('alpha');
    await hub.add('alpha', upstream);
    await using client = await connect('v1-streamable', hub.url('alpha'), { headers: hub.headers, capabilities: {} });
    await client.call('echo', { text: 'x' });
    for (let kill = 0; kill < 5; kill += 1) {
      const pid = postmasterOf(hub);
      process.kill(pid, 'SIGKILL');
      await until(() => postmasterOf(hub) !== pid, `a new start after kill ${kill + 1}`, patienceMs);
      await untilReady(hub);
    }
    process.kill(postmasterOf(hub), 'SIGKILL');
    await until(() => linesOf(hub, 'is not started any more').length > 0, 'it is given up', patienceMs);
    await untilAway(hub);
    await everyWaySaysSo(hub);
    await client.call('echo', { text: 'x' });
    await using late = await connect('v1-streamable', hub.url('alpha'), { headers: hub.headers, capabilities: {} });
    await late.call('echo', { text: 'x' });
    expect((await ready(hub)).body['reason']).toMatch(/is not started any more/);
    expect(hub.output()).not.toMatch(/A request failed|A procedure failed/);
    expect(await hub.end('SIGTERM')).toBe(0);
  });
});

const isRoot = process.getuid?.() === 0;

/** A data directory on a disk of its own, which can be filled and emptied. */
function smallDisk(size: string) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'switchboard-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'tmpfs', dataDir]);
  const filler = path.join(dataDir, 'filler');
  return {
    dataDir,
    /** Writes until nothing fits any more; PostgreSQL may free some, so it is called again. */
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (const chunk of [Buffer.alloc(1 << 20), Buffer.alloc(4096)]) {
          try {
            for (;;) writeSync(file, chunk);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          }
        }
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler),
    [Symbol.dispose]() {
      execFileSync('umount', ['--lazy', dataDir]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const whyNot = isRoot ? '' : ' (skipped: only root can mount a small disk)';

test.skipIf(!isRoot)(`a full disk loses no record of a call${whyNot}`, async () => {
  using disk = smallDisk('200m');
  await using hub = await startHub({ dataDir: disk.dataDir, env: { LOG_LEVEL: 'info' } });
  await using upstream = await upstreamPrograms['v1-http']('alpha');
  await hub.add('alpha', upstream);
  await using client = await connect('v1-streamable', hub.url('alpha'), { headers: hub.headers, capabilities: {} });
  await using calling = keepCalling(client);
  await until(() => calling.calls > 20, 'calls are answered');
  disk.fill();
  const before = calling.calls;
  await until(
    () => {
      disk.fill();
      return linesOf(hub, 'cannot be written').length > 0;
    },
    'the hub notices that records cannot be written',
    patienceMs,
  );
  await until(() => calling.calls > before + 50, 'calls go on');
  disk.empty();
  await untilReady(hub);
  await calling.end();
  expect(calling.failures).toEqual([]);
  await until(async () => (await countCalls(hub)) === calling.calls, 'every call is in the history', patienceMs);
  expect(await figure(hub, 'switchboard_call_records_lost_total')).toBe(0);
});

/** A PostgreSQL on a port of its own, for a hub that is given its URL. */
async function startYours() {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'switchboard-yours-'));
  function start() {
    return startEmbedded({ dataDir, settings: { fsync: 'off' } });
  }
  let postgres: EmbeddedPostgres | null = await start();
  const { address } = postgres;
  if (!('socketDir' in address)) throw new Error('The database must be on a socket.');
  const socket = `${address.socketDir}/.s.PGSQL.${address.port}`;
  const open = new Set<Socket>();
  const relay = createServer((near) => {
    const far = connectTo(socket);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  function listen(port: number) {
    return new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
  }
  await listen(0);
  const { port } = relay.address() as AddressInfo;
  async function stop(): Promise<void> {
    relay.close();
    await postgres?.stop();
    postgres = null;
    for (const each of open) each.destroy();
  }
  return {
    url: `postgres://${address.user}@127.0.0.1:${port}/${address.database}`,
    address,
    stop,
    async start() {
      postgres = await start();
      await listen(port);
    },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

test('a PostgreSQL of yours may be stopped and started: the hub waits for it, and hears others again', async () => {
  await using yours = await startYours();
  await using hub = await startHub({ env: { DATABASE_URL: yours.url, LOG_LEVEL: 'info' } });
  await using upstream = await upstreamPrograms['v1-http']('alpha');
  await hub.add('alpha', upstream);
  await using client = await connect('v1-streamable', hub.url('alpha'), { headers: hub.headers, capabilities: {} });
  await using calling = keepCalling(client);
  await until(() => calling.calls > 20, 'calls are answered');
  await yours.stop();
  await untilAway(hub);
  await everyWaySaysSo(hub);
  const before = calling.calls;
  await until(() => calling.calls > before + 20, 'calls are still answered');
  await yours.start();
  await untilReady(hub);
  await calling.end();
  expect(calling.failures).toEqual([]);
  expect(await ask(hub, '/api/servers', { headers: hub.headers })).toMatchObject({ status: 200 });
  expect(linesOf(hub, 'The database is away')).toHaveLength(1);
  expect(linesOf(hub, 'The database is back')).toHaveLength(1);
  expect(hub.output()).not.toMatch(/A request failed|A procedure failed|were lost|could not be shared/);
  expect(await figure(hub, 'switchboard_call_records_lost_total')).toBe(0);
  const looking = createDb(yours.address, { max: 1 });
  function listeners() {
    return looking.sql`select 1 from pg_stat_activity where query ilike 'listen%'`;
  }
  await until(async () => (await listeners()).length > 0, 'the hub hears other hubs again');
  await looking.close();
});
