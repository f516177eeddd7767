import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Client } from '@switchboard/api/client';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { callerOf } from '../support/people.ts';
import { until } from '../support/until.ts';

/** Nodes of graphs at which a person answers in the place of a model. */

let app: TestApp;
let provider: ScriptedProvider;
let client: Client;
beforeAll(async () => {
  provider = await startProvider();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  client = app.client();
  await client.models.create.mutate({ name: 'talker', baseUrl: provider.url, visibility: 'everyone' });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

function talker(name: string, more: Json = {}): Json {
  return { name, model_name: 'talker', ...more };
}
function person(name: string, ask: string, more: Json = {}): Json {
  return { name, kind: 'human', ask, ...more };
}
async function save(name: string, nodes: Json[]): Promise<void> {
  expect((await app.json('/graphs', { body: { name, nodes } })).status).toBe(200);
}

/** Begins a run and waits until it waits. */
async function begin(name: string): Promise<string> {
  const { runId } = await client.graphs.runs.start.mutate({ id: name, input: 'Go' });
  await untilIn(runId, 'waiting');
  return runId;
}
function see(runId: string) {
  return client.graphs.runs.get.query({ runId });
}
async function untilIn(runId: string, state: string): Promise<void> {
  await until(async () => (await see(runId)).state === state, `the run is ${state}`);
}

async function execute(body: Json): Promise<Json[]> {
  const response = await app.fetch('/graphs/execute', { body });
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: '));
  return events.map((event) => (event === 'data: [DONE]' ? '[DONE]' : JSON.parse(event.slice('data: '.length))));
}

test('a run waits for a person: it is told over REST, answered on the page, and goes on with the answer', async () => {
  await save('review', [
    talker('write', { input_nodes: ['start'] }),
    person('check', 'edit', { input_nodes: ['write'], user_prompt: 'Better?\n{write}' }),
    talker('use', { input_nodes: ['check'], output_nodes: ['end'] }),
  ]);
  // The graph has only the fields that the agents API documents.
  expect((await app.json('/graphs/review')).body.nodes[0]).not.toHaveProperty('kind');
  provider.script({ text: 'draft' });
  const body = { graph_name: 'review', input_text: 'Go', conversation_id: 'c1' };
  const events = await execute(body);
  expect(events.at(-2)).toEqual({
    type: 'graph_waiting',
    conversation_id: 'c1',
    questions: [{ node_name: 'check', ask: 'edit', text: 'Better?\ndraft', targets: [] }],
  });
  expect(events.at(-1)).toBe('[DONE]');
  const [item] = await client.graphs.runs.list.query({ graph: 'review', state: 'waiting' });
  const runId = item?.id ?? '';
  // Asked for once more it tells the same, and nothing begins anew beside it.
  expect((await execute({ graph_name: 'review', conversation_id: 'c1' })).at(-2)).toEqual(events.at(-2));
  expect(
    (await execute(body)).at(-2)?.error?.message ?? (await app.json('/graphs/execute', { body })).body.detail,
  ).toContain('waits for a person');
  const answer = { runId, node: 'check', visit: 1 };
  await expect(client.graphs.runs.answer.mutate({ ...answer, handoff: 'use' })).rejects.toThrow('offered');
  await expect(client.graphs.runs.answer.mutate({ ...answer, visit: 2 })).rejects.toThrow('does not wait');
  const { key } = await client.keys.create.mutate({ name: 'machine' });
  const machine = callerOf(app, key).client();
  await expect(machine.graphs.runs.answer.mutate(answer)).rejects.toThrow('Only people');
  provider.script({ text: 'used' });
  await client.graphs.runs.answer.mutate({ ...answer, text: 'edited' });
  await untilIn(runId, 'done');
  expect(JSON.stringify(provider.requests.at(-1)?.body)).toContain('edited');
  const seen = await see(runId);
  expect([seen.finalResult, seen.executionChain]).toEqual(['used', [['start', 'write'], ['check'], ['use']]]);
  expect(seen.nodes[1]).toMatchObject({ node: 'check', output: 'edited', asked: { answer: { output: 'edited' } } });
  await expect(client.graphs.runs.answer.mutate(answer)).rejects.toThrow('does not wait');
});

test('what is approved stays as it is, and goes where the person sends it', async () => {
  await save('loop', [
    talker('write', { input_nodes: ['start'] }),
    person('check', 'approve', { input_nodes: ['write'], output_nodes: ['write', 'end'], handoffs: 1 }),
  ]);
  provider.script({ text: 'one' }, { text: 'two' });
  const runId = await begin('loop');
  await client.graphs.runs.answer.mutate({ runId, node: 'check', visit: 1, text: 'ignored', handoff: 'write' });
  await until(async () => (await see(runId)).nodes.length === 4, 'the person is asked again');
  await untilIn(runId, 'waiting');
  expect((await see(runId)).nodes[3]?.asked).toMatchObject({ question: { text: 'two', targets: [] }, answer: null });
  await client.graphs.runs.answer.mutate({ runId, node: 'check', visit: 2 });
  await untilIn(runId, 'done');
  expect((await see(runId)).finalResult).toBe('two');
});

test('two people of one level are both waited for', async () => {
  await save('both', [
    person('left', 'answer', { user_prompt: 'Left?', input_nodes: ['start'] }),
    person('right', 'answer', { user_prompt: 'Right?', input_nodes: ['start'] }),
    talker('join', { input_nodes: ['left', 'right'], output_nodes: ['end'] }),
  ]);
  const runId = await begin('both');
  provider.script({ text: 'joined' });
  await client.graphs.runs.answer.mutate({ runId, node: 'right', visit: 1, text: 'R' });
  expect((await see(runId)).state).toBe('waiting');
  await client.graphs.runs.answer.mutate({ runId, node: 'left', visit: 1, text: 'L' });
  await untilIn(runId, 'done');
  expect(JSON.stringify(provider.requests.at(-1)?.body)).toMatch(/L.*R/);
});

test('an answer that is declined ends the run with its reason, and whoever resumes it is asked again', async () => {
  await save('gate', [person('check', 'approve', { input_nodes: ['start'] })]);
  const runId = await begin('gate');
  await client.graphs.runs.answer.mutate({ runId, node: 'check', visit: 1, accept: false, text: 'too long' });
  const failed = await see(runId);
  expect(failed.state).toBe('failed');
  expect(failed.failure).toMatchObject({ code: 'graphDeclined', params: { node: 'check', why: 'too long' } });
  await client.graphs.runs.resume.mutate({ runId });
  await untilIn(runId, 'waiting');
  await client.graphs.runs.stop.mutate({ runId });
  expect(await see(runId)).toMatchObject({ state: 'cancelled', endedAt: expect.any(String) });
});

test('of two answers at once one counts', async () => {
  await save('once', [person('check', 'answer', { input_nodes: ['start'] })]);
  const runId = await begin('once');
  const answers = ['a', 'b'].map((text) => client.graphs.runs.answer.mutate({ runId, node: 'check', visit: 1, text }));
  const settled = await Promise.allSettled(answers);
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await untilIn(runId, 'done');
  expect(['a', 'b']).toContain((await see(runId)).finalResult);
});

test('a run that is stopped while it is answered, or while it comes to wait, does not stay', async () => {
  await save('race', [
    person('check', 'answer', { input_nodes: ['start'] }),
    talker('use', { input_nodes: ['check'] }),
  ]);
  for (let round = 0; round < 5; round += 1) {
    provider.forget();
    provider.script({ text: 'Once upon a time', stallAfter: 2 });
    const { runId } = await client.graphs.runs.start.mutate({ id: 'race', input: 'Go' });
    if (round % 2 === 0) {
      await untilIn(runId, 'waiting');
      const answer = client.graphs.runs.answer.mutate({ runId, node: 'check', visit: 1, text: 'x' });
      await Promise.allSettled([answer, client.graphs.runs.stop.mutate({ runId })]);
    } else await client.graphs.runs.stop.mutate({ runId });
    const settled = await client.graphs.runs.stop.mutate({ runId }).then(() => see(runId));
    expect(settled.state).toBe('cancelled');
  }
});

test('an answer is taken however many runs of the person go on', async () => {
  await using full = await createTestApp({ ALLOW_PRIVATE_URLS: 'true', MAX_RUNS_PER_PERSON: '1' });
  const own = full.client();
  await own.models.create.mutate({ name: 'talker', baseUrl: provider.url, visibility: 'everyone' });
  for (const [name, nodes] of [
    ['asks', [person('check', 'answer', { input_nodes: ['start'] })]],
    ['long', [talker('a')]],
  ] as const) {
    await own.graphs.save.mutate({ config: { name, nodes: [...nodes] } });
  }
  const { runId } = await own.graphs.runs.start.mutate({ id: 'asks', input: 'Go' });
  await until(async () => (await own.graphs.runs.get.query({ runId })).state === 'waiting', 'the run waits');
  provider.script({ text: 'Once upon a time', stallAfter: 2 });
  const long = await own.graphs.runs.start.mutate({ id: 'long', input: 'Go' });
  await own.graphs.runs.answer.mutate({ runId, node: 'check', visit: 1, text: 'done' });
  await until(async () => (await own.graphs.runs.get.query({ runId })).state === 'done', 'the run ends');
  await own.graphs.runs.stop.mutate({ runId: long.runId });
});
