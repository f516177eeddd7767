import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { modernHeaders, modernRequest, openSession, post, type RawAnswer } from '../support/mcp/raw.ts';
import { until } from '../support/until.ts';

/** A hub that is told to stop while it works: nobody's call is broken off without an answer. */

/** A server of one tool, which answers once a file is there: never, where none is named. */
const slowServer = `
  const { existsSync } = require('node:fs');
  const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  const tools = [{ name: 'wait', inputSchema: { type: 'object', properties: { file: { type: 'string' } } } }];
  const content = [{ type: 'text', text: 'waited' }];
  const waiting = new Map();
  setInterval(() => {
    for (const [id, file] of waiting) if (existsSync(file) && waiting.delete(id)) say({ id, result: { content } });
  }, 20);
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    if (method === 'initialize') {
      const serverInfo = { name: 'slow', version: '1' };
      say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } });
    } else if (method === 'tools/list') say({ id, result: { tools } });
    else if (method === 'tools/call') waiting.set(id, params.arguments.file ?? '');
    else say({ id, result: {} });
  }).on('close', () => process.exit());`;

interface SlowHub extends AsyncDisposable {
  hub: HubProcess;
  /** Calls that name this file wait until `release`. */
  file: string;
  release(): void;
  session: Awaited<ReturnType<typeof openSession>>;
  /** A call of the session, of a stateless client, and over REST. */
  call(id: number, file?: string): Promise<RawAnswer>;
  callModern(id: number, file?: string): Promise<RawAnswer>;
  callRest(file?: string): Promise<{ status: number; body: unknown }>;
  /** Waits until so many calls are with the server. */
  untilInFlight(count: number): Promise<void>;
  ready(): Promise<number>;
}

