import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reply } from '@switchboard/agents/testing';
import type { RoundNews } from '@switchboard/core/conversations';
import type { RoundAnswer } from '@switchboard/core/conversations/schema';
import { type ChatHub, type ChatHubs, model, openChatHubs } from '../support/chat-hubs.ts';
import { times } from '../support/long.ts';
import { until } from '../support/until.ts';

/** Hubs are killed while conversations are answered: nothing that was told is lost, and no call that ended is made again. */

const rounds = times(1, 20);
const eventually = { interval: 50, timeout: 90_000 };
const limitMs = 1_200_000;

let hubs: ChatHubs;
let one: ChatHub;
beforeAll(async () => {
  hubs = await openChatHubs();
  one = await hubs.start();
});
afterAll(() => hubs[Symbol.asyncDispose]());

const settings = { model, chosen: { servers: ['counting'] } };
/** Of whole pieces, which have four characters. */
const told = 'Once upon a time there was a hub that had to end before its day: so ';
/** Says that much and then nothing more; the first event has no text. */
const half: Reply = { text: told, stallAfter: 1 + told.length / 4 };

function calling(...tools: string[]): Reply {
  return { calls: tools.map((name) => ({ name, arguments: {} })) };
}

function say(hub: ChatHub, conversationId?: string) {
  return hub.client.conversations.say.mutate({
    content: 'Go',
    settings,
    ...(conversationId !== undefined && { conversationId }),
  });
}

/** What the hubs would find of the answer that goes on. */
async function writtenOf(runId: string): Promise<string> {
  const rows = await hubs.db.connection.sql<{ event: { content: string } }[]>`
    select event from agent_events where run_id = ${runId} order by seq`;
  return rows.map(({ event }) => event.content).join('');
}

async function stepsOf(runId: string) {
  const rows = await hubs.db.connection.sql<{ key: string; state: string; output: unknown }[]>`
    select key, state, output from agent_steps where run_id = ${runId} order by seq`;
  return [...rows];
}

function textsOf(round: Awaited<ReturnType<ChatHub['last']>>): string[] {
  return round.messages.map(({ message }) => String(message.content ?? ''));
}

function untilEnded(hub: ChatHub, conversationId: string) {
  return expect.poll(async () => (await hub.last(conversationId)).endedAt, eventually).not.toBeNull();
}

function questionIn(news: readonly RoundNews[]) {
  return news.find((item) => item.type === 'ask');
}

/** Waits for what a round asks, and answers it. */
async function answer(hub: ChatHub, runId: string, given: RoundAnswer) {
  const followed = hub.follow(runId);
  await until(() => questionIn(followed.news) !== undefined, 'something is asked');
  followed.leave();
  const asked = questionIn(followed.news);
  if (asked?.type !== 'ask') throw new Error('Nothing is asked.');
  await hub.client.conversations.answer.mutate({ runId, askId: asked.askId, answer: given });
  return asked.question;
}

