import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createTestApp, type TestApp } from '../support/app.ts';
import { times } from '../support/long.ts';
import { commonPassword, signInAs } from '../support/people.ts';

/** Budgets that many turns race for: what was in flight when the last one was let in is the most that is over. */

const rounds = times(3, 20);
const atOnce = 20;
/** Of each answer, by what the provider says: no more than a turn sets aside. */
const usage = { prompt: 2, completion: 98 };
const perTurn = usage.prompt + usage.completion;
const budget = 450;

let app: TestApp;
let provider: ScriptedProvider;
beforeAll(async () => {
  provider = await startProvider();
  app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true', CALLS_PER_MINUTE: '0' });
  const { url: baseUrl } = provider;
  await app
    .client()
    .models.create.mutate({ name: 'racer', baseUrl, visibility: 'everyone', options: { max_tokens: 98 } });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});

test(`20 turns at once, ${rounds} times, never overshoot a budget by more than the turns in flight`, async () => {
  let mostInFlight = 0;
  let inFlight = 0;
  for (let round = 0; round < rounds; round += 1) {
    const username = `racer-${round}`;
    const { id: userId } = await app.client().users.create.mutate({
      username,
      password: commonPassword,
      mustChangePassword: false,
    });
    await app.client().models.setBudget.mutate({ userId, period: 'day', measure: 'tokens', most: budget });
    const caller = await signInAs(app, username);
    const before = provider.requests.length;
    provider.always(() => {
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      return { text: 'x'.repeat(40), usage, hold: new Promise((resolve) => setTimeout(resolve, 5)) };
    });
    const body = { model: 'racer', messages: [{ role: 'user', content: 'Hi' }] };
    const answers = await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const answer = await caller.json('/v1/chat/completions', { body });
        inFlight -= answer.status === 200 ? 1 : 0;
        return answer;
      }),
    );
    const statuses = answers.map(({ status }) => status);
    const taken = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    // What is refused never reached the provider.
    expect(provider.requests.length - before).toBe(taken);
    expect(taken).toBeGreaterThan(0);
    const [own] = (await app.client().models.budgets.query({})).filter((each) => each.userId === userId);
    expect(own?.spent).toBe(taken * perTurn);
    // Turns that set aside what they may take keep the others out: one may be over by its own tokens.
    expect(own?.spent).toBeLessThan(budget + perTurn);
    // One at a time, what is left is used up, and no more.
    for (let more = 0; more < atOnce; more += 1) {
      if ((await caller.json('/v1/chat/completions', { body })).status === 429) break;
    }
    const [spent] = (await app.client().models.budgets.query({})).filter((each) => each.userId === userId);
    expect(spent?.spent).toBeGreaterThanOrEqual(budget);
    expect(spent?.spent).toBeLessThan(budget + perTurn);
  }
  expect(mostInFlight).toBeGreaterThan(1);
});
