import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '@switchboard/core/keys';
import { createServer, importConfig } from '@switchboard/core/servers';
import { makeRemoteDraft, makeTestCore } from '@switchboard/core/testing';
import { tables } from '@switchboard/db';
import { createTestApp, type TestApp } from '../support/app.ts';
import { addPerson, type Caller, callerOf, signInAs } from '../support/people.ts';

/** What one person may hold at most: counted by the person whatever it comes with, and for nobody else. */

test('API keys made at once count each other', async () => {
  await using hub = await makeTestCore({ caps: { serversPerPerson: 5, keysPerPerson: 5, runsPerPerson: 16 } });
  const [ann, bob] = [await hub.addUser('user'), await hub.addUser('user')];
  await createKey(hub.ctx(ann), { name: 'first' });
  const made = await Promise.allSettled(Array.from({ length: 20 }, () => createKey(hub.ctx(ann), { name: 'more' })));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  await expect(createKey(hub.ctx(ann), { name: 'more' })).rejects.toMatchObject({ code: 'limit_exceeded' });
  await expect(createKey(hub.ctx(bob), { name: 'first' })).resolves.toMatchObject({ name: 'first' });
});

test('servers made at once, by an import too, count each other; who may run programs is not bounded', async () => {
  await using hub = await makeTestCore({ caps: { serversPerPerson: 5, keysPerPerson: 5, runsPerPerson: 16 } });
  const [ann, bob] = [await hub.addUser('user'), await hub.addUser('user')];
  const entries = Array.from({ length: 8 }, (_, n) => [`imported-${n}`, { url: `https://example.com/${n}` }]);
  const text = JSON.stringify({ mcpServers: Object.fromEntries(entries) });
  function more(n: number) {
    return createServer(hub.ctx(ann), makeRemoteDraft({ id: `made-${n}` }));
  }
  const [imported, ...made] = await Promise.allSettled([
    importConfig(hub.ctx(ann), { text, apply: true }),
    ...Array.from({ length: 8 }, (_, n) => more(n)),
  ]);
  const applied = imported.status === 'fulfilled' ? imported.value.entries : [];
  const count = made.filter(({ status }) => status === 'fulfilled').length;
  expect(count + applied.filter(({ action }) => action === 'create').length).toBe(5);
  expect(await hub.testDb.db.$count(tables.servers)).toBe(5);
  await expect(more(9)).rejects.toMatchObject({ code: 'limit_exceeded', message: expect.stringContaining('allows 5') });
  await createServer(hub.ctx(bob), makeRemoteDraft({ id: 'of-bob' }));
  for (let n = 0; n < 7; n += 1) await createServer(hub.ctx(), makeRemoteDraft({ id: `of-admin-${n}` }));
});

describe('on a hub', () => {
  let app: TestApp;
  let ann: Caller[];
  let bob: Caller;
  const streams: AbortController[] = [];
  beforeAll(async () => {
    app = await createTestApp({ MAX_STREAMS_PER_PERSON: '3', MAX_RUNS_PER_PERSON: '3' });
    const first = await addPerson(app, 'ann');
    const { key } = await first.client().keys.create.mutate({ name: 'key' });
    ann = [first, await signInAs(app, 'ann'), callerOf(app, key)];
    bob = await addPerson(app, 'bob');
    await app.client().servers.addDemo.mutate();
    await app.client().servers.update.mutate({ id: 'demo', patch: { visibility: 'everyone' } });
  });
  afterAll(async () => {
    for (const stream of streams) stream.abort();
    await app.stop();
  });

  /** The beginning of a stream; it stays open. */
  async function open({ token }: Caller, path: string): Promise<string> {
    const controller = new AbortController();
    streams.push(controller);
    const headers = { authorization: `Bearer ${token}` };
    const response = await app.fetch(path, { auth: false, headers, signal: controller.signal });
    const { value } = (await response.body?.getReader().read()) ?? {};
    return `${response.status} ${new TextDecoder().decode(value)}`;
  }

  test('streams are counted by person, and again when one ends', async () => {
    const live = '/trpc/live.events?input={}';
    for (const caller of ann) expect(await open(caller, live)).toContain('connected');
    for (const caller of ann) expect(await open(caller, live)).toContain('TOO_MANY_REQUESTS');
    expect(await open(ann[0] ?? bob, '/api/servers/demo/logs?follow=true')).not.toMatch(/^200/);
    expect(await open(bob, live)).toContain('connected');
    streams[1]?.abort();
    await expect.poll(() => open(ann[2] ?? bob, live), { timeout: 90_000 }).toContain('connected');
  });

  test('runs that wait to be opened are counted by person', async () => {
    const run = { serverId: 'demo', method: 'tools/call', name: 'echo', arguments: {} } as const;
    function hold(caller: Caller) {
      return caller.client().playground.hold.mutate(run);
    }
    for (const caller of ann) expect(await hold(caller)).toHaveProperty('heldId');
    for (const caller of ann) await expect(hold(caller)).rejects.toThrow('wait to be opened');
    expect(await hold(bob)).toHaveProperty('heldId');
  });
});
