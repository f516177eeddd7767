import { describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../types.ts';
import type { AskClient } from '../sessions/peer.ts';
import { answerInputRequired, inputRequests, isInputRequired } from './input-required.ts';

const { signal } = new AbortController();
function asks(inputRequests: unknown, requestState?: string): JsonObject {
  return {
    resultType: 'input_required',
    inputRequests,
    ...(requestState === undefined ? {} : { requestState }),
  };
}
const question = { method: 'elicitation/create', params: { message: 'Name?' } };
const done = { resultType: 'complete', content: [] };

describe('a server of 2026 that asks a client of 2025', () => {
  test('gets the answers with its state, and its result is the client’s', async () => {
    const resend = vi.fn<(params: JsonObject) => Promise<JsonObject>>(async () => done);
    const ask = vi.fn<AskClient>(async () => ({ action: 'accept' }));
    const first = asks({ name: question }, 'state');
    expect(await answerInputRequired(first, { name: 'tool' }, { ask, signal, resend })).toBe(done);
    expect(ask).toHaveBeenCalledWith('elicitation/create', { message: 'Name?' }, { signal });
    expect(resend).toHaveBeenCalledWith({
      name: 'tool',
      inputResponses: { name: { action: 'accept' } },
      requestState: 'state',
    });
  });

  test('asks until it comes to a result, each time with its latest state', async () => {
    const results = [asks({ b: question }), done];
    const seen: JsonObject[] = [];
    await answerInputRequired(
      asks({ a: question }, 'one'),
      {},
      {
        ask: async () => ({}),
        signal,
        resend: async (params) => (seen.push(params), results.shift() ?? done),
      },
    );
    expect(seen.map(({ requestState }) => requestState)).toEqual(['one', undefined]);
    expect(seen.map(({ inputResponses }) => Object.keys(inputResponses as JsonObject))).toEqual([['a'], ['b']]);
  });

  test('without questions is sent the request again, for its state alone', async () => {
    const resend = vi.fn<(params: JsonObject) => Promise<JsonObject>>(async () => done);
    await answerInputRequired(asks({}, 'later'), {}, { ask: null, signal, resend });
    expect(resend).toHaveBeenCalledWith({ inputResponses: {}, requestState: 'later' });
  });

  test('for ever is given up', async () => {
    async function resend(): Promise<JsonObject> {
      return asks({ a: question });
    }
    await expect(
      answerInputRequired(asks({ a: question }), {}, { ask: async () => ({}), signal, resend }),
    ).rejects.toThrow('The server asked 25 times without coming to a result');
  });

  test('where the client cannot be asked fails by what it needs', async () => {
    async function resend(): Promise<JsonObject> {
      return done;
    }
    await expect(answerInputRequired(asks({ a: question }), {}, { ask: null, signal, resend })).rejects.toMatchObject({
      code: -32021,
      message: 'The server needs elicitation/create, which this client does not offer',
    });
  });

  test('fails with what the client answers', async () => {
    const ask: AskClient = () => Promise.reject(new Error('declined'));
    async function resend(): Promise<JsonObject> {
      return done;
    }
    await expect(answerInputRequired(asks({ a: question }), {}, { ask, signal, resend })).rejects.toThrow('declined');
  });

  test('has URL questions given the id that sessions want, where they have none', async () => {
    const asked: JsonObject[] = [];
    const ask: AskClient = async (_method, params) => (asked.push(params), {});
    function url(more: JsonObject): JsonObject {
      return {
        method: 'elicitation/create',
        params: { mode: 'url', url: 'x', ...more },
      };
    }
    const first = asks({ a: url({}), b: url({ elicitationId: 'mine' }) });
    await answerInputRequired(first, {}, { ask, signal, resend: async () => done });
    expect(asked).toMatchObject([{ elicitationId: expect.any(String) as string }, { elicitationId: 'mine' }]);
  });
});

test.each([
  [undefined, []],
  [[question], []],
  [{ a: null, b: { method: 7 }, c: question }, ['c']],
  [{ a: { method: 'roots/list', params: 'none' } }, ['a']],
])('of input requests %j those that are some are taken', (requests, keys) => {
  expect(inputRequests({ inputRequests: requests }).map(([key]) => key)).toEqual(keys);
});

test('a result asks for input where it says so', () => {
  expect(isInputRequired(asks({}))).toBe(true);
  expect(isInputRequired(done)).toBe(false);
});
