import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chunk, Model as ProviderModel, Providers } from '@switchboard/agents';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { createKey } from '../keys/verbs.ts';
import { makeTestCore, unbounded, type TestCore } from '../testing.ts';
import { pruneModelTurns } from './retention.ts';
import { takeTurn, type TurnRequest } from './turns.ts';
import { createModel } from './verbs.ts';

let hub: TestCore;
let asked: ProviderModel[];
/** Says what comes of a turn; each turn waits until it is let go. */
let answer: () => AsyncIterable<Chunk>;

function chunk(content: string, usage?: [number, number]): Chunk {
  return {
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    ...(usage && {
      usage: { prompt_tokens: usage[0], completion_tokens: usage[1], total_tokens: usage[0] + usage[1] },
    }),
  };
}

async function* says(...chunks: Chunk[]) {
  yield* chunks;
}

async function* failing(message: string, ...chunks: Chunk[]) {
  yield* chunks;
  throw new Error(message);
}

const providers: Pick<Providers, 'runTurn' | 'listModels'> = {
  runTurn(model) {
    asked.push(model);
    return answer();
  },
  listModels: () => Promise.resolve([]),
};

beforeEach(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
  asked = [];
  answer = () => says(chunk('Hel'), chunk('lo', [10, 2]));
  await createModel(hub.ctx(), {
    name: 'paid',
    baseUrl: 'https://api.openai.com',
    apiKey: 'sk-live-1234567890',
    headers: { 'x-org': 'o' },
    options: { temperature: 0.5, stream: false },
    priceIn: 3,
    priceOut: 15,
    visibility: 'everyone',
  });
});
afterEach(() => hub.close());

const request: TurnRequest = { model: 'paid', messages: [{ role: 'user', content: 'Hi' }], way: 'v1' };

async function drain(turn: { chunks: AsyncIterable<Chunk> }): Promise<string> {
  let text = '';
  for await (const { choices } of turn.chunks) text += choices[0]?.delta.content ?? '';
  return text;
}
function turns() {
  return hub.testDb.db.select().from(tables.modelTurns);
}
function days() {
  return hub.testDb.db.select().from(tables.modelDays);
}

describe('a turn', () => {
  it('asks the provider with the opened secrets, and tells what it used', async () => {
    const turn = await takeTurn(hub.ctx(), request);
    expect(await drain(turn)).toBe('Hello');
    expect(turn.used()).toEqual({ tokensIn: 10, tokensOut: 2, estimated: false });
    expect(asked).toEqual([
      expect.objectContaining({
        protocol: 'openai',
        apiKey: 'sk-live-1234567890',
        extraHeaders: { 'x-org': 'o' },
        defaults: { temperature: 0.5 },
        allowPrivate: true,
      }),
    ]);
    expect(await turns()).toEqual([
      expect.objectContaining({
        model: 'paid',
        userId: hub.admin.id,
        keyId: null,
        way: 'v1',
        outcome: 'ok',
        tokensIn: 10,
        tokensOut: 2,
        cost: 0.00006,
        estimated: false,
      }),
    ]);
  });

  it('adds up in the figures of its day, by person and key', async () => {
    const { id: userId, username, role } = await hub.addUser('user');
    const key: Actor = { type: 'key', id: 'k', userId, username, role, scopes: ['*'], bounds: unbounded };
    for (const actor of [hub.admin, key, key]) await drain(await takeTurn(hub.ctx(actor), request));
    answer = () => failing('refused');
    await expect(drain(await takeTurn(hub.ctx(key), request))).rejects.toThrow('refused');
    const figures = (await days()).map(({ userId: who, keyId, turns: count, failures, tokensIn, cost }) => [
      who,
      keyId,
      count,
      failures,
      tokensIn,
      cost,
    ]);
    expect(new Set(figures)).toEqual(
      new Set([
        [hub.admin.id, '', 1, 0, 10, 0.00006],
        [userId, 'k', 3, 1, 20, 0.00012],
      ]),
    );
  });

  it('is estimated where the provider does not say, and left early or cut where it was', async () => {
    answer = () => says(chunk('x'.repeat(400)), chunk('y'.repeat(400)));
    const whole = await takeTurn(hub.ctx(), request);
    await drain(whole);
    expect(whole.used()).toMatchObject({ tokensOut: 200, estimated: true });
    const left = await takeTurn(hub.ctx(), request);
    for await (const _ of left.chunks) break;
    answer = () => failing('cut', chunk('z'.repeat(40)));
    await expect(drain(await takeTurn(hub.ctx(), request))).rejects.toThrow('cut');
    const told = (await turns()).map(({ outcome, tokensOut, estimated }) => [outcome, tokensOut, estimated]);
    expect(told).toEqual([
      ['ok', 200, true],
      ['cancelled', 100, true],
      ['error', 10, true],
    ]);
  });

  it('is refused to who does not see the model, or only looks', async () => {
    await createModel(hub.ctx(), { name: 'private', baseUrl: 'https://api.openai.com' });
    const user = await hub.addUser('user');
    const hidden = takeTurn(hub.ctx(user), { ...request, model: 'private' });
    await expect(hidden).rejects.toMatchObject({ code: 'not_found' });
    const looking = takeTurn(hub.ctx(await hub.addUser('viewer')), request);
    await expect(looking).rejects.toMatchObject({ code: 'forbidden', details: { needs: 'model.use' } });
    const { id: userId, username, role } = user;
    const bounds = { ...unbounded, servers: ['files'] };
    const key: Actor = { type: 'key', id: 'k', userId, username, role, scopes: ['*'], bounds };
    await expect(takeTurn(hub.ctx(key), request)).rejects.toMatchObject({ code: 'forbidden' });
    expect(asked).toEqual([]);
  });
});

