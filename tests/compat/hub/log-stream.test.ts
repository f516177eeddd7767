import { afterAll, beforeAll, expect } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson, type Caller } from '../../support/people.ts';
import { readEvents } from '../../support/sse.ts';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
let anna: Caller;
beforeAll(async () => {
  // What it warns of is a line of the hub's own log.
  app = await createCompatApp({ LOG_LEVEL: 'warn', SIMULATOR_DEMO: 'true' });
  anna = await addPerson(app, 'anna');
  await app.json('/api/mcp/servers', { body: { id: 'talker', type: 'stdio', command: 'uvx' } });
  for (const line of ['ERROR first', 'WARN second', 'INFO third']) await say(line);
});
afterAll(() => app.stop());

function say(line: string) {
  return app.json('/api/mcp/servers/talker/tools/say/call', { method: 'POST', body: { line } });
}
async function read(query = '', caller: Pick<CompatApp, 'json'> = app): Promise<Json> {
  return (await caller.json(`/api/monitoring/logs${query}`)).body.data;
}
function messages({ logs }: Json): string[] {
  return logs.map(({ message }: Json) => message);
}
function sourcesOf({ logs }: Json): string[] {
  return [...new Set<string>(logs.map(({ source }: Json) => source))].sort();
}
/** A call that fails, and the id of its request. */
async function failing(): Promise<string> {
  const { headers } = await app.json('/api/mcp/servers/talker/tools/dies/call', { method: 'POST' });
  return headers.get('x-request-id') ?? '';
}

verifies(42, 'gives one stream of all sources, oldest first', async () => {
  await failing();
  const page = await askUntil(
    () => read('?limit=1000'),
    (seen) => sourcesOf(seen).length === 4 && messages(seen).some((message) => message.includes('third')),
  );
  expect(sourcesOf(page)).toEqual(['audit', 'calls', 'hub', 'server']);
  const times = page.logs.map(({ timestamp }: Json) => Date.parse(timestamp));
  expect(times).toEqual(times.toSorted((left: number, right: number) => left - right));
  expect(new Set(page.logs.map(({ id }: Json) => id)).size).toBe(page.logs.length);
  expect(page.pagination).toMatchObject({ limit: 1000, total: page.logs.length, hasMore: false, nextCursor: null });
  expect(page.logs.find(({ source }: Json) => source === 'hub')).toMatchObject({
    level: 'warn',
    message: expect.stringContaining('SIMULATOR_DEMO'),
    server: null,
  });
});

verifies(42, 'level is the least severity, source and server choose', async () => {
  expect(messages(await read('?level=error&source=server')).join()).toMatch(/first/);
  expect(messages(await read('?level=ERROR&source=server')).join()).not.toMatch(/second|third/);
  expect(messages(await read('?level=warning&source=server')).join()).toMatch(/first.*second/);
  expect(sourcesOf(await read('?source=server,audit&limit=1000'))).toEqual(['audit', 'server']);
  const ofServer = await read('?server=talker&limit=1000');
  expect(ofServer.logs.every(({ server }: Json) => server === 'talker')).toBe(true);
  expect(sourcesOf(ofServer)).toEqual(['audit', 'calls', 'server']);
  expect(await read('?server=nothing-here')).toMatchObject({ logs: [], pagination: { total: 0 } });
});

verifies(42, 'search is a part of the message, and no pattern', async () => {
  expect(messages(await read('?search=SECOND&source=server'))).toEqual([expect.stringContaining('second')]);
  expect(messages(await read('?search=.*'))).toEqual([]);
  expect(messages(await read(`?search=${encodeURIComponent('%')}`))).toEqual([]);
});

verifies(42, 'since and until take a time or how long ago', async () => {
  const third = (await read('?search=third&source=server')).logs[0];
  expect(messages(await read(`?source=server&until=${third.timestamp}`)).join()).not.toMatch(/third/);
  expect(messages(await read(`?source=server&since=${third.timestamp}`)).join()).toMatch(/third/);
  expect((await read('?since=1h')).logs.length).toBeGreaterThan(0);
  expect((await read('?until=1h')).logs).toEqual([]);
});