describe(`killed ${rounds} times`, () => {
  test(
    'in mid-answer: what was told is there, marked, and goes on',
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        hubs.script(half);
        const { conversationId, runId } = await say(one);
        await expect.poll(() => writtenOf(runId), eventually).toBe(told);
        await one.again('SIGKILL');
        await untilEnded(one, conversationId);
        const cut = await one.last(conversationId);
        expect(cut).toMatchObject({ state: 'failed', failure: { code: 'answerCut' }, canContinue: true });
        expect(cut.messages).toMatchObject([{ cut: true, message: { content: told } }]);
        hubs.script({ text: 'and it did.' });
        await one.client.conversations.goOn.mutate({ runId });
        await untilEnded(one, conversationId);
        const whole = await one.last(conversationId);
        expect([whole.id, whole.state, textsOf(whole)]).toEqual([runId, 'done', [told, 'and it did.']]);
        await expect.poll(() => writtenOf(runId), eventually).toBe('');
      }
    },
    limitMs,
  );

  test(
    'in mid-answer behind a call, and again after it went on: nothing of either is lost',
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        const release = hubs.server.hold('look');
        hubs.script({ ...calling('look'), text: 'I shall look. ' });
        const { conversationId, runId } = await say(one);
        const before = hubs.server.calls('look');
        await until(() => hubs.server.calls('look') > before, 'the tool is called');
        await one.again('SIGKILL');
        hubs.script(half);
        release();
        await expect.poll(() => writtenOf(runId), eventually).toMatch(new RegExp(`${told}$`));
        await one.again('SIGKILL');
        await untilEnded(one, conversationId);
        const cut = await one.last(conversationId);
        expect(textsOf(cut)).toEqual(['I shall look. ', expect.stringContaining('look '), told]);
        expect(cut).toMatchObject({ state: 'failed', canContinue: true });
      }
    },
    limitMs,
  );

  test.each(['look', 'put'])(
    'in a call of %s, which may be made again: it is, and the round comes to its end by itself',
    async (tool) => {
      for (let round = 0; round < rounds; round += 1) {
        const before = hubs.server.calls(tool);
        const asked = hubs.asked().length;
        const release = hubs.server.hold(tool);
        hubs.script(calling(tool));
        const { conversationId, runId } = await say(one);
        await until(() => hubs.server.calls(tool) === before + 1, 'the tool is called');
        await one.hub.end('SIGKILL');
        release();
        hubs.script({ text: 'Done.' });
        await one.again('SIGKILL');
        await untilEnded(one, conversationId);
        const { state, messages } = await one.last(conversationId);
        expect([state, messages.length]).toEqual(['done', 3]);
        expect(hubs.server.calls(tool)).toBe(before + 2);
        expect((await stepsOf(runId)).map((step) => step.state)).toEqual(['done', 'done', 'done']);
        // One turn before the call, one after it.
        expect(hubs.asked().length - asked).toBe(2);
      }
    },
    limitMs,
  );

  test.each([
    { choice: 'repeat', calls: 2, told: /succeeded:\nsend/ },
    { choice: 'skip', calls: 1, told: /^I know that it was sent$/ },
    { choice: 'fail', calls: 1, told: /nobody knows whether it was made/ },
  ] as const)(
    'in a call that must not be made again: it waits, and "$choice" does that',
    async ({ choice, calls, told: result }) => {
      for (let round = 0; round < rounds; round += 1) {
        const before = { send: hubs.server.calls('send'), put: hubs.server.calls('put') };
        const release = hubs.server.hold('send');
        hubs.script(calling('put', 'send'));
        const { conversationId, runId } = await say(one);
        async function putIsWritten() {
          return (await stepsOf(runId)).filter(({ state }) => state === 'done').length === 2;
        }
        await until(putIsWritten, 'one call ended');
        await until(() => hubs.server.calls('send') === before.send + 1, 'the other one goes on');
        await one.again('SIGKILL');
        release();
        await expect.poll(async () => (await one.last(conversationId)).state, eventually).toBe('waiting');
        hubs.script({ text: 'Done.' });
        const text = choice === 'skip' ? 'I know that it was sent' : '';
        const question = await answer(one, runId, { type: 'repeat', choice, text });
        expect(question).toMatchObject({ type: 'repeat', server: 'counting', tool: 'send' });
        await untilEnded(one, conversationId);
        const ended = await one.last(conversationId);
        expect(ended.state).toBe('done');
        expect(textsOf(ended)).toContainEqual(expect.stringMatching(result));
        expect(hubs.server.calls('send') - before.send).toBe(calls);
        // What ended before the kill is not done again.
        expect(hubs.server.calls('put') - before.put).toBe(1);
      }
    },
    limitMs,
  );

  test(
    'in a compaction: nothing of it is there, and it can be done',
    async () => {
      hubs.script(calling('look'), { text: 'Done.' });
      const { conversationId, runId } = await say(one);
      await untilEnded(one, conversationId);
      await hubs.db.connection.sql`update agent_steps set output = jsonb_set(output, '{message,content}',
        to_jsonb(repeat('long ', 500))) where run_id = ${runId} and kind = 'tool'`;
      for (let round = 0; round < rounds; round += 1) {
        const { promise: summary, resolve } = Promise.withResolvers<void>();
        hubs.script({ text: 'Short.', hold: summary });
        const asked = hubs.asked().length;
        const compact = { id: conversationId, model, type: 'precise', threshold: 200 } as const;
        const compacting = one.client.conversations.compact.mutate(compact).catch(() => 'lost');
        await until(() => hubs.asked().length > asked, 'a summary is asked for');
        await one.again('SIGKILL');
        resolve();
        expect(await compacting).toBe('lost');
        expect((await one.last(conversationId)).compacted).toBe(false);
        hubs.script({ text: 'Short.' });
        const { statistics } = await one.client.conversations.compact.mutate(compact);
        expect(statistics.toolContentsSummarized).toBe(1);
        expect((await one.last(conversationId)).compacted).toBe(true);
        await one.client.conversations.undoCompaction.mutate({ id: conversationId });
      }
    },
    limitMs,
  );
});

