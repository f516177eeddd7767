import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProviders } from '@switchboard/agents';
import { makeTestCore, type TestCore } from '../testing.ts';
import { followRound, getConversation, listConversations, sayIn, type RoundNews } from './index.ts';

const providers = createProviders();
let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
});
afterAll(async () => {
  await hub.close();
  await providers.close();
});

async function toEnd(runId: string, after = 0): Promise<RoundNews[]> {
  return Array.fromAsync(await followRound(hub.ctx(), { runId, after }));
}

test('a round is answered apart from its request, told to its end, and kept', async () => {
  const begun = await sayIn(hub.ctx(), { content: 'Hello', settings: { model: 'demo' } });
  const news = await toEnd(begun.runId);
  expect(news.at(-1)).toEqual({ type: 'end', state: 'done', failure: null });
  const text = news.flatMap((item) => (item.type === 'delta' ? [item.content] : [])).join('');
  const conversation = await getConversation(hub.ctx(), { id: begun.conversationId });
  expect(conversation.shown).toMatchObject([
    { id: begun.runId, state: 'done', content: 'Hello', finish: 'stop', messages: [{ message: { content: text } }] },
  ]);
  expect(conversation.tokensOut).toBeGreaterThan(0);
  expect(await listConversations(hub.ctx(), {})).toMatchObject([{ id: begun.conversationId, rounds: 1 }]);
});
