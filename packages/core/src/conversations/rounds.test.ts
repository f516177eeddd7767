import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chunk, Providers } from '@switchboard/agents';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { beginRun } from '../journal/write.ts';
import { createModel } from '../models/verbs.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import {
  continueRound,
  followRound,
  getConversation,
  listConversations,
  removeConversation,
  sayIn,
  selectRound,
  shareConversation,
  stopRound,
  updateConversation,
  type RoundNews,
} from './index.ts';
import { recoverRounds } from './recover.ts';

let hub: TestCore;
/** What comes of the next turns, and what they were asked. */
let answers: ((signal: AbortSignal) => AsyncIterable<Chunk>)[];
let asked: string[];

function chunk(content: string, finish: string | null = null): Chunk {
  const choices = [{ index: 0, delta: { content }, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

async function* says(text: string): AsyncGenerator<Chunk> {
  yield chunk(text);
  yield chunk('', 'stop');
}

/** Says something and then nothing more until it is given up. */
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
    asked.push(JSON.stringify(messages));
    return (answers.shift() ?? (() => says('Hello.')))(signal);
  },
  listModels: () => Promise.resolve([]),
};

beforeEach(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
  answers = [];
  asked = [];
  await createModel(hub.ctx(), { name: 'talker', baseUrl: 'https://api.openai.com', visibility: 'everyone' });
});
afterEach(() => hub.close());

const settings = { model: 'talker' };

function say(content: string, more: { conversationId?: string; parentId?: string | null } = {}, actor?: Actor) {
  return sayIn(hub.ctx(actor), { content, settings, ...more });
}

async function toEnd(runId: string, after = 0): Promise<RoundNews[]> {
  return Array.fromAsync(await followRound(hub.ctx(), { runId, after }));
}

/** Says something and waits until it is answered. */
async function spoken(content: string, more: Parameters<typeof say>[1] = {}) {
  hub.clock.advance(1);
  const begun = await say(content, more);
  await toEnd(begun.runId);
  return begun;
}

function get(id: string, actor?: Actor) {
  return getConversation(hub.ctx(actor), { id });
}

/** Waits until a round has said something. */
async function untilSaid(runId: string) {
  for await (const item of await followRound(hub.ctx(), { runId })) if (item.type === 'delta') return;
}

function textIn(conversation: Awaited<ReturnType<typeof get>>, at = 0): (string | null)[] {
  return (conversation.shown[at]?.messages ?? []).map(({ message }) => message.content as string | null);
}