describe('with a person who allows each call', () => {
  test('what was allowed before the kill is not asked again, but whether it is to be made again', async () => {
    const rule = { server: 'counting', tool: 'send' };
    await one.client.conversations.setRule.mutate({ ...rule, verdict: 'ask' });
    const before = hubs.server.calls('send');
    const release = hubs.server.hold('send');
    hubs.script(calling('send'));
    const { conversationId, runId } = await say(one);
    const first = await answer(one, runId, { type: 'approval', allowed: true, remember: 'once' });
    expect(first.type).toBe('approval');
    await until(() => hubs.server.calls('send') > before, 'the tool is called');
    await one.again('SIGKILL');
    release();
    hubs.script({ text: 'Done.' });
    const second = await answer(one, runId, { type: 'repeat', choice: 'skip', text: 'It was sent.' });
    expect(second.type).toBe('repeat');
    await untilEnded(one, conversationId);
    expect(textsOf(await one.last(conversationId))).toContain('It was sent.');
    expect(hubs.server.calls('send') - before).toBe(1);
    await one.client.conversations.setRule.mutate({ ...rule, verdict: 'allow' });
  });
});

describe('two hubs on one database', () => {
  let two: ChatHub;
  beforeAll(async () => {
    two = await hubs.start();
  });

  test('one stops what the other one says, and what was said is kept', async () => {
    hubs.script(half);
    const { conversationId, runId } = await say(one);
    await expect.poll(() => writtenOf(runId), eventually).toBe(told);
    await two.client.conversations.stop.mutate({ runId });
    await untilEnded(two, conversationId);
    const stopped = await two.last(conversationId);
    expect([stopped.state, textsOf(stopped)]).toEqual(['cancelled', [told]]);
    // It goes on at the other one, of which the first one is told the truth, too.
    hubs.script(half);
    await two.client.conversations.goOn.mutate({ runId });
    await expect.poll(() => writtenOf(runId), eventually).toBe(told);
    expect(await one.last(conversationId)).toMatchObject({ state: 'running' });
    const followed = one.follow(runId);
    await until(() => followed.news.some((item) => item.type === 'delta'), 'the other hub is followed');
    await one.client.conversations.stop.mutate({ runId });
    await untilEnded(one, conversationId);
    await until(() => followed.news.at(-1)?.type === 'end', 'the end is told');
    followed.leave();
    expect(await one.last(conversationId)).toMatchObject({ state: 'cancelled' });
  });

  test(
    'one takes over what the other one leaves',
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        const before = hubs.server.calls('look');
        const release = hubs.server.hold('look');
        hubs.script(half);
        const cut = await say(one);
        await expect.poll(() => writtenOf(cut.runId), eventually).toBe(told);
        hubs.script(calling('look'), { text: 'Done.' });
        const called = await say(one);
        await until(() => hubs.server.calls('look') > before, 'the tool is called');
        await one.hub.end('SIGKILL');
        release();
        await untilEnded(two, called.conversationId);
        expect(await two.last(called.conversationId)).toMatchObject({ state: 'done', finish: 'stop' });
        await untilEnded(two, cut.conversationId);
        expect(textsOf(await two.last(cut.conversationId))).toEqual([told]);
        expect(hubs.server.calls('look') - before).toBe(2);
        await one.again('SIGKILL');
      }
    },
    limitMs,
  );
});

describe('told to stop', () => {
  test('in mid-answer, it keeps what was said at once', async () => {
    hubs.script(half);
    const { conversationId, runId } = await say(one);
    const followed = one.follow(runId);
    function heard() {
      return followed.news.map((item) => (item.type === 'delta' ? item.content : '')).join('');
    }
    await until(() => heard() === told, 'all is told');
    followed.leave();
    await one.hub.end('SIGTERM');
    expect((await stepsOf(runId)).map(({ state }) => state)).toEqual(['cut']);
    await one.again('SIGKILL');
    const round = await one.last(conversationId);
    expect(round).toMatchObject({ state: 'failed', failure: { code: 'answerCut' }, canContinue: true });
    expect(textsOf(round)).toEqual([told]);
  });

  test('in a call, the round goes on with the next start', async () => {
    const release = hubs.server.hold('look');
    const before = hubs.server.calls('look');
    hubs.script(calling('look'), { text: 'Done.' });
    const { conversationId } = await say(one);
    await until(() => hubs.server.calls('look') > before, 'the tool is called');
    const ended = one.hub.end('SIGTERM');
    await ended;
    release();
    await one.again('SIGKILL');
    await untilEnded(one, conversationId);
    expect(await one.last(conversationId)).toMatchObject({ state: 'done', finish: 'stop' });
    expect(hubs.server.calls('look')).toBe(before + 2);
  });
});