verifies(42, 'is read back page by page, without a gap or a double', async () => {
  const until = new Date().toISOString();
  const whole = await read(`?limit=1000&until=${until}`);
  for (const limit of [1, 3, 7]) {
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Json = await read(`?limit=${limit}&until=${until}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.logs.length).toBeLessThanOrEqual(limit);
      expect(page.pagination.hasMore).toBe(page.pagination.nextCursor !== null);
      found.unshift(...page.logs.map(({ id }: Json) => id));
      cursor = page.pagination.nextCursor;
    }
    expect(found).toEqual(whole.logs.map(({ id }: Json) => id));
  }
  expect((await read('?limit=100000')).pagination.limit).toBe(1000);
});

verifies(42, 'a request leads from its failed call to what the server wrote then', async () => {
  const requestId = await failing();
  const page = await askUntil(
    () => read(`?requestId=${requestId}&since=10m`),
    (seen) => sourcesOf(seen).includes('calls') && sourcesOf(seen).includes('server'),
  );
  expect(page.logs.filter(({ source }: Json) => source === 'calls')).toMatchObject([{ requestId, server: 'talker' }]);
  expect((await read('?requestId=nothing-like-it')).logs).toEqual([]);
  const change = await app.json('/api/groups', { body: { name: 'traced' } });
  const changed = await read(`?requestId=${change.headers.get('x-request-id')}`);
  expect(changed.logs).toMatchObject([{ source: 'audit', metadata: { action: 'group.create' } }]);
});

verifies(42, 'everybody finds what is theirs to read and nothing else', async () => {
  await anna.json('/api/auth/me');
  await anna.json('/api/servers/talker');
  const { body } = await anna.json('/api/servers', {
    body: { name: 'hers', type: 'streamable-http', url: 'https://example.com/mcp' },
  });
  const { id } = body.data;
  const page = await read('?limit=1000', anna);
  expect(page.logs.length).toBeGreaterThan(0);
  for (const record of page.logs) {
    expect(record.source === 'audit' ? record.metadata.user : record.server).toBe(
      record.source === 'audit' ? 'anna' : id,
    );
  }
  const hub = await anna.json('/api/monitoring/logs?source=hub');
  expect(hub.status).toBe(403);
  expect(hub.body.error).toMatchObject({ code: 'AUTHORIZATION_FAILED' });
  expect((await app.json('/api/monitoring/logs', { auth: false })).status).toBe(401);
});

verifies(42, 'unknown words, times and cursors are refused', async () => {
  for (const query of ['level=odd', 'source=odd', 'source=hub,odd', 'since=yesterday', 'until=99-99', 'cursor=odd']) {
    const { status, body } = await app.json(`/api/monitoring/logs?${query}`);
    expect([query, status, body.error.code]).toEqual([query, 422, 'VALIDATION_ERROR']);
  }
  for (const cursor of ['1_hub', '1_audit_x', 'x_hub_1', '1_odd_1', '9'.repeat(500)]) {
    const { status } = await app.json(`/api/monitoring/logs?cursor=${cursor}`);
    expect([cursor, status]).toEqual([cursor, cursor === '1_hub' ? 200 : 422]);
  }
  expect((await app.json('/api/monitoring/logs?limit=0')).status).toBe(422);
  expect((await app.json(`/api/monitoring/logs?search=${'x'.repeat(300)}`)).status).toBe(422);
});

verifies(42, 'follow tells what comes, of all sources, with their filters', async () => {
  const seen: Json[] = [];
  for await (const { event, id, data } of readEvents(app, '/api/monitoring/logs?follow=true&level=warn&since=1h')) {
    expect(event).toBe('log');
    expect(id).toBe(data.id);
    if (seen.length === 0) {
      // The program died of the calls before, and may still be on its way back.
      await askUntil(
        () => say('WARN fourth'),
        ({ status }) => status === 200,
      );
      await say('INFO quiet');
      await failing();
    }
    seen.push(data);
    const isFourth = seen.some(({ message }) => message.includes('fourth'));
    if (isFourth && seen.filter(({ source }) => source === 'calls').length >= 3) break;
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  expect(seen.every(({ level }) => level === 'warn' || level === 'error')).toBe(true);
});

verifies(42, 'follow writes lines where no events are taken, and a page where neither is', async () => {
  const abort = new AbortController();
  const lines = await app.fetch('/api/monitoring/logs?follow=true&limit=1', {
    headers: { accept: 'application/x-ndjson' },
    signal: abort.signal,
  });
  expect(lines.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  for await (const chunk of lines.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    expect(JSON.parse(chunk.split('\n')[0] ?? '')).toMatchObject({ id: expect.any(String) });
    break;
  }
  abort.abort();
  const page = await app.fetch('/api/monitoring/logs?follow=true', { headers: { accept: 'application/json' } });
  expect(await page.json()).toMatchObject({ success: true });
  expect((await anna.json('/api/monitoring/logs?follow=true&source=hub')).status).toBe(403);
});
