import { fileURLToPath } from 'node:url';
import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appRouter } from '@switchboard/api';
import { createClient } from '@switchboard/api/client';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { scriptedProgram } from '../support/mcp/scripted-program.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.client().servers.addDemo.mutate();
  await app.json('/api/servers/demo/restart', { method: 'POST' });
});
afterAll(() => app.stop());

async function failure(call: Promise<unknown>): Promise<Json> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TRPCClientError) return { ...error.data, message: error.message };
  }
  throw new Error('The call did not fail as expected.');
}

describe('procedures', () => {
  const open = new Set(['auth.me', 'auth.login', 'auth.register']);
  const procedures = Object.entries<Json>(appRouter._def.procedures as never);

  test.each(procedures.map(([name, procedure]) => [name, procedure._def.type]))(
    '%s asks who calls',
    async (name, type) => {
      const init = type === 'mutation' ? { method: 'POST', body: {} } : {};
      const response = await app.fetch(`/trpc/${name}`, { ...init, auth: false });
      const answer = await response.text();
      if (open.has(name)) expect(answer).not.toContain('UNAUTHORIZED');
      else expect(answer).toContain('UNAUTHORIZED');
    },
  );

  test('a form gets its errors by field', async () => {
    const data = await failure(app.client().servers.create.mutate({ name: '', kind: 'stdio' }));
    expect(data).toMatchObject({ code: 'BAD_REQUEST', requestId: expect.any(String) });
    expect(data.fields.map(({ field }: Json) => field)).toEqual(expect.arrayContaining(['name', 'command']));
  });

  test('a server has a link to its documentation, which the documented APIs do not tell', async () => {
    const docsUrl = 'https://example.com/docs';
    const draft = { id: 'documented', kind: 'streamable-http', url: 'http://127.0.0.1:9/mcp', docsUrl } as const;
    expect(await app.client().servers.create.mutate(draft)).toMatchObject({ docsUrl });
    const { items } = await app.client().servers.list.query({ search: 'documented' });
    expect(items).toMatchObject([{ id: 'documented', docsUrl }]);
    const refused = app.client().servers.update.mutate({ id: 'documented', patch: { docsUrl: 'javascript:alert(1)' } });
    expect(await failure(refused)).toMatchObject({ code: 'BAD_REQUEST', fields: [{ field: 'patch.docsUrl' }] });
    const documented = await app.json('/api/servers/documented');
    expect(documented.body.data).not.toHaveProperty('docsUrl');
    await app.json('/api/servers/documented', { method: 'PUT', body: { ...documented.body.data, docsUrl: null } });
    expect(await app.client().servers.get.query({ id: 'documented' })).toMatchObject({ docsUrl });
    await app.client().servers.remove.mutate({ id: 'documented' });
  });

  test('a domain error keeps its reason and its words', async () => {
    const data = await failure(app.client().servers.get.query({ id: 'ghost' }));
    expect(data).toMatchObject({ code: 'NOT_FOUND', reason: 'not_found', message: expect.stringContaining('ghost') });
  });

  test('a refusal carries its reason, of a field too, and the text of it', async () => {
    const absent = await failure(app.client().users.get.query({ id: 'nobody' }));
    const why = { code: 'noUser', params: { id: 'nobody' }, text: "User 'nobody' does not exist." };
    expect([absent.reason, absent.why, absent.message]).toEqual(['not_found', why, why.text]);
    const name = 'same-as-the-password';
    const draft = { username: name, password: name, role: 'user' } as const;
    const odd = await failure(app.client().users.create.mutate(draft));
    const field = { code: 'passwordIsName', params: {}, text: 'must not be the user name' };
    expect(odd.fields).toEqual([{ field: 'password', message: field.text, why: field }]);
    expect(odd.why).toMatchObject({ code: 'inField', params: { field: 'password', reason: field } });
    const unread = await failure(app.client().users.get.query({ id: 1 as never }));
    expect([unread.why, unread.fields[0].why]).toEqual([null, null]);
  });

  test('several calls travel in one request', async () => {
    const client = app.client();
    const [list, info, me] = await Promise.all([
      client.servers.list.query({}),
      client.system.info.query(),
      client.auth.me.query(),
    ]);
    expect(list.items.map(({ id }) => id)).toContain('demo');
    expect(info).toMatchObject({ authMode: 'required', database: expect.any(String) });
    expect(me.user).toMatchObject({ username: 'admin', role: 'admin' });
  });

  test('a key is shown once and works until it is revoked', async () => {
    const client = app.client();
    const { key, id } = await client.keys.create.mutate({ name: 'test' });
    const withKey = createClient(app.url, { apiKey: key });
    expect((await withKey.servers.list.query({})).total).toBe(1);
    expect(JSON.stringify(await client.keys.list.query())).not.toContain(key);
    await client.keys.revoke.mutate({ id });
    expect(await failure(withKey.servers.list.query({}))).toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

/** Collects what a subscription says until `done`, or fails after a while. */
function collect<Event>(
  subscribe: (handlers: { onData(event: Event): void; onError(error: unknown): void; onStarted(): void }) => {
    unsubscribe(): void;
  },
  options: { done(events: Event[]): boolean; started?: () => void },
): Promise<Event[]> {
  return new Promise((resolve, reject) => {
    const events: Event[] = [];
    const timer = setTimeout(() => finish(new Error(`Not in time: ${JSON.stringify(events)}`)), 10_000);
    const subscription = subscribe({
      onStarted: () => options.started?.(),
      onError: (error) => finish(error),
      onData(event) {
        events.push(event);
        if (options.done(events)) finish(null);
      },
    });
    function finish(error: unknown): void {
      clearTimeout(timer);
      subscription.unsubscribe();
      if (error) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve(events);
    }
  });
}

describe('live events', () => {
  test('tell states, changes, asked-for logs and calls', async () => {
    const client = app.client();
    const noisy = ['-e', 'process.stderr.write("WARN mind the gap\\n"); process.stdin.resume()'];
    async function act() {
      await client.servers.create.mutate({ name: 'noisy', kind: 'stdio', command: 'node', args: noisy });
      await app.json('/api/mcp/servers/demo/tools/echo/call', { body: { message: 'hello' } });
      await app.json('/api/servers/demo/restart', { method: 'POST' });
      await client.servers.update.mutate({ id: 'demo', patch: { description: 'Changed' } });
    }
    const wanted = ['server.status', 'changed', 'call', 'log'];
    const events = await collect<Json>((on) => client.live.events.subscribe({ logs: ['noisy'], calls: true }, on), {
      done: (seen) =>
        wanted.every((type) => seen.some((event) => event.type === type)) &&
        seen.some((event) => event.line?.message.includes('mind the gap')),
      started: () => setTimeout(() => void act(), 200),
    });
    const call = events.find(({ type }) => type === 'call');
    expect(call.record).toMatchObject({ serverId: 'demo', name: 'echo', outcome: 'ok', via: 'rest' });
    await client.servers.remove.mutate({ id: 'noisy' });
  });
});

describe('playground', () => {
  test('lists what a server offers only to clients that can be asked', async () => {
    const client = app.client();
    const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
    const args = [program];
    await client.servers.create.mutate({ id: 'everything', kind: 'stdio', command: process.execPath, args });
    await client.servers.start.mutate({ id: 'everything', wait: true });
    const known = (await client.servers.items.query({ id: 'everything' })).tools.map(({ name }) => name);
    const offered = await client.playground.tools.query({ serverId: 'everything' });
    expect(offered.map(({ name }) => name)).toEqual(expect.arrayContaining([...known, 'trigger-elicitation-request']));
    expect(known).not.toContain('trigger-elicitation-request');
    expect(offered.find(({ name }) => name === 'trigger-elicitation-request')).toMatchObject({
      type: 'tool',
      enabled: true,
      definition: { inputSchema: { type: 'object' } },
    });
    await client.servers.remove.mutate({ id: 'everything' });
  });

  test('runs a tool and gives its result', async () => {
    const input = { serverId: 'demo', method: 'tools/call', name: 'echo', arguments: { message: 'hi' } } as const;
    const events = await collect<Json>((on) => app.client().playground.run.subscribe(input, on), {
      done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error'),
    });
    expect(events.map(({ type }) => type)).toEqual(['started', 'result']);
    expect(events.at(-1).result.content).toEqual([{ type: 'text', text: 'hi' }]);
  });

  test('runs what is too large for an address once it is held, once and only for who held it', async () => {
    const client = app.client();
    const message = 'x'.repeat(200_000);
    const { heldId } = await client.playground.hold.mutate({
      serverId: 'demo',
      method: 'tools/call',
      name: 'echo',
      arguments: { message },
    });
    function open(by: typeof client) {
      return collect<Json>((on) => by.playground.run.subscribe({ heldId }, on), {
        done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error'),
      });
    }
    const { key } = await client.keys.create.mutate({ name: 'another' });
    await expect(open(createClient(app.url, { apiKey: key }))).rejects.toThrow('Nothing is held under this id');
    const events = await open(client);
    expect(events.at(-1).result.content[0].text).toBe(message);
    await expect(open(client)).rejects.toThrow('Nothing is held under this id');
  });

  test('passes progress on', async () => {
    const input = {
      serverId: 'demo',
      method: 'tools/call',
      name: 'count_down',
      arguments: { steps: 3, pauseMs: 20 },
    } as const;
    const events = await collect<Json>((on) => app.client().playground.run.subscribe(input, on), {
      done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error'),
    });
    const progress = events.filter(({ method }) => method === 'notifications/progress');
    expect(progress.map(({ params }) => params.progress)).toEqual([1, 2, 3]);
  });

  test('puts a question of the server to the page', async () => {
    const client = app.client();
    const input = { serverId: 'demo', method: 'tools/call', name: 'book_table', arguments: {} } as const;
    let runId = '';
    const events = await collect<Json>(
      (on) =>
        client.playground.run.subscribe(input, {
          ...on,
          onData(event: Json) {
            if (event.type === 'started') runId = event.runId;
            if (event.type === 'ask') {
              const result = { action: 'accept', content: { guests: 4, day: '2030-01-01', window: true } };
              void client.playground.answer.mutate({ runId, askId: event.askId, result });
            }
            on.onData(event);
          },
        }),
      { done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error') },
    );
    expect(events.find(({ type }) => type === 'ask')).toMatchObject({ method: 'elicitation/create' });
    expect(events.at(-1).result.content[0].text).toBe('A table for 4 at the window at Chez Switchboard on 2030-01-01.');
  });

  test.each([
    ['sample', 'sampling/createMessage'],
    ['roots', 'roots/list'],
  ])('tells a server that asks by %s that the person declined', async (name, method) => {
    const client = app.client();
    await client.servers.create.mutate({
      id: 'asking',
      kind: 'stdio',
      command: process.execPath,
      args: [scriptedProgram],
    });
    try {
      let runId = '';
      const input = { serverId: 'asking', method: 'tools/call', name, arguments: {} } as const;
      const events = await collect<Json>(
        (on) =>
          client.playground.run.subscribe(input, {
            ...on,
            onData(event: Json) {
              if (event.type === 'started') runId = event.runId;
              if (event.type === 'ask') {
                void client.playground.answer.mutate({ runId, askId: event.askId, declined: 'Not today.' });
              }
              on.onData(event);
            },
          }),
        { done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error') },
      );
      expect(events.find(({ type }) => type === 'ask')).toMatchObject({ method });
      expect(JSON.stringify(events.at(-1))).toContain('Not today.');
    } finally {
      await client.servers.remove.mutate({ id: 'asking' });
    }
  });

  test('a call goes on for who comes back, and is nobody else’s', async () => {
    const client = app.client();
    const input = { serverId: 'demo', method: 'tools/call', name: 'book_table', arguments: {} } as const;
    const before = await collect<Json>((on) => client.playground.run.subscribe(input, on), {
      done: (seen) => seen.some(({ type }) => type === 'ask'),
    });
    const [{ runId }, { askId, seq }] = [before[0], before.at(-1)];
    const { key } = await client.keys.create.mutate({ name: 'stranger' });
    const stranger = createClient(app.url, { apiKey: key }).playground;
    const declined = { runId, askId, declined: 'No.' };
    expect((await failure(stranger.answer.mutate(declined))).code).toBe('NOT_FOUND');
    expect((await failure(stranger.cancel.mutate({ runId }))).code).toBe('NOT_FOUND');
    function isEnd(seen: Json[]) {
      return seen.some(({ type }) => type === 'result' || type === 'error');
    }
    const strange = collect<Json>((on) => stranger.follow.subscribe({ runId }, on), { done: isEnd });
    await expect(strange).rejects.toThrow('does not exist');
    const after = await collect<Json>((on) => client.playground.follow.subscribe({ runId, after: seq }, on), {
      done: isEnd,
      started: () => void client.playground.answer.mutate(declined),
    });
    expect(after.map(({ type }) => type)).toEqual(['answered', 'result']);
    const whole = await collect<Json>((on) => client.playground.follow.subscribe({ runId }, on), { done: isEnd });
    expect(whole.map(({ type }) => type)).toEqual([...before, ...after].map(({ type }) => type));
  });

  test('a call is given up on request, and ends where its server is removed', async () => {
    const client = app.client();
    await client.servers.create.mutate({
      id: 'leaving',
      kind: 'stdio',
      command: process.execPath,
      args: [scriptedProgram],
    });
    for (const [serverId, name, end, told] of [
      ['demo', 'book_table', (runId: string) => client.playground.cancel.mutate({ runId }), 'given up'],
      ['leaving', 'sample', () => client.servers.remove.mutate({ id: 'leaving' }), "The server 'leaving' was removed."],
    ] as const) {
      const input = { serverId, method: 'tools/call', name, arguments: {} } as const;
      let runId = '';
      const events = await collect<Json>(
        (on) =>
          client.playground.run.subscribe(input, {
            ...on,
            onData(event: Json) {
              if (event.type === 'started') ({ runId } = event);
              if (event.type === 'ask') void end(runId);
              on.onData(event);
            },
          }),
        { done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error') },
      );
      expect(events.at(-1)).toMatchObject({ type: 'error', message: expect.stringContaining(told) });
    }
  });

  test('an answer to no question is refused', async () => {
    const data = await failure(app.client().playground.answer.mutate({ runId: 'x', askId: 'y', result: {} }));
    expect(data.code).toBe('NOT_FOUND');
  });

  test('an unknown server or tool is an error of the run', async () => {
    const input = { serverId: 'demo', method: 'tools/call', name: 'nothing', arguments: {} } as const;
    const events = await collect<Json>((on) => app.client().playground.run.subscribe(input, on), {
      done: (seen) => seen.some(({ type }) => type === 'result' || type === 'error'),
    });
    expect(events.at(-1)).toMatchObject({ type: 'error', message: expect.stringContaining('nothing') });
  });
});
