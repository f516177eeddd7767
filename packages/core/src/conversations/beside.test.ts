import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chunk, ChunkChoice, Providers } from '@switchboard/agents';
import { createModel } from '../models/verbs.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import {
  compactConversation,
  followRound,
  getConversation,
  listConversations,
  sayIn,
  selectRound,
  stopRound,
} from './index.ts';

/** One message that two models answer. */

let hub: TestCore;
/** What each model says; one that waits does so until it is stopped. */
let words: Record<string, string | null>;
let asked: string[];

function chunk(delta: ChunkChoice['delta'], finish: ChunkChoice['finish_reason'] = null): Chunk {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}
const providers: Pick<Providers, 'runTurn' | 'listModels'> = {
  async *runTurn({ name }, messages, _tools, signal) {
    asked.push(`${name}: ${JSON.stringify(messages)}`);
    const text = words[name];
    if (text == null) {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    }
    yield chunk({ content: text ?? '' });
    yield chunk({}, 'stop');
  },
  listModels: () => Promise.resolve([]),
};

beforeEach(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
  words = { left: 'From the left.', right: 'From the right.' };
  asked = [];
  for (const name of ['left', 'right']) {
    await createModel(hub.ctx(), { name, baseUrl: 'https://api.openai.com', visibility: 'everyone' });
  }
});
afterEach(() => hub.close());

const settings = { model: 'left' };
function compare(more: { conversationId?: string } = {}) {
  hub.clock.advance(10);
  return sayIn(hub.ctx(), { content: 'Hi', settings, beside: 'right', ...more });
}
async function toEnd(...runIds: (string | null)[]): Promise<void> {
  for (const runId of runIds) await Array.fromAsync(await followRound(hub.ctx(), { runId: runId ?? '' }));
}
function get(id: string) {
  return getConversation(hub.ctx(), { id });
}

describe('two models', () => {
  test('answer the same, each on a branch of its own, and the chosen one goes on', async () => {
    const { conversationId: id, runId, besideId } = await compare();
    await toEnd(runId, besideId);
    const both = await get(id);
    expect(both.shown).toMatchObject([
      { id: runId, siblings: [runId, besideId], settings: { model: 'left' }, messages: [{ model: 'left' }] },
    ]);
    expect(both.beside).toMatchObject([
      { id: besideId, state: 'done', settings: { model: 'right' }, messages: [{ model: 'right' }] },
    ]);
    expect(both.shown[0]?.settings).not.toHaveProperty('beside');
    expect(both).toMatchObject({ rounds: 1, settings: { model: 'left' } });
    const [one, other] = [both.shown[0], both.beside[0]];
    expect(both.tokensOut).toBe((one?.tokensOut ?? 0) + (other?.tokensOut ?? 0));
    const chosen = await selectRound(hub.ctx(), { id, runId: besideId ?? '' });
    expect([chosen.shown[0]?.id, chosen.beside[0]?.id]).toEqual([besideId, runId]);
    const next = await sayIn(hub.ctx(), { conversationId: id, content: 'And now?', settings });
    await toEnd(next.runId);
    expect(asked.at(-1)).toMatch(/From the right.*And now/);
    expect(asked.at(-1)).not.toContain('From the left.');
    const after = await get(id);
    expect([after.shown.length, after.beside]).toEqual([2, []]);
  });

  test('are both waited for before anything else is said or chosen, and stopped one by one', async () => {
    words['right'] = null;
    const { conversationId: id, runId, besideId } = await compare();
    await toEnd(runId);
    const busy = { code: 'conflict' };
    await expect(compare({ conversationId: id })).rejects.toMatchObject(busy);
    await expect(selectRound(hub.ctx(), { id, runId: besideId ?? '' })).rejects.toMatchObject(busy);
    await expect(compactConversation(hub.ctx(), { id, model: 'left' })).rejects.toMatchObject(busy);
    expect(await get(id)).toMatchObject({
      isAnswered: true,
      shown: [{ state: 'done' }],
      beside: [{ state: 'running' }],
    });
    await stopRound(hub.ctx(), { runId: besideId ?? '' });
    expect(await get(id)).toMatchObject({ shown: [{ state: 'done' }], beside: [{ state: 'cancelled' }] });
  });

  test('are both to be used by whoever asks, and leave nothing where one cannot begin', async () => {
    await expect(sayIn(hub.ctx(), { content: 'Hi', settings, beside: 'ghost' })).rejects.toMatchObject({
      code: 'not_found',
    });
    words = { left: null, right: null };
    const going = [];
    for (let n = 0; n < 15; n += 1) going.push(await sayIn(hub.ctx(), { content: 'Hi', settings }));
    await expect(compare()).rejects.toMatchObject({ code: 'limit_exceeded' });
    expect(await listConversations(hub.ctx(), {})).toHaveLength(15);
    const first = going[0];
    await stopRound(hub.ctx(), { runId: first?.runId ?? '' });
    await compare({ conversationId: first?.conversationId ?? '' });
    for (const { runId } of going.slice(1)) await stopRound(hub.ctx(), { runId });
  });
});
