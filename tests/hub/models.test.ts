import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProvider } from '@switchboard/agents/testing';
import { createTestApp, type TestApp } from '../support/app.ts';
import { addPerson, type Caller, callerOf } from '../support/people.ts';

/** Models through the running hub, with a provider on this machine. */

let app: TestApp;
let provider: Awaited<ReturnType<typeof startProvider>>;
let admin: Caller;
const key = 'sk-live-abcdefgh12345678';

beforeAll(async () => {
  provider = await startProvider();
  app = await createTestApp({ OPENAI_API_KEY: key, OPENAI_BASE_URL: `${provider.url}/v1` });
  admin = callerOf(app, app.token);
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

test('a hub that is started with a key has a model of it, which is the admins’', async () => {
  const models = await admin.client().models.list.query();
  expect(models.map(({ name, hasKey, visibility, createdBy }) => [name, hasKey, visibility, createdBy])).toEqual([
    ['demo', false, 'everyone', null],
    ['gpt-4o', true, 'private', null],
  ]);
  const stranger = await addPerson(app, 'stranger');
  expect((await stranger.client().models.list.query()).map(({ name }) => name)).toEqual(['demo']);
});

describe('a test', () => {
  test('of a stored model takes a turn, and is counted', async () => {
    provider.script({ text: 'Hello there.', usage: { prompt: 12, completion: 3 } });
    const answer = await admin.client().models.test.mutate({ id: 'gpt-4o' });
    expect(answer).toMatchObject({ ok: true, text: 'Hello there.', tokensIn: 12, tokensOut: 3 });
    expect(answer.ok && answer.firstTokenMs).toEqual(expect.any(Number));
    expect(provider.requests[0]?.headers['authorization']).toBe(`Bearer ${key}`);
    const [use] = await admin.client().models.use.query({});
    expect(use).toMatchObject({ model: 'gpt-4o', turns: 1, failures: 0, tokensIn: 12, tokensOut: 3 });
  });

  test('of the built-in model needs no network', async () => {
    const stranger = await addPerson(app, 'onlooker');
    expect(await stranger.client().models.test.mutate({ id: 'demo' })).toMatchObject({ ok: true });
    expect(provider.requests).toEqual([]);
  });

  test('tells what the provider answered, without the key', async () => {
    provider.script({ status: 401, body: { error: { message: `Incorrect API key provided: ${key}`, type: 'auth' } } });
    const answer = await admin.client().models.test.mutate({ id: 'gpt-4o' });
    expect(answer).toMatchObject({ ok: false, code: 'unauthorized', status: 401 });
    expect(JSON.stringify(answer)).toContain('Incorrect API key');
    expect(JSON.stringify(answer)).not.toContain(key);
    // A test is not tried again.
    expect(provider.requests).toHaveLength(1);
  });

  test('of a draft uses what is stored where nothing else is given, for who may change the model', async () => {
    const draft = { baseUrl: `${provider.url}/v1`, model: 'other', headers: { 'x-team': 'blue' } };
    const client = admin.client();
    const answer = await client.models.testDraft.mutate({ draft, existingId: 'gpt-4o' });
    expect(answer).toMatchObject({ ok: true });
    expect(provider.requests[0]).toMatchObject({
      headers: { authorization: `Bearer ${key}`, 'x-team': 'blue' },
      body: { model: 'other' },
    });
    expect((await client.models.get.query({ id: 'gpt-4o' })).model).toBe('gpt-4o');
    const stranger = await addPerson(app, 'tester');
    const foreign = stranger.client().models.testDraft.mutate({ draft, existingId: 'gpt-4o' });
    await expect(foreign).rejects.toThrow(/does not exist/);
    await expect(stranger.client().models.testDraft.mutate({ draft })).rejects.toThrow(/may add models/);
  });

  test('of an address that its maker may not reach is refused', async () => {
    const manager = await addPerson(app, 'chief', { role: 'manager' });
    const draft = { baseUrl: `${provider.url}/v1` };
    for (const answer of [
      await manager.client().models.testDraft.mutate({ draft }),
      await manager.client().models.offered.mutate({ draft }),
    ])
      expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('loopback') });
    expect(provider.requests).toEqual([]);
  });
});

test('the models that a provider offers can be picked from', async () => {
  provider.models = ['b-model', 'a-model'];
  const offered = await admin
    .client()
    .models.offered.mutate({ draft: { baseUrl: provider.url }, existingId: 'gpt-4o' });
  expect(offered.ok && offered.models.map(({ id }) => id).toSorted()).toEqual(['a-model', 'b-model']);
});

describe('budgets', () => {
  test('of a person are said by admins, of a key by its owner, and end its turns', async () => {
    const person = await addPerson(app, 'spender');
    const { id: keyId, key: secret } = await person.client().keys.create.mutate({ name: 'k' });
    const bound = { period: 'day', measure: 'tokens', most: 5 } as const;
    await expect(person.client().models.setBudget.mutate({ userId: person.id, ...bound })).rejects.toThrow();
    const [budget] = await person.client().models.setBudget.mutate({ keyId, ...bound });
    expect(budget).toMatchObject({ keyId, keyName: 'k', username: 'spender', most: 5, spent: 0 });
    const byKey = callerOf(app, secret);
    expect(await byKey.client().models.test.mutate({ id: 'demo' })).toMatchObject({ ok: true });
    await expect(byKey.client().models.test.mutate({ id: 'demo' })).rejects.toThrow(
      /budget of this API key.*of 5 tokens/,
    );
    expect(await person.client().models.test.mutate({ id: 'demo' })).toMatchObject({ ok: true });
    await admin.client().models.setBudget.mutate({ userId: person.id, ...bound, most: 1 });
    await expect(person.client().models.test.mutate({ id: 'demo' })).rejects.toThrow(/Your budget/);
    const seen = await person.client().models.budgets.query({});
    expect(seen.map(({ userId, spent }) => [userId, spent > 5])).toEqual([
      [null, true],
      [person.id, true],
    ]);
    await admin.client().models.setBudget.mutate({ userId: person.id, ...bound, most: null });
    expect(await person.client().models.test.mutate({ id: 'demo' })).toMatchObject({ ok: true });
  });

  test('and use are told to whom they concern', async () => {
    const owner = await addPerson(app, 'owner', { role: 'admin' });
    await admin.client().users.update.mutate({ id: owner.id, patch: { role: 'manager' } });
    const user = await addPerson(app, 'user');
    await owner.client().models.create.mutate({ name: 'theirs', baseUrl: 'https://example.com/v1' });
    await app.connection.run(
      `insert into model_days values ('2026-01-31', (select id from models where name = 'theirs'), $1, '', 'theirs', 2, 1, 10, 5, 0.25),
        ('2026-02-01', (select id from models where name = 'theirs'), $1, '', 'theirs', 1, 0, 1, 1, 0.5)`,
      [user.id],
    );
    const wanted = { model: 'theirs', username: 'user', turns: 2, failures: 1, tokensIn: 10, tokensOut: 5, cost: 0.25 };
    for (const caller of [admin, owner, user]) {
      expect(await caller.client().models.use.query({ month: '2026-01' })).toMatchObject([wanted]);
    }
    const stranger = await addPerson(app, 'nobody');
    expect(await stranger.client().models.use.query({ month: '2026-01' })).toEqual([]);
  });
});
