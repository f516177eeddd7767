import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Client } from '@switchboard/api/client';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { startCounting, type CountingServer, type Loss } from '../support/mcp/counting.ts';
import { until } from '../support/until.ts';

/** Calls whose answers are lost: a tool that may not be called twice is not, unless a person says so. */

let app: TestApp;
let provider: ScriptedProvider;
let counting: CountingServer;
let client: Client;
beforeAll(async () => {
  provider = await startProvider();
  counting = await startCounting();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  client = app.client();
  await client.models.create.mutate({ name: 'talker', baseUrl: provider.url, model: 'talker' });
  await client.servers.create.mutate({
    id: 'counting',
    name: 'counting',
    kind: 'streamable-http',
    url: counting.url,
    limits: { callTimeoutMs: 1_500 },
  });
  await client.servers.start.mutate({ id: 'counting', wait: true });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
  await counting[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

function see(runId: string) {
  return client.graphs.runs.get.query({ runId });
}
async function ended(runId: string) {
  await until(async () => (await see(runId)).state !== 'running', 'the run ends');
  return see(runId);
}
async function go(node: Json) {
  const { status, body } = await app.json('/graphs', { body: { name: 'g', nodes: [{ name: 'x', ...node }] } });
  expect([status, body]).toMatchObject([200, { status: 'success' }]);
  const { runId } = await client.graphs.runs.start.mutate({ id: 'g', input: 'Go' });
  return ended(runId);
}
function calling(name: string): Json {
  return { kind: 'tool', tool: { server: 'counting', name }, attempts: { retries: 2, wait_ms: 10 } };
}

test.each<Loss | 'late'>(['cut', '502', 'late'])(
  'a tool that may not be called twice is asked about where its answer is lost: %s',
  async (how) => {
    const before = counting.calls('send');
    const release = how === 'late' ? counting.hold('send') : () => counting.lose('send', how);
    if (how !== 'late') release();
    const run = await go(calling('send'));
    expect([run.state, counting.calls('send') - before]).toEqual(['waiting', 1]);
    expect(run.nodes[0]?.asked?.question).toMatchObject({ ask: 'doubt' });
    if (how === 'late') release();
    await client.graphs.runs.answer.mutate({ runId: run.id, node: 'x', visit: 1, repeat: true });
    expect(await ended(run.id)).toMatchObject({ state: 'done', finalResult: `send ${before + 2}` });
  },
);

test('what the server answers itself is tried again, and so is what may be called twice', async () => {
  for (const how of ['tool_error', 'error'] as const) {
    const before = counting.calls('send');
    counting.lose('send', how, how);
    expect(await go(calling('send'))).toMatchObject({ state: 'done', finalResult: `send ${before + 3}` });
  }
  const before = counting.calls('put');
  counting.lose('put', 'cut', '502');
  expect(await go(calling('put'))).toMatchObject({ state: 'done', finalResult: `put ${before + 3}` });
});

test('a run that failed with a lost answer asks when it is resumed', async () => {
  const before = counting.calls('send');
  counting.lose('send', 'cut');
  const failed = await go({ ...calling('send'), attempts: {} });
  expect(failed.state).toBe('failed');
  await client.graphs.runs.resume.mutate({ runId: failed.id });
  expect((await ended(failed.id)).state).toBe('waiting');
  expect(counting.calls('send') - before).toBe(1);
});

test('a model that asks for the same call again does not get it, and is told why', async () => {
  const before = counting.calls('send');
  const calls = [{ name: 'send', arguments: { to: 'a', text: 'b' } }];
  const again = [{ name: 'send', arguments: { text: 'b', to: 'a' } }];
  provider.script({ calls }, { calls: again }, { text: 'I do not know.' });
  counting.lose('send', 'cut');
  const run = await go({ model_name: 'talker', mcp_servers: ['counting'] });
  expect([run.finalResult, counting.calls('send') - before]).toEqual(['I do not know.', 1]);
  expect(JSON.stringify(provider.requests[1]?.body)).toContain('Nobody knows whether the call was made');
  expect(JSON.stringify(provider.requests[2]?.body)).toContain('not made again');
});

test('a person in a conversation is asked before the same call is made again', async () => {
  const before = counting.calls('send');
  const calls = [{ name: 'send', arguments: {} }];
  provider.script({ calls }, { calls }, { text: 'Sent.' }, { text: '<title>Asked</title>' });
  counting.lose('send', 'cut');
  const settings = { model: 'talker', chosen: { servers: ['counting'] } };
  const { runId } = await client.conversations.say.mutate({ content: 'Go', settings });
  const asked: string[] = [];
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  const following = client.conversations.follow.subscribe(
    { runId },
    {
      onData(item) {
        if (item.type === 'end') resolve();
        if (item.type !== 'ask') return;
        asked.push(item.question.type);
        const answer =
          item.question.type === 'repeat'
            ? ({ type: 'repeat', choice: 'skip', text: 'It was sent.' } as const)
            : ({ type: 'approval', allowed: true, remember: 'always' } as const);
        client.conversations.answer.mutate({ runId, askId: item.askId, answer }).catch(reject);
      },
      onError: reject,
    },
  );
  await over;
  following.unsubscribe();
  expect([asked, counting.calls('send') - before]).toEqual([['approval', 'repeat'], 1]);
  expect(JSON.stringify(provider.requests[2]?.body)).toContain('It was sent.');
});
