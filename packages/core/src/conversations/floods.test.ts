import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Chunk, ChunkChoice, Providers } from '@switchboard/agents';
import { createModel } from '../models/verbs.ts';
import { createEventLog } from '../runs/event-log.ts';
import { createServer } from '../servers/index.ts';
import { makeDraft, makeTestCore, type TestCore } from '../testing.ts';
import { answerRound, followRound, getConversation, sayIn, setToolRule, type RoundNews } from './index.ts';

/** Servers and models that send without end. */

let hub: TestCore;
let turns: ChunkChoice['delta'][];

function chunk(delta: ChunkChoice['delta'], finish: ChunkChoice['finish_reason'] = null): Chunk {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}
const providers: Pick<Providers, 'runTurn' | 'listModels'> = {
  async *runTurn() {
    yield chunk(turns.shift() ?? { content: 'Done.' });
    yield chunk({}, 'stop');
  },
  listModels: () => Promise.resolve([]),
};

beforeEach(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
  turns = [];
  await createModel(hub.ctx(), { name: 'talker', baseUrl: 'https://api.openai.com', visibility: 'everyone' });
  await createServer(hub.ctx(), makeDraft({ id: 'files' }));
  hub.runtime.setCatalog('files', ['read']);
  await setToolRule(hub.ctx(), { server: 'files', tool: 'read', verdict: 'allow' });
});
afterEach(() => hub.close());

const settings = { model: 'talker', chosen: { servers: ['files'] } };
function callOf(n: number) {
  return { index: n, id: `c${n}`, type: 'function' as const, function: { name: 'read', arguments: '{}' } };
}

test('a question is still there after a flood of progress, which is told as often as it can be seen', async () => {
  turns = [{ tool_calls: [callOf(0)] }];
  hub.runtime.answer = async (call) => {
    const params = { message: 'Which?', requestedSchema: { type: 'object', properties: {} } };
    const answer = call.ask?.({ method: 'elicitation/create', params }, call.signal);
    const progress = { progress: 1, total: 9, message: 'x'.repeat(100_000), more: ['anything'] };
    for (let n = 0; n < 120_000; n += 1) call.onNotification?.({ method: 'notifications/progress', params: progress });
    return { content: [{ type: 'text', text: JSON.stringify(await answer) }] };
  };
  const { runId, conversationId } = await sayIn(hub.ctx(), { content: 'Go', settings });
  const news: RoundNews[] = [];
  for await (const item of await followRound(hub.ctx(), { runId })) {
    news.push(item);
    if (item.type === 'ask') {
      const answer = { type: 'server' as const, result: { action: 'decline' } };
      await answerRound(hub.ctx(), { runId, askId: item.askId, answer });
    }
  }
  expect(news.some(({ type }) => type === 'gap')).toBe(false);
  const progress = news.flatMap((item) => (item.type === 'progress' ? [item.progress] : []));
  expect(progress.length).toBeLessThan(100);
  expect(progress[0]).toEqual({ progress: 1, total: 9, message: 'x'.repeat(300) });
  const { shown } = await getConversation(hub.ctx(), { id: conversationId });
  expect(JSON.stringify(shown[0]?.messages)).toContain('decline');
});

test('of a thousand calls of one turn, those that may be made are, and each has a result', async () => {
  turns = [{ tool_calls: Array.from({ length: 1_000 }, (_, n) => callOf(n)) }];
  const { runId, conversationId } = await sayIn(hub.ctx(), { content: 'Go', settings });
  await Array.fromAsync(await followRound(hub.ctx(), { runId }));
  expect(hub.runtime.calls).toHaveLength(64);
  const { shown } = await getConversation(hub.ctx(), { id: conversationId });
  const results = shown[0]?.messages.filter(({ role }) => role === 'tool') ?? [];
  expect([results.length, shown[0]?.state]).toEqual([1_000, 'done']);
});

test('a conversation has no more rounds than there is room for', async () => {
  const { runId, conversationId } = await sayIn(hub.ctx(), { content: 'Go', settings: { model: 'talker' } });
  await Array.fromAsync(await followRound(hub.ctx(), { runId }));
  // Made where they lie: ten thousand rows that are sent hold this process for seconds on a busy machine.
  await hub.testDb.connection.sql`
    insert into agent_runs (id, kind, conversation_id, parent_id, state, snapshot, input, model, created_at, ended_at)
    select 'r' || n, 'chat', ${conversationId}, 'none', 'done', '{}', '{}', 'talker', now(), now()
    from generate_series(1, 9999) as n`;
  const again = sayIn(hub.ctx(), { content: 'More', conversationId, settings: { model: 'talker' } });
  await expect(again).rejects.toMatchObject({ code: 'limit_exceeded', reason: { code: 'conversationFull' } });
});

test('what a log forgets costs no more than what it keeps', () => {
  const log = createEventLog<{ n: number }>({ events: 100_000, bytes: 16 * 1024 ** 2, sizeOf: () => 100 });
  const begun = process.cpuUsage();
  for (let n = 0; n < 1_000_000; n += 1) log.push({ n });
  expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
  expect(log.bytes()).toBe(100_000 * 100);
});
