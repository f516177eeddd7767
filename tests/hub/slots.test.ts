import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { serveOwnHttp, type OwnHttp } from '../support/mcp/own-http.ts';
import { addPerson, type Caller } from '../support/people.ts';

/** Credentials of one's own, with real programs and a real server over HTTP. */

const program = path.join(import.meta.dirname, 'fixtures/own-program.mjs');
const slots = [
  { name: 'TOKEN', label: 'Access token', description: 'From your profile page', secret: true },
  { name: 'NAME', label: 'User name', description: '', secret: false },
];
const planted = { ann: 'planted-token-of-ann', bob: 'planted-token-of-bob' };

let app: TestApp;
let http: OwnHttp;
let ann: Caller;
let bob: Caller;

beforeAll(async () => {
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  http = await serveOwnHttp();
  [ann, bob] = [await addPerson(app, 'ann'), await addPerson(app, 'bob')];
  const api = app.client();
  await api.servers.create.mutate({
    id: 'own',
    kind: 'stdio',
    command: process.execPath,
    args: [program],
    env: { OWN: '${user:TOKEN}', MORE: 'as ${user:NAME}' },
    slots,
    visibility: 'everyone',
    recording: 'all',
  });
  await api.servers.create.mutate({
    id: 'far',
    kind: 'streamable-http',
    url: `http://127.0.0.1:${http.port}/mcp/\${user:NAME}?key=\${user:TOKEN}`,
    headers: { Authorization: 'Bearer ${user:TOKEN}' },
    slots,
    visibility: 'everyone',
    recording: 'all',
  });
});
afterAll(async () => {
  await app.stop();
  await http[Symbol.asyncDispose]();
});

let counter = 0;

