import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Client } from '@switchboard/api/client';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { startCounting, type CountingServer } from '../support/mcp/counting.ts';
import { addPerson } from '../support/people.ts';
import { until } from '../support/until.ts';

/** Nodes at which no model speaks: conditions, tools, lists of items; and what is done where a node fails. */

let app: TestApp;
let provider: ScriptedProvider;
let counting: CountingServer;
let client: Client;
beforeAll(async () => {
  provider = await startProvider();
  counting = await startCounting();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
  client = app.client();
  for (const name of ['talker', 'other']) {
    await client.models.create.mutate({ name, baseUrl: provider.url, model: name, visibility: 'everyone' });
  }
  await client.servers.create.mutate({ id: 'counting', name: 'counting', kind: 'streamable-http', url: counting.url });
  await client.servers.start.mutate({ id: 'counting', wait: true });
  await client.servers.addDemo.mutate();
  await client.servers.start.mutate({ id: 'demo', wait: true });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
  await counting[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

function talker(name: string, more: Json = {}): Json {
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
async function go(name: string, input = 'Go') {
  const { runId } = await client.graphs.runs.start.mutate({ id: name, input });
  return ended(runId);
}

const schema = { type: 'object', properties: { kind: { enum: ['bug', 'chat'] } }, required: ['kind'] };
const route = {
  name: 'route',
  kind: 'condition',
  input_nodes: ['classify'],
  condition: { cases: [{ when: { path: 'kind', op: 'eq', value: 'bug' }, to: ['fix'] }], otherwise: ['talk'] },
};

test('a condition on structured output: the provider is asked for the form, and one branch is taken', async () => {
  await save('triage', [
    talker('classify', { input_nodes: ['start'], output_schema: schema }),
    route,
    talker('fix', { input_nodes: ['route'], output_nodes: ['end'], user_prompt: 'Fix the {classify.kind}' }),
    talker('talk', { input_nodes: ['route'], output_nodes: ['end'] }),
  ]);
  // What was written comes back as it was, and other nodes have none of it.
  const { body } = await app.json('/graphs/triage');
  expect(body.nodes[1]).toMatchObject(route);
  expect(Object.keys(body.nodes[3])).not.toContain('condition');
  provider.script({ text: '```json\n{"kind": "bug"}\n```' }, { text: 'fixed' });
  const run = await go('triage');
  expect([run.state, run.finalResult]).toEqual(['done', 'fixed']);
  expect(run.executionChain).toEqual([['start', 'classify'], ['route'], ['fix']]);
  expect(run.nodes.map(({ node, branch }) => [node, branch])).toEqual([
    ['classify', null],
    ['route', ['fix']],
    ['fix', null],
  ]);
  const [asked, fix] = provider.requests.map((request) => request.body as Json);
  expect(asked.response_format).toMatchObject({ type: 'json_schema', json_schema: { schema } });
  expect(asked.messages[0].content).toContain('JSON Schema');
  expect(JSON.stringify(fix.messages)).toContain('Fix the bug');
  expect(fix).not.toHaveProperty('response_format');
});

test('an answer that does not fit is asked for once more, and then the node fails with what is wrong', async () => {
  provider.script({ text: 'a bug, I think' }, { text: '{"kind":"chat"}' }, { text: 'hello' });
  expect((await go('triage')).finalResult).toBe('hello');
  expect(JSON.stringify(provider.requests[1]?.body)).toContain('it is no JSON');
  provider.script({ text: '{"kind":"other"}' }, { text: '{}' });
  const failed = await go('triage');
  expect(failed.failure?.text).toBe(
    "Node 'classify' failed: its answer does not fit its JSON Schema: /kind is missing",
  );
  // Resumed, its model is asked anew.
  provider.script({ text: '{"kind":"bug"}' }, { text: 'fixed' });
  await client.graphs.runs.resume.mutate({ runId: failed.id });
  await until(async () => (await see(failed.id)).state === 'done', 'the run ends');
});

test('a tool node calls one tool by the rights of whoever runs the graph, with a record', async () => {
  await save('weather', [
    talker('where', { input_nodes: ['start'], output_schema: { type: 'object', required: ['city'] } }),
    {
      name: 'look',
      kind: 'tool',
      input_nodes: ['where'],
      output_nodes: ['end'],
      tool: { server: 'demo', name: 'weather_report', arguments: { city: '{where.city}', days: '{where.days}' } },
    },
  ]);
  provider.script({ text: '{"city":"Lisbon","days":2}' });
  const run = await go('weather');
  expect(run.state).toBe('done');
  expect(JSON.parse(run.finalResult)).toMatchObject({ city: 'Lisbon', forecast: [{ day: 1 }, { day: 2 }] });
  const visit = run.nodes[1];
  expect(visit?.prompt[0]).toMatchObject({ role: 'assistant', tool_calls: [{ function: { name: 'weather_report' } }] });
  expect(visit?.said[0]).toMatchObject({ detail: { server: 'demo', tool: 'weather_report' } });
  // The documented conversation has it as a round.
  const { body } = await app.json(`/chat/conversations/${encodeURIComponent(run.externalId)}`);
  expect(body.rounds[2].messages.map(({ role }: Json) => role)).toEqual(['assistant', 'tool']);

  const guest = await addPerson(app, 'guest');
  await client.graphs.share.mutate({ id: 'weather', visibility: 'everyone' });
  await client.servers.update.mutate({ id: 'demo', patch: { visibility: 'private' } });
  provider.script({ text: '{"city":"Lisbon"}' });
  const own = guest.client();
  // Its own check says so before anything is paid for.
  await expect(own.graphs.runs.start.mutate({ id: 'weather', input: 'x' })).rejects.toThrow(/server 'demo'/);
  expect(provider.requests).toHaveLength(1);
});

test('a tool that fails fails its node in its words; a missing tool says so', async () => {
  const tool = { server: 'demo', name: 'weather_report', arguments: { city: '', days: 99 } };
  await save('wrong', [{ name: 'look', kind: 'tool', tool }]);
  expect((await go('wrong')).failure?.text).toMatch(/^Node 'look' failed: the tool 'weather_report' failed: /);
  await save('gone', [{ name: 'look', kind: 'tool', tool: { server: 'demo', name: 'nothing' } }]);
  expect((await go('gone')).failure?.text).toBe(
    "Node 'look' failed: the server 'demo' has no tool 'nothing' that you may use",
  );
});

test('a node that fails goes on along its on-error edge, with why as its output', async () => {
  await save('careful', [
    {
      name: 'look',
      kind: 'tool',
      input_nodes: ['start'],
      tool: { server: 'demo', name: 'nothing' },
      attempts: { retries: 1, wait_ms: 10 },
      on_error: ['sorry'],
      output_nodes: ['fine'],
    },
    talker('fine', { input_nodes: ['look'], output_nodes: ['end'] }),
    talker('sorry', { input_nodes: ['look'], output_nodes: ['end'], user_prompt: 'Why: {look}' }),
  ]);
  provider.script({ text: 'sorry' });
  const run = await go('careful');
  expect([run.state, run.executionChain.flat()]).toEqual(['done', ['start', 'look', 'sorry']]);
  expect(run.nodes[0]).toMatchObject({ failed: true, output: expect.stringContaining("no tool 'nothing'") });
  expect(JSON.stringify(provider.requests[0]?.body)).toContain("has no tool 'nothing'");
});

test('a model that fails is tried again, then another one is asked; one that is slow is given up', async () => {
  await save('spare', [talker('a', { attempts: { retries: 1, wait_ms: 10, fallback_model: 'other' } })]);
  provider.always(({ body }) =>
    body?.['model'] === 'talker' ? { status: 400, body: { error: {} } } : { text: 'spare' },
  );
  expect((await go('spare')).finalResult).toBe('spare');
  await save('slow', [talker('a', { attempts: { timeout_ms: 200 } })]);
  provider.forget();
  provider.script({ text: 'never', stallAfter: 1 });
  expect((await go('slow')).failure?.text).toBe("Node 'a' failed: it took longer than 1 s");
});

test('for each item a model or a tool, bounded and in order', async () => {
  await save('many', [
    talker('list', { input_nodes: ['start'], output_schema: { type: 'object', required: ['cities'] } }),
    {
      name: 'each',
      kind: 'each',
      input_nodes: ['list'],
      each: {
        items: '{list.cities}',
        parallel: 2,
        body: { kind: 'tool', tool: { server: 'demo', name: 'echo', arguments: { message: '{index} {item}' } } },
      },
    },
    talker('use', { input_nodes: ['each'], output_nodes: ['end'] }),
  ]);
  provider.script({ text: '{"cities":["Lisbon","Porto","Faro"]}' }, { text: 'used' });
  const run = await go('many');
  expect(run.nodes.find(({ node }) => node === 'each')?.output).toBe('["1 Lisbon","2 Porto","3 Faro"]');
  expect(run.nodes.map(({ node }) => node).toSorted()).toEqual(['each', 'each.1', 'each.2', 'each.3', 'list', 'use']);
  provider.script({ text: '{"cities":"none"}' });
  expect((await go('many')).failure?.text).toBe("Node 'each' failed: what it is to go through is no list as JSON");
});

test('stopping a run cancels the calls of its tools: the server knows of each within a second', async () => {
  const letGo = counting.hold('send');
  await save('long calls', [
    { name: 'one', kind: 'tool', input_nodes: ['start'], tool: { server: 'counting', name: 'send' } },
    {
      name: 'many',
      kind: 'each',
      input_nodes: ['start'],
      each: { items: '[1,2]', body: { kind: 'tool', tool: { server: 'counting', name: 'send' } } },
    },
  ]);
  const before = { calls: counting.calls('send'), cancelled: counting.cancelled() };
  const { runId } = await client.graphs.runs.start.mutate({ id: 'long calls', input: 'Go' });
  await until(() => counting.calls('send') - before.calls === 3, 'three calls go on');
  expect(counting.cancelled()).toBe(before.cancelled);
  const begun = performance.now();
  await client.graphs.runs.stop.mutate({ runId });
  await until(() => counting.cancelled() - before.cancelled === 3, 'the server knows', 2_000);
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect((await see(runId)).state).toBe('cancelled');
  letGo();
});

test('stopping a run ends the call of its tool within a second', async () => {
  const tool = { server: 'demo', name: 'count_down', arguments: { steps: '60', pauseMs: 5000 } };
  await save('long', [{ name: 'wait', kind: 'tool', tool }]);
  const { runId } = await client.graphs.runs.start.mutate({ id: 'long', input: '' });
  await until(() => app.runtime.status('demo')?.phase === 'running', 'the server runs');
  await until(async () => (await see(runId)).nodes.length === 1, 'the node began');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begun = performance.now();
  await client.graphs.runs.stop.mutate({ runId });
  expect((await see(runId)).state).toBe('cancelled');
  expect(performance.now() - begun).toBeLessThan(1_000);
  // Nobody knows what became of it: whoever resumes is asked.
  await client.graphs.runs.resume.mutate({ runId });
  await until(async () => (await see(runId)).state === 'waiting', 'the run waits');
  const question = (await see(runId)).nodes[0]?.asked?.question;
  expect(question).toMatchObject({ ask: 'doubt', text: expect.stringContaining('demo/count_down') });
  await client.graphs.runs.answer.mutate({ runId, node: 'wait', visit: 1, text: 'It was counted.' });
  expect((await ended(runId)).finalResult).toBe('It was counted.');
});

test.each([
  [{ kind: 'condition' }, "Node 'x' needs cases that each say where the run goes on."],
  [
    { kind: 'condition', condition: { cases: [{ when: { op: 'exists' }, to: ['nowhere'] }] } },
    "Node 'x' has 'nowhere' as an output, and there is no such node.",
  ],
  [
    { kind: 'condition', condition: { cases: [{ when: { node: 'z', op: 'exists' }, to: ['end'] }] } },
    "Node 'x' asks about the output of 'z', and there is no such node.",
  ],
  [{ kind: 'tool', tool: { server: 'demo' } }, "Node 'x' needs a server and the name of one of its tools."],
  [{ kind: 'tool', tool: { server: 'away', name: 't' } }, "Node 'x' has the server 'away', which does not exist."],
  [{ kind: 'each', each: {} }, "Node 'x' needs something to do for each item: a body, or a graph."],
  [
    { kind: 'each', each: { body: { model_name: 'talker' } }, attempts: { retries: 1 } },
    "Node 'x' goes through a list and cannot be tried again as a whole: set the retries of its body, or of the nodes of its graph.",
  ],
  [{ kind: 'each', each: { graph: 'none' } }, "Node 'x' stands for the graph 'none', which does not exist."],
  [{ kind: 'each', each: { graph: 'bad' } }, "Graph 'bad' stands within itself."],
  [{ kind: 'each', each: { body: { model_name: 'away' } } }, "Node 'x' has the model 'away', which does not exist."],
  [
    { model_name: 'talker', on_error: ['x'] },
    "Node 'x' cannot go on with itself where it fails: set how often it is tried again.",
  ],
  [
    { model_name: 'talker', attempts: { fallback_model: 'away' } },
    "Node 'x' has the model 'away', which does not exist.",
  ],
])('a graph that cannot run is refused with the reason: %j', async (node, problem) => {
  const { status, body } = await app.json('/graphs', { body: { name: 'bad', nodes: [{ name: 'x', ...node }] } });
  expect([status, body.detail]).toEqual([400, `The graph cannot be saved: ${problem}`]);
});

test.each([
  [
    { condition: { cases: [{ when: { op: 'run' }, to: ['a'] }] } },
    ['body', 'nodes', 0, 'condition', 'cases', 0, 'when', 'op'],
    'must be one of eq',
  ],
  [{ each: { parallel: 99 } }, ['body', 'nodes', 0, 'each', 'parallel'], 'at most 16'],
  [{ attempts: { retries: 99 } }, ['body', 'nodes', 0, 'attempts', 'retries'], 'at most 5'],
])('a field that cannot be read is 422 with its place: %j', async (more, loc, message) => {
  const { status, body } = await app.json('/graphs', { body: { name: 'bad', nodes: [{ name: 'x', ...more }] } });
  expect([status, body.detail[0].loc]).toEqual([422, loc]);
  expect(body.detail[0].msg).toContain(message);
});
