import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chunk, Providers } from '@switchboard/agents';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { createKey, revokeKey } from '../keys/verbs.ts';
import { createModel } from '../models/verbs.ts';
import { makeTestCore, unbounded, type TestCore } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import { answerRequest } from './answer.ts';
import { pruneClaude } from './requests.ts';
import { askClaudeLater, getClaudeRequest } from './verbs.ts';

const { claudeRequests } = tables;
const dayMs = 86_400_000;

let hub: TestCore;
let turns: number;
const chunk: Chunk = {
  id: 'c',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }],
};
const providers: Pick<Providers, 'runTurn' | 'listModels'> = {
  async *runTurn() {
    turns += 1;
    yield chunk;
  },
  listModels: () => Promise.resolve([]),
};
beforeEach(async () => {
  hub = await makeTestCore({}, undefined, undefined, providers);
  turns = 0;
  const name = 'claude';
  await createModel(hub.ctx(), { name, baseUrl: 'https://api.anthropic.com', visibility: 'everyone' });
});
afterEach(() => hub.close());

function answer(id: string) {
  return answerRequest(hub.core.ctxFor({ type: 'system', job: 'claude.answer' }), id);
}
async function asked(actor: Actor): Promise<string> {
  return (await askClaudeLater(hub.ctx(actor), { prompt: 'Hi' })).id;
}

describe('a question that waits', () => {
  it('is answered once, however often its job runs', async () => {
    const user = await hub.addUser('user');
    const id = await asked(user);
    for (let count = 0; count < 2; count += 1) await answer(id);
    expect(turns).toBe(1);
    expect(await getClaudeRequest(hub.ctx(user), { id })).toMatchObject({
      state: 'completed',
      completion: 'Hello',
      stopReason: 'end_turn',
      model: 'claude',
    });
  });

  it('is not answered for who was disabled, or lost the key or the model', async () => {
    const user = await hub.addUser('user');
    const { id: keyId } = await createKey(hub.ctx(user), { name: 'k' });
    const { id: userId, username, role } = user;
    const key: Actor = { type: 'key', id: keyId, userId, username, role, scopes: ['*'], bounds: unbounded };
    const [byKey, byPerson] = [await asked(key), await asked(user)];
    await revokeKey(hub.ctx(user), { id: keyId });
    await answer(byKey);
    await updateUser(hub.ctx(), { id: userId, patch: { disabled: true } });
    await answer(byPerson);
    const other = await hub.addUser('user');
    const withoutModel = await asked(other);
    await hub.testDb.db.update(tables.models).set({ visibility: 'private' });
    await answer(withoutModel);
    expect(turns).toBe(0);
    const ends = await hub.testDb.db.select().from(claudeRequests);
    expect(ends.map(({ state, error }) => [state, typeof error])).toEqual(ends.map(() => ['failed', 'string']));
  });

  it('waits on where its hub stops', async () => {
    const id = await asked(hub.admin);
    const ctx = { ...hub.core.ctxFor({ type: 'system', job: 'j' }), signal: AbortSignal.abort() };
    const failing = { ...ctx, models: { providers: { ...providers, runTurn: () => fails() } } };
    await expect(answerRequest(failing, id)).rejects.toThrow('stopped');
    expect(await getClaudeRequest(hub.ctx(), { id })).toMatchObject({ state: 'processing' });
  });

  it('is one of so many', async () => {
    const user = await hub.addUser('user');
    for (let count = 0; count < 32; count += 1) await asked(user);
    await expect(asked(user)).rejects.toMatchObject({ code: 'limit_exceeded' });
    await asked(hub.admin);
  });
});

async function* fails(): AsyncGenerator<Chunk> {
  yield chunk;
  throw new Error('stopped');
}

it('an answer is kept for a day, and what no try answered is given up', async () => {
  const [kept, lost] = [await asked(hub.admin), await asked(hub.admin)];
  await answer(kept);
  hub.clock.advance(7 * 3_600_000);
  await pruneClaude(hub.testDb.db, hub.clock.now());
  expect(await getClaudeRequest(hub.ctx(), { id: kept })).toMatchObject({ state: 'completed' });
  expect(await getClaudeRequest(hub.ctx(), { id: lost })).toMatchObject({ state: 'failed' });
  hub.clock.advance(dayMs);
  await expect(getClaudeRequest(hub.ctx(), { id: kept })).rejects.toMatchObject({ code: 'not_found' });
  await pruneClaude(hub.testDb.db, hub.clock.now());
  expect(await hub.testDb.db.select().from(claudeRequests).where(eq(claudeRequests.id, kept))).toEqual([]);
});