/** A call of a tool at a server's own endpoint as a client of 2026-07-28 makes it. */
async function call(
  who: Caller,
  server: string,
  tool: string,
  { capabilities = {}, more = {} }: { capabilities?: Json; more?: Json } = {},
): Promise<Json> {
  const id = ++counter;
  const response = await fetch(`${app.url}/mcp/${server}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${who.token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: {
        name: tool,
        arguments: {},
        ...more,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': capabilities,
        },
      },
    }),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? text : (/^data: (\{.*"id".*)$/m.exec(text)?.[1] ?? '{}');
  return JSON.parse(json);
}

function said({ result }: Json): Json {
  return JSON.parse(result.content[0].text);
}

function fill(who: Caller, id: string, values: Record<string, string | null>) {
  return who.client().slots.fill.mutate({ id, values });
}

describe('a server that nobody filled', () => {
  it('waits, and tells callers where to fill it', async () => {
    await expect
      .poll(async () => (await app.client().servers.get.query({ id: 'own' })).status.messageReason?.code)
      .toBe('nobodyYet');
    const { status } = await app.client().servers.get.query({ id: 'own' });
    expect(status).toMatchObject({ phase: 'stopped', failures: 0, error: null });
    const { error } = await call(ann, 'own', 'own');
    expect(error.message).toContain(`${app.url}/ui/servers/own/credentials`);
    const answer = await ann.json('/api/mcp/servers/own/tools/own/call', { body: { arguments: {} } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).toContain('/ui/servers/own/credentials');
    expect(await ann.client().slots.get.query({ id: 'own' })).toMatchObject({ missing: ['TOKEN', 'NAME'] });
  });
});

describe('two people', () => {
  it('get a process each, with their own values', async () => {
    await fill(ann, 'own', { TOKEN: planted.ann, NAME: 'ann' });
    await fill(bob, 'own', { TOKEN: planted.bob, NAME: 'bob' });
    const [ofAnn, ofBob] = [said(await call(ann, 'own', 'own')), said(await call(bob, 'own', 'own'))];
    expect(ofAnn).toMatchObject({ own: planted.ann, more: 'as ann' });
    expect(ofBob).toMatchObject({ own: planted.bob, more: 'as bob' });
    expect(ofAnn.pid).not.toBe(ofBob.pid);
    // A key of the person shares what the person has.
    const { key } = await ann.client().keys.create.mutate({ name: 'robot', scopes: ['*'] });
    expect(said(await call({ ...ann, token: key }, 'own', 'own'))).toMatchObject({ own: planted.ann });
  });

  it('reach a server over HTTP with their own header, path and query', async () => {
    await fill(ann, 'far', { TOKEN: planted.ann, NAME: 'ann/b' });
    await fill(bob, 'far', { TOKEN: planted.bob, NAME: 'bob' });
    expect(said(await call(ann, 'far', 'own'))).toEqual({
      authorization: `Bearer ${planted.ann}`,
      url: `/mcp/ann%2Fb?key=${planted.ann}`,
    });
    expect(said(await call(bob, 'far', 'own'))).toMatchObject({ authorization: `Bearer ${planted.bob}` });
    for (const { authorization, url } of http.seen) {
      const whose = url.includes('/ann') ? planted.ann : planted.bob;
      expect(authorization).toBe(`Bearer ${whose}`);
    }
  });

  it('never get each other’s, with many sessions, processes that die and values that change', async () => {
    const mine = { ann: new Set([planted.ann]), bob: new Set([planted.bob]) };
    const wrong: string[] = [];
    const until = new AbortController();
    async function ask(name: 'ann' | 'bob'): Promise<void> {
      const who = name === 'ann' ? ann : bob;
      while (!until.signal.aborted) {
        const answer = await call(who, 'own', 'own');
        if (answer.result === undefined) continue;
        const { own } = said(answer);
        if (!mine[name].has(own as string)) wrong.push(`${name}: ${own}`);
      }
    }
    const asking = [...Array(6).keys()].flatMap(() => [ask('ann'), ask('bob')]);
    for (let round = 1; round <= 4; round++) {
      const next = `${planted.ann}-${round}`;
      mine.ann.add(next);
      await fill(ann, 'own', { TOKEN: next });
      await call(bob, 'own', 'die');
      if (round % 2 === 0)
        await app
          .client()
          .servers.restart.mutate({ id: 'own' })
          .catch(() => undefined);
    }
    await fill(ann, 'own', { TOKEN: planted.ann });
    until.abort();
    await Promise.all(asking);
    expect(wrong).toEqual([]);
    await expect
      .poll(async () => (await call(ann, 'own', 'own')).result?.content[0].text)
      .toContain(`"${planted.ann}"`);
    await expect
      .poll(async () => (await call(bob, 'own', 'own')).result?.content[0].text)
      .toContain(`"${planted.bob}"`);
  });

  it('lose a call that runs with a value they change', async () => {
    const slow = call(ann, 'own', 'slow');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await fill(ann, 'own', { TOKEN: `${planted.ann}-new` });
    // Why is for who may read the server's log.
    expect((await slow).error).toMatchObject({ code: -32000, data: { serverId: 'own' } });
    expect(said(await call(ann, 'own', 'own'))).toMatchObject({ own: `${planted.ann}-new` });
    await fill(ann, 'own', { TOKEN: planted.ann });
  });
});

describe('a client of 2026-07-28 that shows pages', () => {
  it('is sent to the page in the course of a call, and goes on once it is filled', async () => {
    const carl = await addPerson(app, 'carl');
    const capabilities = { elicitation: { form: {}, url: {} } };
    const { result } = await call(carl, 'own', 'own', { capabilities });
    expect(result.resultType).toBe('input_required');
    const [[key, asked]] = Object.entries(result.inputRequests) as [[string, Json]];
    expect(asked.params).toMatchObject({ mode: 'url', url: `${app.url}/ui/servers/own/credentials` });
    const more = { requestState: result.requestState, inputResponses: { [key]: { action: 'accept' } } };
    const going = call(carl, 'own', 'own', { capabilities, more });
    await fill(carl, 'own', { TOKEN: 'planted-token-of-carl', NAME: 'carl' });
    expect(said(await going)).toMatchObject({ own: 'planted-token-of-carl', more: 'as carl' });
  });
});

describe('planted values', () => {
  it('are nowhere in clear but where they go', async () => {
    await call(ann, 'own', 'shout');
    const api = app.client();
    await app.core.deps.hub.flushCalls();
    const dump: unknown[] = [];
    for (const table of Object.values(tables).filter((each) => !('seqName' in each)))
      dump.push(await app.connection.db.select().from(table as typeof tables.users));
    expect(dump.length).toBeGreaterThan(20);
    const told = [
      dump,
      app.runtime.logs('own'),
      app.runtime.logs('far'),
      await api.servers.exportConfig.query({}),
      await api.servers.versions.query({ id: 'own' }),
      await api.servers.list.query({}),
      await api.slots.list.query(),
      await ann.client().slots.list.query(),
      await bob.client().slots.get.query({ id: 'own' }),
      await api.calls.list.query({}),
    ];
    expect(app.runtime.logs('own').some(({ message }) => message.includes('serves with ***'))).toBe(true);
    expect(JSON.stringify(told)).not.toContain('planted-token');
  });

  it('are in the environment of nobody else’s process', async () => {
    const { pid } = said(await call(ann, 'own', 'own'));
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toContain(planted.bob);
  });
});

describe('somebody who may use the server no more', () => {
  it('has no instance of it either', async () => {
    const { pid } = said(await call(bob, 'own', 'own'));
    await app.client().users.update.mutate({ id: bob.id, patch: { disabled: true } });
    await expect
      .poll(() => {
        try {
          return process.kill(pid as number, 0);
        } catch {
          return false;
        }
      })
      .toBe(false);
    expect(said(await call(ann, 'own', 'own'))).toMatchObject({ own: planted.ann });
  });
});