async function startSlowHub(env: Record<string, string>): Promise<SlowHub> {
  const hub = await startHub({ env });
  const directory = mkdtempSync(path.join(tmpdir(), 'drain-'));
  chmodSync(directory, 0o755);
  const file = path.join(directory, 'go');
  await hub.add('slow', { kind: 'stdio', command: 'node', args: ['-e', slowServer] }, { isolation: 'shared' });
  const session = await openSession(hub.url('slow'), { headers: hub.headers });
  function callOf(named?: string) {
    return { name: 'wait', arguments: named === undefined ? {} : { file: named } };
  }
  return {
    hub,
    file,
    session,
    release: () => writeFileSync(file, ''),
    call: (id, named) => session.send({ jsonrpc: '2.0', id, method: 'tools/call', params: callOf(named) }),
    callModern(id, named) {
      const body = modernRequest(id, 'tools/call', callOf(named));
      return post(hub.url('slow'), body, { headers: { ...hub.headers, ...modernHeaders(body) } });
    },
    async callRest(named) {
      const response = await fetch(`${hub.origin}/api/mcp/tools/call`, {
        method: 'POST',
        headers: { ...hub.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ toolName: 'slow/wait', arguments: callOf(named).arguments }),
      });
      return { status: response.status, body: await response.json() };
    },
    async untilInFlight(count) {
      async function inFlight() {
        return (await hub.api.servers.get.query({ id: 'slow' })).status.inFlight;
      }
      await until(async () => (await inFlight()) === count, `${count} calls are with the server`, 90_000);
    },
    ready: async () => (await fetch(`${hub.origin}/ready`)).status,
    async [Symbol.asyncDispose]() {
      await hub[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const stopping = { code: -32000, message: 'The hub is stopping; call again' };
function idsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe('SIGTERM', () => {
  test('lets calls finish, and answers those that outlast the drain with an error', async () => {
    await using slow = await startSlowHub({ DRAIN_TIMEOUT: '6s' });
    const { hub, file, call, callModern, callRest } = slow;
    const short = [
      ...idsFrom(100, 14).map((id) => call(id, file)),
      ...idsFrom(200, 8).map((id) => callModern(id, file)),
    ];
    const long = [...idsFrom(300, 6).map((id) => call(id)), ...idsFrom(400, 5).map((id) => callModern(id))];
    const rest = [callRest(file), callRest()] as const;
    const live = await fetch(hub.url('slow'), {
      headers: { ...hub.headers, accept: 'text/event-stream', 'mcp-session-id': slow.session.id ?? '' },
    });
    await slow.untilInFlight(35);

    const ended = hub.end('SIGTERM');
    await until(async () => (await slow.ready()) === 503, '/ready says that the hub stops');
    slow.release();
    for (const { status, messages } of await Promise.all(short)) {
      expect(status).toBe(200);
      expect(messages.at(-1)).toMatchObject({ result: { content: [{ text: 'waited' }] } });
    }
    expect(await rest[0]).toMatchObject({ status: 200, body: { data: { content: 'waited' } } });

    const outlasted = await Promise.all(long);
    const answers = outlasted.map(({ messages }) => messages.at(-1));
    expect(answers.map((answer) => answer?.['id'])).toEqual([...idsFrom(300, 6), ...idsFrom(400, 5)]);
    expect(answers.map((answer) => answer?.['error'])).toEqual(answers.map(() => stopping));
    expect(await rest[1]).toMatchObject({
      status: 503,
      body: { success: false, error: { message: 'The hub is stopping; call again.' } },
    });
    // It ends as a stream does, not as a broken connection.
    await live.text();
    expect(await ended).toBe(0);
  });

  test('is what an admin asks for over HTTP: the call under way is answered, and the program ends with 0', async () => {
    await using slow = await startSlowHub({ ALLOW_SHUTDOWN: 'true', DRAIN_DELAY: '1s', DRAIN_TIMEOUT: '30s' });
    const { hub } = slow;
    const held = slow.call(1, slow.file);
    await slow.untilInFlight(1);
    function ask() {
      return fetch(`${hub.origin}/system/shutdown`, { method: 'POST', headers: hub.headers });
    }
    const asked = await ask();
    expect([asked.status, await asked.json()]).toMatchObject([200, { status: 'success', active_sessions: 0 }]);
    // Later than a signal that a terminal sends twice.
    await sleep(600);
    expect((await ask()).status).toBe(200);
    await until(async () => (await slow.ready()) === 503, '/ready says that the hub stops');
    slow.release();
    expect((await held).messages.at(-1)).toMatchObject({ result: { content: [{ text: 'waited' }] } });
    expect(await hub.ended()).toBe(0);
  });

  test('tells /ready at once, takes requests for the delay, and then refuses them in their own shape', async () => {
    await using slow = await startSlowHub({ DRAIN_DELAY: '4s', DRAIN_TIMEOUT: '30s' });
    const { hub, session } = slow;
    const held = slow.call(1, slow.file);
    await slow.untilInFlight(1);
    const ended = hub.end('SIGTERM');
    await until(async () => (await slow.ready()) === 503, '/ready says that the hub stops');
    const during = await session.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    expect(during.status).toBe(200);
    expect(during.headers.get('connection')).toBe('close');

    function list(id: number) {
      return session.send({ jsonrpc: '2.0', id, method: 'tools/list' });
    }
    await until(async () => (await list(3)).status === 503, 'requests are refused');
    expect((await list(4)).messages).toEqual([{ jsonrpc: '2.0', id: 4, error: stopping }]);
    const modern = await slow.callModern(5);
    expect(modern).toMatchObject({ status: 503, messages: [{ id: 5, error: stopping }] });
    expect((await fetch(hub.sseUrl('slow'), { headers: hub.headers })).status).toBe(503);
    const refused = await fetch(`${hub.origin}/api/servers`, { headers: hub.headers });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused.json()).toMatchObject({ success: false, error: { code: 'SERVER_ERROR' } });
    expect(await slow.ready()).toBe(503);
    expect((await fetch(`${hub.origin}/health`)).status).toBe(200);
    // What a call under way needs still gets in.
    const notified = await session.send({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    expect(notified.status).toBe(202);
    slow.release();
    expect((await held).messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: 'waited' }] } });
    expect(await ended).toBe(0);
  });

  test('answers calls over HTTP+SSE on their stream', async () => {
    await using slow = await startSlowHub({ DRAIN_TIMEOUT: '1s' });
    const { hub } = slow;
    const stream = await fetch(hub.sseUrl('slow'), { headers: hub.headers });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    async function readTo(part: string): Promise<void> {
      while (!text.includes(part)) {
        const read = await reader?.read();
        if (read?.done !== false) throw new Error(`The stream ended before ${part}: ${text}`);
        text += read.value;
      }
    }
    await readTo('sessionId=');
    const target = /data: (\S+)/.exec(text)?.[1] ?? '';
    function send(message: object) {
      return post(new URL(target, hub.origin).href, message, { headers: hub.headers });
    }
    const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
    await send({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
    await readTo('serverInfo');
    await send({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'wait', arguments: {} } });
    await slow.untilInFlight(1);
    const ended = hub.end('SIGTERM');
    await readTo(JSON.stringify({ jsonrpc: '2.0', id: 7, error: stopping }));
    expect((await reader?.read())?.done).toBe(true);
    expect(await ended).toBe(0);
  });

  test('twice ends the hub at once', async () => {
    await using slow = await startSlowHub({ DRAIN_TIMEOUT: '10m' });
    const held = slow.call(1).catch((error: unknown) => error);
    await slow.untilInFlight(1);
    const ended = slow.hub.end('SIGTERM');
    await until(async () => (await slow.ready()) === 503, '/ready says that the hub stops');
    await sleep(1_000);
    void slow.hub.end('SIGTERM');
    expect(await ended).toBe(1);
    expect(await held).toBeInstanceOf(Error);
  });
});