describe('a round', () => {
  test('is answered apart from its request, told to its end, and kept', async () => {
    const begun = await say('Hi');
    const news = await toEnd(begun.runId);
    expect(news.at(-1)).toEqual({ type: 'end', state: 'done', failure: null });
    const conversation = await get(begun.conversationId);
    expect(conversation.shown).toMatchObject([{ id: begun.runId, state: 'done', content: 'Hi', finish: 'stop' }]);
    expect(textIn(conversation)).toEqual(['Hello.']);
    expect(conversation.tokensOut).toBeGreaterThan(0);
    expect(await listConversations(hub.ctx(), {})).toMatchObject([{ id: begun.conversationId, rounds: 1 }]);
  });

  test('keeps how long it thought', async () => {
    answers = [
      async function* thinking() {
        yield { ...chunk(''), choices: [{ index: 0, delta: { reasoning_content: 'Hm.' }, finish_reason: null }] };
        await new Promise((resolve) => setTimeout(resolve, 20));
        yield* says('So.');
      },
    ];
    const { conversationId } = await spoken('Hi');
    const { shown } = await get(conversationId);
    const [message] = shown[0]?.messages ?? [];
    const thoughtMs = message?.role === 'assistant' ? message.thoughtMs : null;
    expect(thoughtMs).toBeGreaterThan(0);
    await spoken('And without?', { conversationId });
    expect((await get(conversationId)).shown[1]?.messages).toMatchObject([{ thoughtMs: null }]);
  });

  test('is followed from the place that is known', async () => {
    const { runId } = await spoken('Hi');
    const all = await toEnd(runId);
    const second = all[1] as { seq: number };
    expect(await toEnd(runId, second.seq)).toEqual(all.slice(2));
  });

  test('keeps what was said where it is stopped, and goes on from there', async () => {
    answers = [stalls('Once upon')];
    const begun = await say('Tell');
    await untilSaid(begun.runId);
    await expect(say('Too', { conversationId: begun.conversationId })).rejects.toMatchObject({ code: 'conflict' });
    await stopRound(hub.ctx(), { runId: begun.runId });
    const stopped = await get(begun.conversationId);
    expect(stopped.shown).toMatchObject([{ state: 'cancelled', canContinue: true, messages: [{ cut: true }] }]);
    expect(textIn(stopped)).toEqual(['Once upon']);
    answers = [() => says(' a time.')];
    await continueRound(hub.ctx(), { runId: begun.runId });
    await toEnd(begun.runId);
    const whole = await get(begun.conversationId);
    expect([whole.shown[0]?.state, textIn(whole)]).toEqual(['done', ['Once upon', ' a time.']]);
    expect(asked.at(-1)).toMatch(/Once upon.*Go on exactly where it ended/);
    await expect(continueRound(hub.ctx(), { runId: begun.runId })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that cannot begin leaves nothing behind', async () => {
    await expect(sayIn(hub.ctx(), { content: 'Hi', settings: { model: 'ghost' } })).rejects.toMatchObject({
      code: 'not_found',
    });
    const held = Array.from({ length: 16 }, () => stalls('…'));
    answers = [...held];
    const going = await Promise.all(held.map((_, n) => say(String(n))));
    await expect(say('One more')).rejects.toMatchObject({ code: 'limit_exceeded' });
    expect(await listConversations(hub.ctx(), {})).toHaveLength(16);
    await Promise.all(going.map(({ runId }) => stopRound(hub.ctx(), { runId })));
  });

  test('asks the model that stands in where the first one fails at once', async () => {
    await createModel(hub.ctx(), { name: 'second', baseUrl: 'https://api.openai.com', visibility: 'everyone' });
    answers = [
      // oxlint-disable-next-line require-yield -- it fails before the first chunk
      async function* failing() {
        throw new Error('down');
      },
      () => says('Here.'),
    ];
    const begun = await sayIn(hub.ctx(), { content: 'Hi', settings: { ...settings, fallback: 'second' } });
    await toEnd(begun.runId);
    const { shown } = await get(begun.conversationId);
    expect(shown[0]?.messages).toMatchObject([{ model: 'second', message: { content: 'Here.' } }]);
  });
});

describe('branches', () => {
  test('begin where something is said again, and are switched', async () => {
    const first = await spoken('One');
    const { conversationId } = first;
    const second = await spoken('Two', { conversationId });
    const other = await spoken('Two, else', { conversationId, parentId: first.runId });
    const shown = await get(conversationId);
    expect(shown.shown.map(({ content }) => content)).toEqual(['One', 'Two, else']);
    expect(shown.shown[1]?.siblings).toEqual([second.runId, other.runId]);
    expect(asked.at(-1)).not.toContain('"Two"');
    const back = await selectRound(hub.ctx(), { id: conversationId, runId: second.runId });
    expect(back.shown.map(({ content }) => content)).toEqual(['One', 'Two']);
    const again = await spoken('Anew', { conversationId, parentId: null });
    expect((await get(conversationId)).shown.map(({ id }) => id)).toEqual([again.runId]);
    await expect(say('Lost', { conversationId, parentId: 'ghost' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('others', () => {
  test('find nothing, admins among them, until it is shared; then they read', async () => {
    const ann = await hub.addUser('user');
    const { conversationId: id, runId } = await say('Secret', {}, ann);
    await Array.fromAsync(await followRound(hub.ctx(ann), { runId }));
    const absent = { code: 'not_found' };
    await expect(get(id)).rejects.toMatchObject(absent);
    await expect(followRound(hub.ctx(), { runId })).rejects.toMatchObject(absent);
    await expect(stopRound(hub.ctx(), { runId })).rejects.toMatchObject(absent);
    await expect(updateConversation(hub.ctx(), { id, patch: { title: 'Mine' } })).rejects.toMatchObject(absent);
    await expect(removeConversation(hub.ctx(), { id })).rejects.toMatchObject(absent);
    await shareConversation(hub.ctx(ann), { id, visibility: 'everyone' });
    expect((await get(id)).can).toEqual({ write: false, share: false });
    expect(await listConversations(hub.ctx(), { shared: true })).toMatchObject([{ id }]);
    await expect(say('Me too', { conversationId: id })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(removeConversation(hub.ctx(), { id })).rejects.toMatchObject({ code: 'forbidden' });
    await shareConversation(hub.ctx(ann), { id, visibility: 'private' });
    await expect(get(id)).rejects.toMatchObject(absent);
  });
});

describe('a search', () => {
  test('looks through titles, tags, and what was said and answered', async () => {
    answers = [() => says('Forty-two 100% sure.')];
    const { conversationId: id } = await spoken('What is the answer?');
    await spoken('Something else');
    await updateConversation(hub.ctx(), { id, patch: { title: 'Deep thought', tags: ['galaxy'] } });
    async function found(search: string) {
      return (await listConversations(hub.ctx(), { search })).map((item) => item.id);
    }
    for (const words of ['deep', 'GALAXY', 'the answer', 'forty', '100% s']) expect(await found(words)).toEqual([id]);
    expect(await found('%')).toEqual([id]);
    expect(await found('nothing of it')).toEqual([]);
  });
});

describe('what a dead hub left', () => {
  async function left(deltas: string[]) {
    const begun = await spoken('Hi');
    const run = await hub.testDb.db.query.agentRuns.findFirst({ where: eq(tables.agentRuns.id, begun.runId) });
    if (!run) throw new Error('The run is not there.');
    const { conversationId, ownerId, snapshot, model } = run;
    const lost = {
      id: `lost-${deltas.length}`,
      kind: 'chat',
      conversationId,
      parentId: run.id,
      ownerId,
      snapshot,
      model,
    } as const;
    await beginRun(hub.testDb.db, 'dead', {
      ...lost,
      input: { content: 'Again', attachments: [] },
      createdAt: new Date(),
    });
    for (const [at, content] of deltas.entries()) {
      const event = { type: 'delta', turn: 1, content, reasoning: '' };
      await hub.testDb.db.insert(tables.agentEvents).values({ runId: lost.id, seq: at + 1, event });
    }
    await hub.testDb.db.update(tables.conversations).set({ headId: lost.id });
    return { conversationId: begun.conversationId, runId: lost.id };
  }
  /** As the hub does it that finds another one dead. */
  async function takeOver() {
    const claimed = await hub.testDb.db
      .update(tables.agentRuns)
      .set({ hubId: hub.core.deps.journal.hubId, epoch: 2 })
      .where(eq(tables.agentRuns.hubId, 'dead'))
      .returning();
    await recoverRounds((actor) => hub.ctx(actor), hub.ctx({ type: 'system', job: 'test' }), claimed);
  }
  async function settled(conversationId: string) {
    await expect
      .poll(async () => (await get(conversationId)).shown.at(-1)?.endedAt, { timeout: 60_000 })
      .toBeInstanceOf(Date);
    return (await get(conversationId)).shown.at(-1);
  }

  test('goes on by itself where no answer was under way', async () => {
    const { conversationId, runId } = await left([]);
    await takeOver();
    expect(await settled(conversationId)).toMatchObject({ id: runId, state: 'done', messages: [{ cut: false }] });
  });

  test('is kept and marked where it was in the middle of an answer', async () => {
    const { conversationId, runId } = await left(['Half an', ' answer']);
    await takeOver();
    expect(await settled(conversationId)).toMatchObject({
      id: runId,
      state: 'failed',
      failure: { code: 'answerCut' },
      canContinue: true,
      messages: [{ cut: true, message: { content: 'Half an answer' } }],
    });
    expect(await hub.testDb.db.$count(tables.agentEvents)).toBe(0);
  });
});