it('keeps turns as long as calls, and the figures of their days longer', async () => {
  await drain(await takeTurn(hub.ctx(), request));
  const day = 86_400_000;
  expect(await pruneModelTurns(hub.testDb.db, hub.clock.now())).toBe(0);
  expect(await pruneModelTurns(hub.testDb.db, hub.clock.now() + 400 * day)).toBe(1);
  expect([await turns(), (await days()).length]).toEqual([[], 1]);
  await pruneModelTurns(hub.testDb.db, hub.clock.now() + 1_200 * day);
  expect(await days()).toEqual([]);
});

describe('a budget', () => {
  const { modelBudgets } = tables;
  function budget(of: object, measure: 'tokens' | 'money', most: number, period: 'day' | 'month' = 'day') {
    return hub.testDb.db.insert(modelBudgets).values({ id: `${Math.random()}`, period, measure, most, ...of });
  }

  it('ends turns when it is spent, says so, and begins anew', async () => {
    const user = await hub.addUser('user');
    await budget({ userId: user.id }, 'tokens', 24);
    await budget({ userId: user.id }, 'money', 0.00013, 'month');
    for (let count = 0; count < 2; count += 1) await drain(await takeTurn(hub.ctx(user), request));
    const spent = takeTurn(hub.ctx(user), request);
    await expect(spent).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: expect.stringMatching(/24 of 24 tokens today.*tomorrow/),
      details: { budget: { of: 'user', period: 'day', measure: 'tokens', most: 24, spent: 24 } },
    });
    await drain(await takeTurn(hub.ctx(), request));
    hub.clock.set(Date.parse('2027-03-01T12:00:00Z'));
    await drain(await takeTurn(hub.ctx(user), request));
    hub.clock.set(Date.parse('2027-03-02T12:00:00Z'));
    for (let count = 0; count < 2; count += 1) await drain(await takeTurn(hub.ctx(user), request));
    hub.clock.set(Date.parse('2027-03-03T12:00:00Z'));
    await expect(takeTurn(hub.ctx(user), request)).rejects.toThrow(/0\.00018 of 0\.00013 this month/);
    expect((await turns()).filter(({ outcome }) => outcome === null)).toEqual([]);
  });

  it('of a key bounds that key, and of a person all of theirs', async () => {
    const user = await hub.addUser('user');
    const { id } = await createKey(hub.ctx(user), { name: 'k' });
    const key: Actor = { ...user, type: 'key', id, userId: user.id, scopes: ['*'], bounds: unbounded };
    await budget({ keyId: id }, 'tokens', 1);
    await drain(await takeTurn(hub.ctx(key), request));
    await expect(takeTurn(hub.ctx(key), request)).rejects.toThrow(/budget of this API key.*12 of 1 tokens/);
    await drain(await takeTurn(hub.ctx(user), request));
    await budget({ userId: user.id }, 'tokens', 20, 'month');
    await expect(takeTurn(hub.ctx(user), request)).rejects.toThrow(/Your budget/);
  });

  it('is not passed by turns that begin at once, by more than one', async () => {
    const user = await hub.addUser('user');
    await budget({ userId: user.id }, 'tokens', 2_500);
    // Each sets about 1,000 tokens aside.
    const begun = await Promise.allSettled(Array.from({ length: 12 }, () => takeTurn(hub.ctx(user), request)));
    const open = begun.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    expect(open).toHaveLength(3);
    for (const turn of open) await drain(turn);
    // What they had set aside and did not use is free again.
    expect((await days()).map(({ tokensIn, tokensOut }) => tokensIn + tokensOut)).toEqual([36]);
    await drain(await takeTurn(hub.ctx(user), request));
  });

  it('lets go of what a turn that never ended had set aside', async () => {
    const user = await hub.addUser('user');
    await budget({ userId: user.id }, 'tokens', 100, 'month');
    hub.clock.set(Date.parse('2027-03-01T12:00:00Z'));
    await takeTurn(hub.ctx(user), request);
    await expect(takeTurn(hub.ctx(user), request)).rejects.toMatchObject({ code: 'limit_exceeded' });
    hub.clock.advance(3_600_001);
    await drain(await takeTurn(hub.ctx(user), request));
  });
});
