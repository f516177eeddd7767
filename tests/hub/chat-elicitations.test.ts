import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoundNews } from '@switchboard/core/conversations';
import { model, openTalk, type Talk } from '../compat/agents/talk.ts';
import { times } from '../support/long.ts';

/** Many questions of servers at once: each is put once, and each answer comes back to the call that asked. */

const passes = times(1, 4);
// A call that can be asked has an instance of its own, of which one person has 32 at once.
const conversations = times(2, 8);
const turns = times(3, 9);
const callsATurn = times(6, 4);

let talk: Talk;
beforeAll(async () => {
  talk = await openTalk();
  const rule = { server: 'alpha', tool: 'elicit', verdict: 'allow' as const };
  await talk.app.client().servers.start.mutate({ id: 'alpha', wait: true });
  await talk.app.client().conversations.setRule.mutate(rule);
});
afterAll(() => talk[Symbol.asyncDispose]());

interface Asked {
  answered: string[];
  results: string[];
  mostOpen: number;
  state: string;
}

/** Says something, answers each question with a name of its own, and tells what came of it. */
async function answerAll(number: number): Promise<Asked> {
  const client = talk.app.client();
  const settings = { model, chosen: { servers: ['alpha'] } };
  const { runId } = await client.conversations.say.mutate({ content: `Go ${number}`, settings });
  const asked: Asked = { answered: [], results: [], mostOpen: 0, state: '' };
  const open = new Set<string>();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  function hear(item: RoundNews) {
    if (item.type === 'ask') {
      open.add(item.askId);
      asked.mostOpen = Math.max(asked.mostOpen, open.size);
      const name = `person-${number}-${asked.answered.length}`;
      asked.answered.push(name);
      const result = { action: 'accept', content: { name } };
      const answer = { type: 'server' as const, result };
      client.conversations.answer.mutate({ runId, askId: item.askId, answer }).catch(reject);
    }
    if (item.type === 'answered') open.delete(item.askId);
    if (item.type === 'result') asked.results.push(String(item.message.content));
    if (item.type === 'end') {
      asked.state = item.state;
      resolve();
    }
  }
  const followed = client.conversations.follow.subscribe({ runId }, { onData: hear, onError: reject });
  await ended;
  followed.unsubscribe();
  expect(open.size).toBe(0);
  return asked;
}

test(`${passes * conversations * turns * callsATurn} questions are answered, and none is lost or put twice`, async () => {
  const taken = new Map<string, number>();
  talk.provider.always(({ body }) => {
    const messages = (body?.['messages'] ?? []) as { role: string; content: unknown }[];
    const said = messages.findLast(({ role }) => role === 'user')?.content;
    const which = typeof said === 'string' && said.startsWith('Go ') ? said : null;
    if (which === null || JSON.stringify(body).includes('<title>')) return { text: '<title>Asked</title>' };
    const turn = (taken.get(which) ?? 0) + 1;
    taken.set(which, turn);
    if (turn > turns) return { text: 'Done.' };
    return { calls: Array.from({ length: callsATurn }, () => ({ name: 'elicit', arguments: {} })) };
  });
  const all: Asked[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    const numbers = Array.from({ length: conversations }, (_, n) => pass * conversations + n);
    all.push(...(await Promise.all(numbers.map(answerAll))));
  }
  const each = turns * callsATurn;
  for (const { answered, results, mostOpen, state } of all) {
    expect([answered.length, results.length, state], results[0]).toEqual([each, each, 'done']);
    expect(mostOpen).toBeLessThanOrEqual(callsATurn);
    const missing = answered.filter((name) => results.filter((text) => text.includes(`"${name}"`)).length !== 1);
    expect(missing).toEqual([]);
  }
});
