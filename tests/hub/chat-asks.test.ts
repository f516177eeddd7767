import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RoundNews } from '@switchboard/core/conversations';
import type { RoundAnswer } from '@switchboard/core/conversations/schema';
import { model, openTalk, type Talk } from '../compat/agents/talk.ts';

let talk: Talk;
beforeAll(async () => {
  talk = await openTalk();
  // A model is asked without the tools of a server that takes too long to start.
  await talk.app.client().servers.start.mutate({ id: 'alpha', wait: true });
});
afterAll(() => talk[Symbol.asyncDispose]());
beforeEach(async () => {
  talk.provider.forget();
  for (const table of ['conversations', 'tool_rules']) await talk.app.connection.run(`delete from ${table}`, []);
});

interface Watched {
  news: RoundNews[];
  conversationId: string;
}

/** Says something on the page, answers what is asked, and gives all that was told. */
async function watch(
  calls: { name: string; arguments: Record<string, unknown> }[],
  answer: (question: Extract<RoundNews, { type: 'ask' }>['question']) => RoundAnswer,
  conversationId?: string,
): Promise<Watched> {
  const title = conversationId === undefined ? [{ text: '<title>Asked</title>' }] : [];
  talk.provider.script({ calls }, { text: 'Done.' }, ...title);
  const client = talk.app.client();
  const settings = { model, chosen: { servers: ['alpha'] } };
  const said = { content: 'Go', settings, ...(conversationId !== undefined && { conversationId }) };
  const begun = await client.conversations.say.mutate(said);
  const { runId } = begun;
  const news: RoundNews[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const subscription = client.conversations.follow.subscribe(
    { runId },
    {
      onData(item) {
        news.push(item);
        if (item.type === 'ask') {
          client.conversations.answer.mutate({ runId, askId: item.askId, answer: answer(item.question) }).catch(reject);
        }
        if (item.type === 'end') resolve();
      },
      onError: reject,
    },
  );
  await ended;
  subscription.unsubscribe();
  if (conversationId === undefined) await talk.titled(begun.externalId);
  return { news, conversationId: begun.conversationId };
}

const echo = { name: 'echo', arguments: { text: 'hi' } };
const structured = { name: 'structured', arguments: { n: 2 } };

function resultIn(news: readonly RoundNews[]): string {
  const found = news.find((item) => item.type === 'result');
  return found?.type === 'result' ? String(found.message.content) : '';
}
function questionsIn(news: readonly RoundNews[]) {
  return news.flatMap((item) => (item.type === 'ask' ? [item.question] : []));
}
function allow(remember: 'once' | 'conversation' | 'always' = 'once'): RoundAnswer {
  return { type: 'approval', allowed: true, remember };
}
function never(): never {
  throw new Error('Nothing should be asked.');
}

test('a tool that only reads is called, another one when a person allows it', async () => {
  expect(resultIn((await watch([echo], never)).news)).toMatch(/succeeded:\nhi$/);
  const { news } = await watch([structured], () => allow());
  expect(questionsIn(news)).toMatchObject([
    { type: 'approval', server: 'alpha', tool: 'structured', arguments: { n: 2 }, readOnly: false, destructive: true },
  ]);
  expect(resultIn(news)).toContain('"double":4');
  expect(news.some(({ type }) => type === 'answered')).toBe(true);
});

test('a call that is refused is told to the model, which goes on', async () => {
  const { news } = await watch([structured], () => ({ type: 'approval', allowed: false, remember: 'once' }));
  expect(resultIn(news)).toBe('Tool structured was not called: the person refused it.');
  expect(news.at(-1)).toMatchObject({ type: 'end', state: 'done' });
});

test('an answer holds for a conversation, or always', async () => {
  const first = await watch([structured], () => allow('conversation'));
  expect(questionsIn((await watch([structured], never, first.conversationId)).news)).toEqual([]);
  expect(questionsIn((await watch([structured], () => allow('always'))).news)).toHaveLength(1);
  expect(questionsIn((await watch([structured], never)).news)).toEqual([]);
  expect(await talk.app.client().conversations.rules.query()).toMatchObject([
    { serverId: 'alpha', tool: 'structured', scope: 'person', verdict: 'allow' },
  ]);
});

test('what a person forbids is not called, on the page or over REST', async () => {
  const rule = { server: 'alpha', tool: 'echo', verdict: 'deny' as const };
  await talk.app.client().conversations.setRule.mutate(rule);
  const forbidden = 'Tool echo was not called: a rule of this hub forbids it.';
  expect(resultIn((await watch([echo], never)).news)).toBe(forbidden);
  talk.provider.script({ calls: [echo] }, { text: 'No.' });
  const { body } = await talk.say({ mcp_servers: ['alpha'] });
  expect(body.messages[2].content).toBe(forbidden);
  await talk.app.client().conversations.setRule.mutate({ ...rule, verdict: 'ask' });
  talk.provider.script({ calls: [echo] }, { text: 'No.' });
  expect((await talk.say({ mcp_servers: ['alpha'] })).body.messages[2].content).toMatch(/a person has to allow it/);
});

test('a group that asks is not answered by what a person always allows', async () => {
  const client = talk.app.client();
  const group = await client.groups.create.mutate({ name: 'askers' });
  await client.groups.addServer.mutate({ groupId: group.id, serverId: 'alpha' });
  const me = await client.account.get.query();
  await client.groups.addMember.mutate({ groupId: group.id, userId: me.id });
  await client.conversations.setRule.mutate({ server: 'alpha', tool: 'echo', verdict: 'allow' });
  await client.conversations.setRule.mutate({ server: 'alpha', tool: 'echo', groupId: group.id, verdict: 'ask' });
  expect(questionsIn((await watch([echo], () => allow())).news)).toHaveLength(1);
  await client.groups.remove.mutate({ id: group.id });
});

test('a form that a server asks for is filled in within the conversation', async () => {
  const elicit = { name: 'elicit', arguments: {} };
  const { news } = await watch([elicit], (question) =>
    question.type === 'server' ? { type: 'server', result: { action: 'accept', content: { name: 'Ann' } } } : allow(),
  );
  expect(questionsIn(news).map(({ type }) => type)).toEqual(['approval', 'server']);
  expect(resultIn(news)).toContain('Ann');
  const declined = await watch([elicit], (question) =>
    question.type === 'server' ? { type: 'declined', reason: 'Not now' } : allow(),
  );
  expect(resultIn(declined.news)).toMatch(/Not now|failed/);
});

test('the model of the conversation answers what a server wants sampled, when a person lets it', async () => {
  talk.provider.forget();
  const { news } = await watchSampling();
  expect(questionsIn(news)).toMatchObject([{ type: 'approval' }, { type: 'server', method: 'sampling/createMessage' }]);
  expect(resultIn(news)).toContain('sampled by the model');
});

async function watchSampling(): Promise<Watched> {
  const sample = { name: 'sample', arguments: {} };
  const script = talk.provider.script.bind(talk.provider);
  // The second request is the server's.
  talk.provider.script = (...replies) => {
    const [first, ...rest] = replies;
    script(...(first ? [first] : []), { text: 'sampled by the model' }, ...rest);
  };
  try {
    return await watch([sample], (question) => (question.type === 'server' ? { type: 'model' } : allow()));
  } finally {
    talk.provider.script = script;
  }
}
