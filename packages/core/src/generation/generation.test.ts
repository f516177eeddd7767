import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chunk, Providers } from '@switchboard/agents';
import { tables } from '@switchboard/db';
import {
  continueRound,
  followRound,
  getConversation,
  selectRound,
  stopRound,
  type RoundNews,
} from '../conversations/index.ts';
import { recoverRounds } from '../conversations/recover.ts';
import { getGraph, removeGraph } from '../graphs/index.ts';
import { beginRun } from '../journal/write.ts';
import { createModel } from '../models/verbs.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { finishGraph, getGeneration, sayOfGraph, toolTemplate } from './index.ts';

let hub: TestCore;
let answers: ((signal: AbortSignal) => AsyncIterable<Chunk>)[];
/** System prompts of the turns that were taken. */
let told: string[];

function chunk(content: string, finish: string | null = null): Chunk {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}
function says(text: string) {
  return async function* saying(): AsyncGenerator<Chunk> {
    yield chunk(text);
    yield chunk('', 'stop');
  };
}
function stalls(text: string) {
  return async function* stalling(signal: AbortSignal): AsyncGenerator<Chunk> {
    yield chunk(text);
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
  };
}
const providers: Pick<Providers, 'runTurn' | 'listModels'> = {
  runTurn(_model, messages, _tools, signal) {
    told.push(String(messages[0]?.content));
    return (answers.shift() ?? says('Nothing.'))(signal);
  },
  listModels: () => Promise.resolve([]),
};

beforeEach(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
  answers = [];
  told = [];
  await createModel(hub.ctx(), { name: 'talker', baseUrl: 'https://api.openai.com', visibility: 'everyone' });
});
afterEach(() => hub.close());

function say(more: { conversationId?: string } = {}) {
  hub.clock.advance(1);
  return sayOfGraph(hub.ctx(), { requirement: 'A graph', model: 'talker', ...more });
}
async function toEnd(runId: string): Promise<RoundNews[]> {
  return Array.fromAsync(await followRound(hub.ctx(), { runId }));
}
async function spoken(text: string, more: Parameters<typeof say>[0] = {}) {
  answers.push(says(text));
  const begun = await say(more);
  await toEnd(begun.runId);
  return { id: begun.conversationId, runId: begun.runId };
}
function get(id: string) {
  return getGeneration(hub.ctx(), { id });
}
function node(name: string, more: object = {}): string {
  return `<node>${JSON.stringify({ name, model_name: 'talker', ...more })}</node>`;
}
const start = '<analysis>a</analysis><todo>t</todo><graph_name>g</graph_name><graph_description>d</graph_description>';
const whole = `${start}${node('one')}<end_template></end_template>`;

describe('a round', () => {
  test('is followed and stopped, and an answer that was cut is one with what follows it', async () => {
    answers.push(stalls(`${start}<node>{"name": "on`));
    const { conversationId: id, runId } = await say();
    for await (const item of await followRound(hub.ctx(), { runId })) if (item.type === 'delta') break;
    await stopRound(hub.ctx(), { runId });
    expect((await get(id)).draft).toMatchObject({ graph_name: 'g', nodes: [], problems: [{ tag: 'node' }] });
    answers.push(says('e", "model_name": "talker"}</node><end_template></end_template>'));
    await continueRound(hub.ctx(), { runId });
    expect((await toEnd(runId)).at(-1)).toMatchObject({ type: 'end', state: 'done' });
    expect(await get(id)).toMatchObject({ missing: [], draft: { nodes: [{ name: 'one' }], problems: [] } });
    expect(told).toHaveLength(2);
    expect(told[1]).toBe(told[0]);
  });

  test('that a dead hub left goes on with what its model is told first', async () => {
    const { id, runId } = await spoken(start);
    const run = await hub.testDb.db.query.agentRuns.findFirst({ where: eq(tables.agentRuns.id, runId) });
    if (!run) throw new Error('The run is not there.');
    expect(run.kind).toBe('generation');
    const { conversationId, ownerId, snapshot, model } = run;
    const lost = { id: 'lost', kind: 'generation', conversationId, parentId: runId, ownerId, snapshot, model } as const;
    const input = { content: 'Again', attachments: [] };
    await beginRun(hub.testDb.db, 'dead', { ...lost, input, createdAt: new Date(hub.clock.now() + 1) });
    await hub.testDb.db.update(tables.conversations).set({ headId: 'lost' });
    answers.push(says(`${node('one')}<end_template></end_template>`));
    const claimed = await hub.testDb.db
      .update(tables.agentRuns)
      .set({ hubId: hub.core.deps.journal.hubId, epoch: 2 })
      .where(eq(tables.agentRuns.hubId, 'dead'))
      .returning();
    await recoverRounds((actor) => hub.ctx(actor), hub.ctx({ type: 'system', job: 'test' }), claimed);
    await expect.poll(async () => (await get(id)).missing, { timeout: 60_000 }).toEqual([]);
    expect(told[1]).toBe(told[0]);
  });
});

test('each branch has what was said on it', async () => {
  const first = await spoken(start);
  const second = await spoken(`${node('one')}<end_template></end_template>`, { conversationId: first.id });
  expect((await get(first.id)).missing).toEqual([]);
  await selectRound(hub.ctx(), { id: first.id, runId: second.runId });
  await hub.testDb.db.update(tables.conversations).set({ headId: first.runId });
  expect((await get(first.id)).missing).toEqual(['nodes', 'end_template']);
  await expect(finishGraph(hub.ctx(), { id: first.id })).rejects.toMatchObject({
    code: 'precondition',
    message: 'Something is missing before this is whole: nodes, end_template.',
  });
});

test('the model is told of the graph as it is, once there is one', async () => {
  const { id } = await spoken(whole);
  await finishGraph(hub.ctx(), { id });
  await spoken('<todo>more</todo>', { conversationId: id });
  expect(told[0]).not.toContain('The graph that is changed');
  expect(told[1]).toMatch(/The graph that is changed[^]*"name": "one"/);
});

test('a graph that is gone is made anew of all that was said', async () => {
  const { id } = await spoken(whole);
  const made = await finishGraph(hub.ctx(), { id });
  await spoken(node('two'), { conversationId: id });
  await removeGraph(hub.ctx(), { id: made.id });
  expect(await get(id)).toMatchObject({ subject: null, draft: { nodes: [{ name: 'one' }, { name: 'two' }] } });
  const again = await finishGraph(hub.ctx(), { id });
  expect(again).toMatchObject({ name: 'g', isNew: true });
  expect((await getGraph(hub.ctx(), { id: again.id })).config.nodes).toHaveLength(2);
});

test('what is finished is in the trail once, as a graph that was made', async () => {
  const { id } = await spoken(whole);
  const made = await finishGraph(hub.ctx(), { id });
  const rows = await hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.action, 'graph.create'));
  expect(rows.map(({ subject }) => subject)).toEqual([made.id]);
  expect((await getConversation(hub.ctx(), { id })).makes).toBe('graph');
});

test.each([
  ['auto', 'main.mjs'],
  ['deno', 'main.mjs'],
  ['container', 'main.py'],
] as const)('a tool is written in what runs here: %s', async (toolSandbox, main) => {
  await using other = await makeTestCore({ toolSandbox });
  expect((await toolTemplate(other.ctx(), {})).prompt).toContain(`<script_file name="${main}">`);
});
