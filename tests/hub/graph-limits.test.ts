import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Client } from '@switchboard/api/client';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { until } from '../support/until.ts';

/** Graphs that name what is gone, and what models and people give that is too much, too deep or of another kind. */

let app: TestApp;
let provider: ScriptedProvider;
let client: Client;
beforeAll(async () => {
  provider = await startProvider();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  client = app.client();
  await client.models.create.mutate({ name: 'talker', baseUrl: provider.url });
  await client.servers.addDemo.mutate();
  await client.servers.start.mutate({ id: 'demo', wait: true });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

async function save(name: string, nodes: Json[]): Promise<void> {
  const { status, body } = await app.json('/graphs', { body: { name, nodes } });
  expect([status, body]).toMatchObject([200, { status: 'success' }]);
}
async function ended(runId: string) {
  function seen() {
    return client.graphs.runs.get.query({ runId });
  }
  await until(async () => (await seen()).state !== 'running', 'the run ends');
  return seen();
}
async function go(name: string, input = 'Go') {
  const { runId } = await client.graphs.runs.start.mutate({ id: name, input });
  return ended(runId);
}

const echo = { kind: 'tool', tool: { server: 'demo', name: 'echo', arguments: { message: '{index}' } } };

test.each([
  ['each', { kind: 'each', each: { graph: 'inner' } }],
  ['sub-graph', { is_subgraph: true, subgraph_name: 'inner' }],
])('a graph whose %s names a graph that is gone says so; a run that had begun goes on', async (_kind, node) => {
  await save('inner', [{ name: 'say', model_name: 'talker' }]);
  await save('middle', [{ name: 'work', ...node }]);
  await save('outer', [{ name: 'first', is_subgraph: true, subgraph_name: 'middle' }]);
  provider.always(() => ({ status: 400, body: { error: {} } }));
  const begun = await go('middle', '["x"]');
  expect(begun.state).toBe('failed');
  await client.graphs.remove.mutate({ id: 'inner' });

  const gone = "Node 'work' stands for the graph 'inner', which does not exist.";
  for (const name of ['middle', 'outer']) {
    await expect(client.graphs.runs.start.mutate({ id: name, input: '["x"]' })).rejects.toThrow(
      `The graph cannot be run: ${gone}`,
    );
  }
  const { warnings } = await client.graphs.get.query({ id: 'middle' });
  expect(warnings.map(({ why }) => why.text)).toContain(gone);
  const { status, body } = await app.json('/graphs', { body: { name: 'middle', nodes: [{ name: 'work', ...node }] } });
  expect([status, body.detail]).toEqual([400, `The graph cannot be saved: ${gone}`]);

  provider.always(() => ({ text: 'said' }));
  await client.graphs.runs.resume.mutate({ runId: begun.id });
  expect((await ended(begun.id)).state).toBe('done');
});

const deep = `[${'['.repeat(100_000)}${']'.repeat(100_000)}]`;
test.each([
  [
    '1,001 items',
    JSON.stringify(Array.from({ length: 1_001 }, () => 1)),
    'its list has 1001 items, and it goes through at most 1000',
  ],
  ['a text', 'one, two and three', 'what it is to go through is no list as JSON'],
  ['an object', '{"items":[1]}', 'what it is to go through is no list as JSON'],
  ['half a list', '[1,2', 'what it is to go through is no list as JSON'],
  ['lists in lists', deep, 'the list that it is to go through has more than 200 lists and objects in each other'],
])('a node that is to go through %s fails with why', async (_what, input, reason) => {
  await save('all', [{ name: 'each', kind: 'each', each: { most: 1_000, body: echo } }]);
  const run = await go('all', input);
  expect([run.state, run.failure?.text]).toEqual(['failed', `Node 'each' failed: ${reason}`]);
  expect(run.nodes).toEqual([]);
});

/** A megabyte of objects in lists. */
function heavy(name: string): Json {
  return { name, rows: Array.from({ length: 10_000 }, (_, at) => ({ at, cells: [[at, { text: 'x'.repeat(70) }]] })) };
}

test('items of a megabyte each are gone through one by one; more than four together are refused', async () => {
  const each = {
    items: '{list.items}',
    body: { kind: 'tool', tool: { server: 'demo', name: 'echo', arguments: { message: '{item.name}' } } },
  };
  const output_schema = { type: 'object', required: ['items'] };
  await save('heavy', [
    { name: 'list', model_name: 'talker', input_nodes: ['start'], output_schema },
    { name: 'each', kind: 'each', input_nodes: ['list'], output_nodes: ['end'], each },
  ]);
  function answer(names: string[]) {
    return { text: JSON.stringify({ items: names.map(heavy) }), pieceLength: 100_000 };
  }
  provider.script(answer(['a', 'b', 'c']));
  expect(JSON.stringify(heavy('a')).length).toBeGreaterThan(1_000_000);
  const run = await go('heavy');
  expect([run.state, run.failure?.text ?? run.finalResult]).toEqual(['done', '["a","b","c"]']);
  provider.script(answer(['a', 'b', 'c', 'd']), answer(['a', 'b', 'c', 'd']));
  expect((await go('heavy')).failure?.text).toBe(
    "Node 'list' failed: its answer does not fit its JSON Schema: it is longer than 4000000 characters",
  );
  const deepAnswer = { text: deep, pieceLength: 100_000 };
  provider.script(deepAnswer, deepAnswer);
  expect((await go('heavy')).failure?.text).toContain('it has more than 200 lists and objects in each other');
});

test.each([
  ['__proto__', '{"kind":"bug"}', 'no'],
  ['constructor', '{"kind":"bug"}', 'no'],
  ['constructor.name', '[]', 'no'],
  ['toString', 'a text', 'no'],
  // A field that is there counts, whatever it is called.
  ['__proto__', '{"__proto__":{"admin":true}}', 'yes'],
  ['__proto__.admin', '{"__proto__":{"admin":true}}', 'yes'],
  ['constructor', '{"constructor":1}', 'yes'],
])('a condition on the field %s of %s: %s', async (path, input, branch) => {
  function tool(message: string): Json {
    return { kind: 'tool', tool: { server: 'demo', name: 'echo', arguments: { message } } };
  }
  await save('fields', [
    {
      name: 'route',
      kind: 'condition',
      input_nodes: ['start'],
      condition: { cases: [{ when: { path, op: 'exists' }, to: ['yes'] }], otherwise: ['no'] },
    },
    { name: 'yes', input_nodes: ['route'], output_nodes: ['end'], ...tool('yes') },
    { name: 'no', input_nodes: ['route'], output_nodes: ['end'], ...tool('no') },
  ]);
  const run = await go('fields', input);
  expect([run.state, run.finalResult]).toEqual(['done', branch]);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});
