import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chunk, ChunkChoice, Providers } from '@switchboard/agents';
import { tables } from '@switchboard/db';
import { createJournalStore } from '../journal/store.ts';
import { beginRun, writeStep } from '../journal/write.ts';
import { createModel } from '../models/verbs.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { toTold } from './events.ts';
import {
  compactConversation,
  continueRound,
  followRound,
  getConversation,
  sayIn,
  shareConversation,
  stopRound,
  type RoundNews,
} from './index.ts';
import { recoverRounds } from './recover.ts';

/** Rounds that more than one hub, or more than one request, has hold of. */

let hub: TestCore;
let answers: ((signal: AbortSignal) => AsyncIterable<Chunk>)[];
let asked: string[];

function chunk(delta: ChunkChoice['delta'], finish: ChunkChoice['finish_reason'] = null): Chunk {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}
async function* says(text: string): AsyncGenerator<Chunk> {
  yield chunk({ content: text });
  yield chunk({}, 'stop');
}
function stalls(text: string) {
  return async function* stalling(signal: AbortSignal): AsyncGenerator<Chunk> {
    yield chunk({ content: text });
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
function say(conversationId?: string) {
  hub.clock.advance(1);
  return sayIn(hub.ctx(), { content: 'Go', settings, ...(conversationId !== undefined && { conversationId }) });
}
async function toEnd(runId: string): Promise<RoundNews[]> {
  return Array.fromAsync(await followRound(hub.ctx(), { runId }));
}
async function untilSaid(runId: string) {
  for await (const item of await followRound(hub.ctx(), { runId })) if (item.type === 'delta') return;
}
async function last(id: string) {
  const round = (await getConversation(hub.ctx(), { id })).shown.at(-1);
  return { ...round, texts: round?.messages.map(({ message }) => message.content) };
}
/** A round whose answer was stopped in the middle. */
async function stopped(conversationId?: string) {
  answers = [stalls('Once')];
  const begun = await say(conversationId);
  await untilSaid(begun.runId);
  await stopRound(hub.ctx(), { runId: begun.runId });
  return begun;
}
function written(runId: string) {
  return hub.testDb.db.query.agentEvents.findMany({ where: (row) => eq(row.runId, runId) });
}
function runOf(id: string) {
  return hub.testDb.db.query.agentRuns.findFirst({ where: (row) => eq(row.id, id) });
}

describe('going on', () => {
  test('leaves the round as it was where it cannot begin', async () => {
    const { conversationId, runId } = await stopped();
    const before = await runOf(runId);
    const others = Array.from({ length: 16 }, () => stalls('…'));
    answers = [...others];
    const going = await Promise.all(others.map(() => say()));
    await expect(continueRound(hub.ctx(), { runId })).rejects.toMatchObject({ code: 'limit_exceeded' });
    expect(await runOf(runId)).toEqual({ ...before, epoch: 2 });
    await Promise.all(going.map((each) => stopRound(hub.ctx(), { runId: each.runId })));
    answers = [() => says(' more.')];
    await continueRound(hub.ctx(), { runId });
    await toEnd(runId);
    expect(await last(conversationId)).toMatchObject({ state: 'done', texts: ['Once', ' more.'] });
  });

  test('in two places at once, or beside something that is said, happens once', async () => {
    const first = await stopped();
    const { conversationId } = first;
    const second = await stopped(conversationId);
    answers = [stalls('a'), stalls('b'), stalls('c')];
    const tries = await Promise.allSettled([
      continueRound(hub.ctx(), { runId: first.runId }),
      continueRound(hub.ctx(), { runId: second.runId }),
      say(conversationId),
      continueRound(hub.ctx(), { runId: first.runId }),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const open = await hub.testDb.db.query.agentRuns.findMany({ where: (run, { isNull }) => isNull(run.endedAt) });
    expect(open).toHaveLength(1);
    await stopRound(hub.ctx(), { runId: open[0]?.id ?? '' });
    answers = [() => says('Free.')];
    await toEnd((await say(conversationId)).runId);
  });

  test('puts the whole round before models again, and not what a compaction left of it', async () => {
    const { conversationId, runId } = await stopped();
    await compactConversation(hub.ctx(), { id: conversationId, model: 'talker' });
    answers = [() => says(' upon a time.')];
    await continueRound(hub.ctx(), { runId });
    await toEnd(runId);
    await toEnd((await say(conversationId)).runId);
    expect(asked.at(-1)).toContain(' upon a time.');
  });

  test('is possible however often an answer was cut', async () => {
    const { conversationId, runId } = await stopped();
    for (let time = 0; time < 10; time += 1) {
      answers = [stalls('-')];
      await continueRound(hub.ctx(), { runId });
      await untilSaid(runId);
      await stopRound(hub.ctx(), { runId });
    }
    answers = [() => says('end.')];
    await continueRound(hub.ctx(), { runId });
    await toEnd(runId);
    expect(await last(conversationId)).toMatchObject({ state: 'done', finish: 'stop' });
    expect((await last(conversationId)).texts?.at(-1)).toBe('end.');
  });
});

describe('what is written of an answer that goes on', () => {
  async function takenOver(steps: number) {
    const first = await stopped();
    const run = await runOf(first.runId);
    if (!run) throw new Error('The run is not there.');
    const { conversationId, ownerId, snapshot, model, input } = run;
    const lost = { id: 'lost', kind: 'chat', conversationId, ownerId, snapshot, model, input } as const;
    const hold = await beginRun(hub.testDb.db, 'dead', { ...lost, createdAt: new Date(hub.clock.now() + 1) });
    for (let turn = 1; turn <= steps; turn += 1) {
      await writeStep(hub.testDb.db, hold, {
        key: `chat/1/${turn}`,
        seq: turn,
        kind: 'turn',
        state: 'done',
        asked: turn,
        output: { message: { role: 'user', content: 'And then?' }, turn, model, ms: 1, finish: 'stop' },
        startedAt: new Date(),
        endedAt: new Date(),
      });
      const event = { type: 'delta', turn, content: 'before', reasoning: '' };
      const rows = Array.from({ length: 50 }, (_, at) => ({ runId: lost.id, seq: at + 1, event }));
      await hub.testDb.db.insert(tables.agentEvents).values(rows);
    }
    await hub.testDb.db.update(tables.conversations).set({ headId: lost.id });
    return { conversationId: first.conversationId, runId: lost.id };
  }
  async function recover(runId: string) {
    const claimed = await hub.testDb.db
      .update(tables.agentRuns)
      .set({ hubId: hub.core.deps.journal.hubId, epoch: 2 })
      .where(eq(tables.agentRuns.id, runId))
      .returning();
    await recoverRounds((actor) => hub.ctx(actor), hub.ctx({ type: 'system', job: 'test' }), claimed);
  }

  test('stands behind what the hub told that died', async () => {
    const { runId } = await takenOver(1);
    answers = [stalls('after')];
    await recover(runId);
    async function told() {
      return (await written(runId)).map(({ event }) => event['content']);
    }
    await expect.poll(told, { timeout: 60_000 }).toContain('after');
    const news: RoundNews[] = [];
    for await (const item of await followRound(hub.ctx(), { runId, after: 50 })) {
      news.push(item);
      if (item.type === 'delta') break;
    }
    expect(news[0], 'whoever knew the dead hub looks anew').toMatchObject({ type: 'gap' });
    await stopRound(hub.ctx(), { runId });
  });

  test('is nothing where another hub has it', async () => {
    const { runId } = await takenOver(0);
    await hub.testDb.db.update(tables.agentRuns).set({ epoch: 2 }).where(eq(tables.agentRuns.id, runId));
    const entry = {
      type: 'event',
      event: toTold({ type: 'chunk', turn: 1, chunk: chunk({ content: 'late' }) }),
      seq: 7,
    } as const;
    const store = createJournalStore(hub.testDb.db);
    await store.append(runId, [entry], 1);
    expect(await written(runId)).toEqual([]);
    await store.append(runId, [entry], 2);
    expect(await written(runId)).toHaveLength(1);
  });

  test('has no characters that the database does not keep', async () => {
    answers = [stalls('a\0b\ud83d')];
    const { conversationId, runId } = await say();
    async function told() {
      return (await written(runId)).map(({ event }) => event['content']).join('');
    }
    await expect.poll(told, { timeout: 60_000 }).toBe('ab\ufffd');
    await stopRound(hub.ctx(), { runId });
    expect((await last(conversationId)).texts).toEqual(['ab\ufffd']);
  });

  test('is kept, and the round cancelled, where it was given up while its hub was dead', async () => {
    const { conversationId, runId } = await takenOver(0);
    const event = { type: 'delta', turn: 1, content: 'Half', reasoning: '' };
    await hub.testDb.db.insert(tables.agentEvents).values({ runId, seq: 1, event });
    await stopRound(hub.ctx(), { runId });
    await recover(runId);
    expect(await last(conversationId)).toMatchObject({ state: 'cancelled', failure: null, texts: ['Half'] });
  });

  test('goes on where its person has as many rounds as may be', async () => {
    const { conversationId, runId } = await takenOver(0);
    const others = Array.from({ length: 16 }, () => stalls('…'));
    answers = [...others];
    const going = await Promise.all(others.map(() => say()));
    // Each of the others has its model: what is asked next is the recovered round.
    await expect.poll(() => answers).toHaveLength(0);
    await recover(runId);
    await toEnd(runId);
    expect(await last(conversationId)).toMatchObject({ state: 'done', texts: ['Hello.'] });
    await Promise.all(going.map((each) => stopRound(hub.ctx(), { runId: each.runId })));
  });
});

describe('hostile ids', () => {
  test('of rounds are absent, and a place beyond all is the end', async () => {
    for (const runId of ['a\0b', '\0']) {
      await expect(followRound(hub.ctx(), { runId })).rejects.toMatchObject({ code: 'invalid' });
      await expect(stopRound(hub.ctx(), { runId })).rejects.toMatchObject({ code: 'invalid' });
    }
    await expect(followRound(hub.ctx(), { runId: '__proto__' })).rejects.toMatchObject({ code: 'not_found' });
    const { runId } = await say();
    const news = await Array.fromAsync(await followRound(hub.ctx(), { runId, after: 2_147_483_647 }));
    expect(news.at(-1)).toMatchObject({ type: 'end' });
    await expect(followRound(hub.ctx(), { runId, after: 2 ** 40 })).rejects.toMatchObject({ code: 'invalid' });
  });
});

test('who follows a round is told no more of it when it is not shared any more', async () => {
  const ann = await hub.addUser('user');
  answers = [stalls('Secret')];
  const { conversationId: id, runId } = await say();
  await shareConversation(hub.ctx(), { id, visibility: 'everyone' });
  const news = await followRound(hub.ctx(ann), { runId });
  await news.next();
  const rest = Array.fromAsync(news);
  await shareConversation(hub.ctx(), { id, visibility: 'private' });
  expect((await rest).some(({ type }) => type === 'end')).toBe(false);
  await stopRound(hub.ctx(), { runId });
});
