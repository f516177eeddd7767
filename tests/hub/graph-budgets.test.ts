import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProvider, type Reply, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Client } from '@switchboard/api/client';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { startCounting, type CountingServer } from '../support/mcp/counting.ts';
import { until } from '../support/until.ts';

/** What a run may use: it stops where that is spent, says so, and goes on with more. */

let app: TestApp;
let provider: ScriptedProvider;
let counting: CountingServer;
let client: Client;
beforeAll(async () => {
  provider = await startProvider();
  counting = await startCounting();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  client = app.client();
  const talker = { name: 'talker', baseUrl: provider.url, visibility: 'everyone' as const };
  // A turn of five tokens each way costs 1.5.
  await client.models.create.mutate({ ...talker, priceIn: 100_000, priceOut: 200_000 });
  await client.servers.create.mutate({ id: 'counting', name: 'counting', kind: 'streamable-http', url: counting.url });
  await client.servers.start.mutate({ id: 'counting', wait: true });
  const chain = ['a', 'b', 'c'].map((name, at) =>
    talkerNode(name, at === 0 ? {} : { input_nodes: [['a', 'b'][at - 1]] }),
  );
  await save('dear', chain);
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
  await counting[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

const usage = { prompt: 5, completion: 5 };
function said(text: string): Reply {
  return { text, usage };
}
function talkerNode(name: string, more: Json = {}): Json {
  return { name, model_name: 'talker', ...more };
}
async function save(name: string, nodes: Json[]): Promise<void> {
  const { status, body } = await app.json('/graphs', { body: { name, nodes } });
  expect([status, body]).toMatchObject([200, { status: 'success' }]);
}
function see(runId: string) {
  return client.graphs.runs.get.query({ runId });
}
async function ended(runId: string) {
  await until(async () => (await see(runId)).state !== 'running', 'the run ends');
  return see(runId);
}
type Budget = NonNullable<Parameters<Client['graphs']['runs']['start']['mutate']>[0]['budget']>;
async function start(id: string, budget?: Budget): Promise<string> {
  const { runId } = await client.graphs.runs.start.mutate({ id, input: 'Go', ...(budget && { budget }) });
  return runId;
}
async function resume(runId: string, budget?: Budget) {
  await client.graphs.runs.resume.mutate({ runId, ...(budget && { budget }) });
  return ended(runId);
}

test.each([
  [{ steps: 2 }, { steps: 3 }, 'The run stopped: it took 2 steps, as many as its budget has.'],
  [{ tokens: 15 }, { tokens: 100 }, 'The run stopped: its budget of 15 tokens is spent.'],
  [{ cost: 2.5 }, { cost: 100 }, 'The run stopped: its budget of 2.5 for models is spent.'],
])('a run stops at its budget %j, and goes on with %j', async (budget, larger, reason) => {
  provider.always(() => said('said'));
  const runId = await start('dear', budget);
  const stopped = await ended(runId);
  expect([stopped.state, stopped.failure?.text]).toEqual(['failed', expect.stringContaining(reason)]);
  expect([stopped.cost, stopped.tokensIn, stopped.tokensOut]).toEqual([3, 10, 10]);
  expect(provider.requests).toHaveLength(2);
  // With the same there is nothing left.
  expect((await resume(runId)).state).toBe('failed');
  const done = await resume(runId, larger);
  expect([done.state, done.cost]).toEqual(['done', 4.5]);
  expect(provider.requests).toHaveLength(3);
});

test.each([{ steps: 0 }, { tokens: 0.5 }, { cost: 0 }, { seconds: -1 }])(
  'a budget of %j is refused',
  async (budget) => {
    const [name = ''] = Object.keys(budget);
    await expect(start('dear', budget)).rejects.toThrow(new RegExp(name));
  },
);

test('a node that takes longer than the seconds left is ended, and taken anew with more of them', async () => {
  provider.script(said('one'), { text: 'never', stallAfter: 1 });
  const begun = performance.now();
  const runId = await start('dear', { seconds: 1 });
  const stopped = await ended(runId);
  const ms = performance.now() - begun;
  expect([stopped.state, stopped.failure?.text]).toEqual([
    'failed',
    'The run stopped: its 1 s are over. Resume it with more time.',
  ]);
  expect(ms).toBeGreaterThan(900);
  expect(ms).toBeLessThan(5_000);
  provider.script(said('two'), said('three'));
  const done = await resume(runId, { seconds: 600 });
  expect([done.state, done.finalResult]).toEqual(['done', 'three']);
  expect(provider.requests).toHaveLength(4);
});

test('the seconds end the call of a tool: nobody knows what became of it, and its owner is asked', async () => {
  await save('sends', [{ name: 'send', kind: 'tool', tool: { server: 'counting', name: 'send' } }]);
  const letGo = counting.hold('send');
  const runId = await start('sends', { seconds: 1 });
  expect((await ended(runId)).failure?.text).toContain('its 1 s are over');
  letGo();
  expect((await resume(runId, { seconds: 600 })).state).toBe('waiting');
  await client.graphs.runs.answer.mutate({ runId, node: 'send', visit: 1, repeat: true });
  expect(await ended(runId)).toMatchObject({ state: 'done', finalResult: 'send 2' });
  expect(counting.calls('send')).toBe(2);
});

test('nodes of one level overrun a budget by what was under way, and by nothing more', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
  await save('wide', [
    ...names.map((name) => talkerNode(name, { input_nodes: ['start'] })),
    talkerNode('last', { input_nodes: names, output_nodes: ['end'] }),
  ]);
  const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
  provider.always(() => ({ ...said('said'), hold }));
  const runId = await start('wide', { tokens: 1 });
  // As many as go beside each other.
  await until(() => provider.requests.length === 16, 'sixteen are asked');
  letGo();
  const stopped = await ended(runId);
  expect(stopped.failure?.text).toContain('its budget of 1 tokens is spent');
  expect(provider.requests).toHaveLength(16);
  expect(stopped.tokensIn + stopped.tokensOut).toBe(160);
  // Four and the last one are left.
  const done = await resume(runId, { tokens: 1_000 });
  expect([done.state, done.tokensIn + done.tokensOut]).toEqual(['done', 210]);
});

/** What all turns of graphs used, as the hub's own accounts have it. */
async function accounted(): Promise<number> {
  const rows = await app.connection.sql<{ sum: string | null }[]>`
    select sum(tokens_in + tokens_out) as sum from model_turns where way = 'graph'`;
  return Number(rows[0]?.sum ?? 0);
}

test('what a turn used that failed counts in its run and in its budget, as it does in the accounts', async () => {
  const cut: Reply = { text: 'half of an answer', cutAfter: 3 };
  const attempts = { retries: 1, wait_ms: 1 };
  await save('shaky', [talkerNode('a', { attempts }), talkerNode('b', { input_nodes: ['a'], attempts })]);
  async function totals(runId: string) {
    const { tokensIn, tokensOut, nodes } = await see(runId);
    return [tokensIn + tokensOut, nodes.reduce((sum, { used }) => sum + used.tokensIn + used.tokensOut, 0)];
  }
  const before = await accounted();
  provider.script(cut, said('one'), cut, cut);
  const runId = await start('shaky');
  expect((await ended(runId)).state).toBe('failed');
  const first = (await accounted()) - before;
  // One turn that ended, and three that were cut.
  expect(first).toBeGreaterThan(13);
  expect(await totals(runId)).toEqual([first, first]);
  // Whoever resumes it has no more left for that.
  expect((await resume(runId, { tokens: first })).failure?.text).toContain(`budget of ${first} tokens is spent`);
  expect(await totals(runId)).toEqual([first, first]);
  provider.script(said('two'));
  const done = await resume(runId, { tokens: first + 1 });
  expect([done.state, done.finalResult]).toEqual(['done', 'two']);
  expect(await totals(runId)).toEqual([first + 10, first + 10]);
  expect(done.nodes.map((node) => node.said.length)).toEqual([1, 1]);
});

test('a turn that failed counts where the run goes on after its node', async () => {
  await save('goes on', [
    talkerNode('a', { input_nodes: ['start'], on_error: ['b'] }),
    talkerNode('b', { input_nodes: ['a'], output_nodes: ['end'] }),
  ]);
  const before = await accounted();
  provider.script({ text: 'half of an answer', cutAfter: 3 });
  const runId = await start('goes on', { tokens: 1 });
  const run = await ended(runId);
  expect([run.state, run.failure?.text]).toEqual(['failed', expect.stringContaining('budget of 1 tokens')]);
  expect(run.tokensIn + run.tokensOut).toBe((await accounted()) - before);
  expect(run.nodes.map(({ node, failed }) => [node, failed])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});
