import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
  await app.json('/api/mcp/servers', { body: { id: 'talker', type: 'stdio', command: 'uvx' } });
  for (const line of ['ERROR first', 'WARN second', 'INFO third']) await say(line);
});
afterAll(() => app.stop());

function say(line: string) {
  return app.fetch('/api/mcp/servers/talker/tools/say/call', { method: 'POST', body: { line } });
}
async function read(query = ''): Promise<Json> {
  return (await app.json(`/api/servers/talker/logs${query}`)).body.data;
}
function messages(page: Json): string[] {
  return page.logs.map(({ message }: Json) => message);
}

/** Reads server-sent events until there are enough. */
async function follow(query: string, count: number, meanwhile: () => Promise<unknown>): Promise<Json[]> {
  const abort = new AbortController();
  const response = await app.fetch(`/api/servers/talker/logs?follow=true${query}`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events: Json[] = [];
  let text = '';
  const done = (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (data) events.push({ event: /^event: (.*)$/m.exec(part)?.[1], ...JSON.parse(data) });
      }
      if (events.length >= count) return;
    }
  })();
  await sleep(100);
  await meanwhile();
  await Promise.race([done, sleep(8000)]);
  abort.abort();
  return events;
}

verifies(25, 'gives lines with time, level, source and text, oldest first', async () => {
  const page = await askUntil(
    () => read(),
    (seen) => messages(seen).some((message) => message.includes('third')),
  );
  const first = page.logs.find(({ message }: Json) => message.includes('first'));
  expect(first).toMatchObject({ level: 'error', source: 'stderr', metadata: { serverId: 'talker' } });
  expect(new Date(first.timestamp).toISOString()).toBe(first.timestamp);
  const times = page.logs.map(({ timestamp }: Json) => Date.parse(timestamp));
  expect(times).toEqual([...times].sort((left, right) => left - right));
  expect(page.pagination).toMatchObject({ limit: 100, hasMore: false });
});

verifies(25, 'level is the least severity', async () => {
  expect(messages(await read('?level=error')).join()).toMatch(/first/);
  expect(messages(await read('?level=error')).join()).not.toMatch(/second|third/);
  expect(messages(await read('?level=warn')).join()).toMatch(/first.*second/);
});

verifies(25, 'limit keeps the newest and says that there is more', async () => {
  const page = await read('?limit=1');
  expect(page.logs).toHaveLength(1);
  expect(page.pagination).toMatchObject({ limit: 1, hasMore: true });
  expect((await read('?limit=100000')).pagination.limit).toBe(1000);
});

verifies(25, 'since takes a time or how long ago', async () => {
  const all = await read();
  const third = all.logs.find(({ message }: Json) => message.includes('third'));
  expect(messages(await read(`?since=${third.timestamp}`)).join()).toMatch(/third/);
  expect((await read('?since=1h')).logs).toHaveLength(all.logs.length);
  expect((await read('?since=2100-01-01')).logs).toEqual([]);
  expect((await read('?until=2024-01-01')).logs).toEqual([]);
});

verifies(25, 'the cursor reads on where the page ended', async () => {
  const { pagination } = await read();
  await say('INFO after the cursor');
  const next = await askUntil(
    () => read(`?cursor=${pagination.newerCursor}`),
    (page) => page.logs.length > 0,
  );
  expect(messages(next)).toEqual([expect.stringContaining('after the cursor')]);
  const end = await read(`?cursor=${next.pagination.newerCursor}`);
  expect([end.logs, end.pagination]).toEqual([
    [],
    { limit: 100, total: 0, hasMore: false, nextCursor: null, newerCursor: next.pagination.newerCursor },
  ]);
});

/** Every page that `nextCursor` leads to, in the order in which they come. */
async function allPages(query: string): Promise<Json[]> {
  const pages = [await read(query)];
  for (let at = pages[0]; at.pagination.hasMore; at = pages.at(-1)) {
    pages.push(await read(`${query}&cursor=${at.pagination.nextCursor}`));
  }
  return pages;
}

verifies(25, 'pages lead back to the first line, and on to the last', async () => {
  const ids = (await read()).logs.map(({ id }: Json) => id);
  const back = (await allPages('?limit=2')).map(({ logs }) => logs.map(({ id }: Json) => id));
  expect(back.length).toBeGreaterThan(1);
  expect(back.toReversed().flat()).toEqual(ids);
  const on: string[] = [];
  for (let cursor: string | null = 'after-0'; cursor !== null;) {
    const page: Json = await read(`?limit=2&cursor=${cursor}`);
    on.push(...page.logs.map(({ id }: Json) => id));
    cursor = page.pagination.nextCursor;
  }
  expect(on).toEqual(ids);
  expect((await app.json('/api/servers/talker/logs?cursor=before-x')).body.error.details.field).toBe('cursor');
});

verifies(25, 'follow sends what is there, then each new line', async () => {
  const before = (await read()).logs.length;
  const events = await follow('', before + 1, () => say('INFO while following'));
  expect(events).toHaveLength(before + 1);
  expect(events.at(-1)).toMatchObject({ event: 'log', message: expect.stringContaining('while following') });
});

verifies(25, 'follow filters too', async () => {
  const errors = (await read('?level=error')).logs.length;
  const events = await follow('&level=error', errors + 1, async () => {
    await say('INFO not this');
    await say('ERROR but this');
  });
  expect(events.at(-1).message).toMatch(/but this/);
  expect(events.every(({ level }) => level === 'error')).toBe(true);
});

verifies(25, 'follow is what Accept allows: events, lines of JSON, or the page of the moment', async () => {
  const path = '/api/servers/talker/logs?follow=true';
  const { status, headers, body } = await app.json(path, { headers: { accept: 'application/json' } });
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/json/)]);
  expect(messages(body.data).join()).toMatch(/first/);
  const abort = new AbortController();
  const lines = await app.fetch(path, { headers: { accept: 'application/x-ndjson' }, signal: abort.signal });
  expect(lines.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  const chunk = await lines.body?.pipeThrough(new TextDecoderStream()).getReader().read();
  expect(JSON.parse(chunk?.value?.split('\n')[0] ?? '')).toEqual(body.data.logs[0]);
  abort.abort();
});

verifies(25, 'the log of a failed start stays', async () => {
  await app.json('/api/servers', { body: { name: 'broken', command: 'uvx', args: ['--fails'] } });
  const page = await askUntil(
    async () => (await app.json('/api/servers/broken/logs')).body.data,
    (seen) => messages(seen).some((message) => message.includes('no licence')),
  );
  expect(page.logs.some(({ level }: Json) => level === 'error')).toBe(true);
});

verifies(25, 'refuses words and numbers that mean nothing', async () => {
  const bad: [string, number][] = [
    ['?level=loud', 400],
    ['?limit=0', 422],
    ['?limit=x', 422],
    ['?since=recently', 422],
    ['?follow=perhaps', 400],
  ];
  for (const [query, status] of bad) {
    expect((await app.json(`/api/servers/talker/logs${query}`)).status, query).toBe(status);
  }
});
