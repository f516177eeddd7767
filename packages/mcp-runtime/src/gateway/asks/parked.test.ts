import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../types.ts';
import type { Conversation } from '../sessions/conversation.ts';
import { createParkingLot, type ParkingLot } from './parked.ts';

const signal = new AbortController().signal;
function ask(conversation: Conversation, text: string): Promise<JsonObject> {
  return conversation.ask('elicitation/create', { text }, { signal });
}

function lot(over = {}): ParkingLot {
  return createParkingLot({ waitMs: 1000, perPerson: 2, ...over });
}

/** Begins a call that asks these one after the other and gives the answers. */
function asking(parking: ParkingLot, questions: string[], credential = 'me'): Conversation {
  return parking.start(credential, 'binding', async (conversation) => {
    const answers: JsonObject[] = [];
    for (const text of questions) answers.push(await ask(conversation, text));
    return { answers };
  });
}

/** Parks a conversation at its questions and gives them. */
async function park(parking: ParkingLot, conversation: Conversation): Promise<JsonObject> {
  const turn = await conversation.turn();
  if (turn.kind !== 'ask') throw new Error('asked nothing');
  parking.park(conversation);
  return turn.inputRequests;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a call', () => {
  test('that asks nothing comes to its result', async () => {
    const parking = lot();
    const conversation = parking.start('me', 'b', async () => ({ done: true }));
    expect(await conversation.turn()).toEqual({ kind: 'result', result: { done: true } });
    expect(parking.count()).toBe(0);
  });

  test('puts questions asked in one go together', async () => {
    const parking = lot();
    const conversation = parking.start('me', 'b', async (it) => ({
      all: await Promise.all([ask(it, 'a'), ask(it, 'b')]),
    }));
    const questions = await park(parking, conversation);
    expect(Object.values(questions)).toEqual([
      { method: 'elicitation/create', params: { text: 'a' } },
      { method: 'elicitation/create', params: { text: 'b' } },
    ]);
    const resumed = parking.resume(conversation.id, 'b');
    resumed.answer(Object.fromEntries(Object.keys(questions).map((key, n) => [key, { n }])));
    expect(await resumed.turn()).toEqual({ kind: 'result', result: { all: [{ n: 0 }, { n: 1 }] } });
  });

  test('goes on with the answers, question after question', async () => {
    const parking = lot();
    const conversation = asking(parking, ['first', 'second']);
    for (const n of [1, 2]) {
      const questions = await park(parking, conversation);
      expect(Object.keys(questions)).toEqual([`ask-${n}`]);
      parking.resume(conversation.id, 'binding').answer({ [`ask-${n}`]: { n } });
    }
    expect(await conversation.turn()).toEqual({ kind: 'result', result: { answers: [{ n: 1 }, { n: 2 }] } });
  });

  test.each([
    ['of some', { 'ask-1': { yes: 1 } }, ['ask-2']],
    ['that are none', { 'ask-1': 'yes', 'ask-2': null }, ['ask-1', 'ask-2']],
    ['to what was not asked', { 'ask-9': {}, constructor: {}, ['__proto__']: {} }, ['ask-1', 'ask-2']],
    ['that are no object', 7, ['ask-1', 'ask-2']],
    ['missing altogether', undefined, ['ask-1', 'ask-2']],
  ])('asks again for what has no answer: answers %s', async (_what, answers, left) => {
    const parking = lot();
    const conversation = parking.start('me', 'b', async (it) => ({
      all: await Promise.all([ask(it, 'a'), ask(it, 'b')]),
    }));
    await park(parking, conversation);
    const resumed = parking.resume(conversation.id, 'b');
    resumed.answer(answers);
    expect(Object.keys(await park(parking, resumed))).toEqual(left);
  });

  test('that fails fails the turn that waits', async () => {
    const conversation = lot().start('me', 'b', () => Promise.reject(new Error('broken')));
    await expect(conversation.turn()).rejects.toThrow('broken');
  });

  test('whose question the server withdraws waits on for the result', async () => {
    const parking = lot();
    const withdrawn = new AbortController();
    let finish: () => void = () => undefined;
    const conversation = parking.start('me', 'b', async (it) => {
      void it.ask('elicitation/create', {}, { signal: withdrawn.signal }).catch(() => undefined);
      await new Promise<void>((resolve) => (finish = resolve));
      return { done: true };
    });
    const turn = conversation.turn();
    await Promise.resolve();
    withdrawn.abort();
    await new Promise(setImmediate);
    finish();
    expect(await turn).toEqual({ kind: 'result', result: { done: true } });
  });

  /** A call whose server answers though what it asked has no answer. */
  async function impatient(parking: ParkingLot, result: () => JsonObject): Promise<Conversation> {
    let finish: () => void = () => undefined;
    const conversation = parking.start('me', 'b', async (it) => {
      void ask(it, 'a').catch(() => undefined);
      await new Promise<void>((resolve) => (finish = resolve));
      return result();
    });
    await park(parking, conversation);
    finish();
    await new Promise(setImmediate);
    return conversation;
  }

  test('that ended while parked gives its result once, for as long as it may be parked', async () => {
    const parking = lot();
    const conversation = await impatient(parking, () => ({ done: true }));
    expect(parking.count()).toBe(0);
    expect(await parking.resume(conversation.id, 'b').turn()).toEqual({ kind: 'result', result: { done: true } });
    expect(() => parking.resume(conversation.id, 'b')).toThrow('no longer waits for input');
    const another = await impatient(parking, () => ({ done: true }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(() => parking.resume(another.id, 'b')).toThrow('no longer waits for input');
  });

  test('that ended while parked says why it failed, or that its result was too large to keep', async () => {
    const parking = lot();
    const failed = await impatient(parking, () => {
      throw new Error('broken');
    });
    await expect(parking.resume(failed.id, 'b').turn()).rejects.toThrow('broken');
    const large = await impatient(parking, () => ({ text: 'x'.repeat(2_000_000) }));
    await expect(parking.resume(large.id, 'b').turn()).rejects.toThrow('too large to be kept');
  });

  test('is held against its person until its end is told', async () => {
    const parking = lot({ perPerson: 1 });
    const ended = await impatient(parking, () => ({}));
    await expect(park(parking, asking(parking, ['b']))).rejects.toThrow('More than 1 calls');
    await parking.resume(ended.id, 'b').turn();
    await park(parking, asking(parking, ['b']));
  });

  test('tells what it told while parked when it is taken up again, of much the last', async () => {
    const parking = lot();
    const conversation = asking(parking, ['a']);
    const heard: unknown[] = [];
    conversation.listen((_method, params) => heard.push(params['progress']));
    await park(parking, conversation);
    conversation.listen(null);
    for (let progress = 1; progress <= 3; progress += 1) conversation.notify('notifications/progress', { progress });
    expect(heard).toEqual([]);
    conversation.listen((_method, params) => heard.push(params['progress']));
    expect(heard).toEqual([1, 2, 3]);
    conversation.listen(null);
    const text = 'x'.repeat(1000);
    for (let progress = 1; progress <= 500; progress += 1) conversation.notify('notifications/progress', { progress });
    for (let progress = 501; progress <= 900; progress += 1)
      conversation.notify('notifications/progress', { progress, text });
    heard.length = 0;
    conversation.listen((_method, params) => heard.push(params['progress']));
    expect(heard.at(-1)).toBe(900);
    expect(heard.length).toBeLessThanOrEqual(200);
    conversation.listen(null);
    conversation.notify('notifications/progress', { progress: 1, text: text.repeat(1000) });
    heard.length = 0;
    conversation.listen((_method, params) => heard.push(params['progress']));
    expect(heard).toEqual([]);
  });

  test('may ask 64 questions at once, and no more', async () => {
    const parking = lot();
    const failures: string[] = [];
    const conversation = parking.start('me', 'b', async (it) => {
      await Promise.all(
        Array.from({ length: 70 }, (_, n) => ask(it, `${n}`).catch((error: Error) => failures.push(error.message))),
      );
      return {};
    });
    expect(Object.keys(await park(parking, conversation))).toHaveLength(64);
    expect(failures).toEqual(Array.from({ length: 6 }, () => 'More than 64 questions wait for an answer'));
  });
});

describe('a parked call', () => {
  test('is given up when its time is over', async () => {
    const parking = lot();
    const conversation = asking(parking, ['a']);
    await park(parking, conversation);
    await vi.advanceTimersByTimeAsync(1000);
    expect(conversation.signal.reason).toBe('The client gave no input in time');
    expect(() => parking.resume(conversation.id, 'binding')).toThrow('no longer waits');
    expect(parking.count()).toBe(0);
  });

  test('has its whole time again with each answer', async () => {
    const parking = lot();
    const conversation = asking(parking, ['a', 'b']);
    await park(parking, conversation);
    await vi.advanceTimersByTimeAsync(900);
    parking.resume(conversation.id, 'binding').answer({ 'ask-1': {} });
    await park(parking, conversation);
    await vi.advanceTimersByTimeAsync(900);
    expect(conversation.signal.aborted).toBe(false);
  });

  test('is not for another caller, nor for two at once', async () => {
    const parking = lot();
    const conversation = asking(parking, ['a']);
    await park(parking, conversation);
    expect(() => parking.resume(conversation.id, 'another')).toThrow('no longer waits');
    parking.resume(conversation.id, 'binding');
    expect(() => parking.resume(conversation.id, 'binding')).toThrow('no longer waits');
  });

  test('is one of so many a person; others are not hit', async () => {
    const parking = lot();
    for (let i = 0; i < 2; i++) await park(parking, asking(parking, ['a']));
    const third = asking(parking, ['a']);
    await third.turn();
    expect(() => parking.park(third)).toThrow('More than 2 calls of yours wait for input');
    expect(third.signal.aborted).toBe(true);
    await park(parking, asking(parking, ['a'], 'another'));
    expect(parking.count()).toBe(3);
  });

  test('ends with the hub', async () => {
    const parking = lot();
    const conversation = asking(parking, ['a']);
    await park(parking, conversation);
    parking.close();
    await new Promise(setImmediate);
    expect(conversation.signal.aborted).toBe(true);
    expect(parking.count()).toBe(0);
  });
});
