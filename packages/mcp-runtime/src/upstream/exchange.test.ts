import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RpcError } from '../rpc.ts';
import type { JsonObject, JsonRpcMessage, JsonRpcRequest, JsonRpcResponse } from '../types.ts';
import type { AskFunction } from './asks.ts';
import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  type InstanceClient,
  type UpstreamRequest,
} from './exchange.ts';
import { LinkError, type SendOptions } from './link.ts';
import { rejection } from './testing.ts';

interface Bench {
  exchange: Exchange;
  sent: { message: JsonRpcMessage; options: SendOptions | undefined }[];
  heard: [string, JsonObject][];
  lostSessions: LinkError[];
  /** The id under which the n-th request went out. */
  id(n?: number): string | number;
  call(over?: Partial<UpstreamRequest>): Promise<JsonObject>;
  answer(id: string | number, result?: JsonObject): void;
  notify(method: string, params: JsonObject, related?: string | number | null): void;
  cancelled(): JsonObject[];
  strays: JsonRpcResponse[];
}

function bench(over: Partial<ExchangeOptions> & { pid?: number | null; send?: () => Promise<void> } = {}): Bench {
  const sent: Bench['sent'] = [];
  const heard: Bench['heard'] = [];
  const lostSessions: LinkError[] = [];
  const strays: JsonRpcResponse[] = [];
  function requests(): JsonRpcRequest[] {
    return sent.flatMap(({ message }) => ('id' in message && 'method' in message ? [message] : []));
  }
  const exchange = createExchange({
    hide: (error) => error,
    refused: () => null,
    link: () => ({
      pid: over.pid ?? null,
      async send(message, options) {
        sent.push({ message: structuredClone(message), options });
        await over.send?.();
      },
      negotiated: () => undefined,
      close: async () => undefined,
    }),
    era: () => 'legacy',
    client: () => null,
    onNotification: (method, params) => heard.push([method, params]),
    onSessionLost: (error) => lostSessions.push(error),
    onStray: (reply) => strays.push(reply),
    ...over,
  });
  return {
    exchange,
    sent,
    heard,
    lostSessions,
    strays,
    id: (n = 0) => requests()[n]?.id ?? 'none',
    call: (request = {}) =>
      exchange.request({ method: 'tools/call', params: {}, timeoutMs: 1000, maxMs: 5000, ...request }),
    answer: (id, result = {}) => exchange.receive({ jsonrpc: '2.0', id, result }, null),
    notify: (method, params, related = null) => exchange.receive({ jsonrpc: '2.0', method, params }, related),
    cancelled: () =>
      sent.flatMap(({ message }) =>
        'method' in message && message.method === 'notifications/cancelled' ? [message.params ?? {}] : [],
      ),
  };
}

/** Settles whatever can be settled without time passing. */
function turn(): Promise<void> {
  return vi.advanceTimersByTimeAsync(0).then(() => undefined);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a request', () => {
  test('gets the answer to its own id, in whatever order answers come', async () => {
    const { call, answer, id, exchange } = bench();
    const calls = [call(), call(), call()];
    for (const n of [2, 0, 1]) answer(id(n), { n });
    expect(await Promise.all(calls)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(exchange.inFlight()).toBe(0);
  });

  test('keeps code, message and data of the server error', async () => {
    const { call, exchange, id } = bench();
    const pending = call();
    exchange.receive(
      { jsonrpc: '2.0', id: id(), error: { code: -32042, message: 'sign in', data: { url: 'x' } } },
      null,
    );
    await expect(pending).rejects.toMatchObject({ code: -32042, message: 'sign in', data: { url: 'x' } });
  });

  test('takes the JSON-RPC error that came with an HTTP refusal', async () => {
    const { call, exchange, id } = bench();
    const pending = call();
    const body = { jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'no such tool', data: 1 } };
    exchange.lose(id(), new LinkError('http', 'HTTP 400', { status: 400, body }));
    await expect(pending).rejects.toMatchObject({ code: -32602, message: 'no such tool', data: 1 });
  });

  test('that cannot be delivered fails with the reason', async () => {
    const { call, exchange } = bench({
      send: () => Promise.reject(new LinkError('unreachable', 'connection refused')),
    });
    await expect(call()).rejects.toMatchObject({ code: 'unreachable' });
    expect(exchange.inFlight()).toBe(0);
  });

  test('too deep to be written fails alone', async () => {
    const { call, exchange } = bench({
      link: () => ({
        pid: 1,
        send: (message) => Promise.resolve(void JSON.stringify(message)),
        negotiated: () => undefined,
        close: async () => undefined,
      }),
    });
    let deep: JsonObject = {};
    for (let i = 0; i < 100_000; i++) deep = { deep };
    await expect(call({ params: { arguments: deep } })).rejects.toBeInstanceOf(LinkError);
    expect(exchange.inFlight()).toBe(0);
  });

  test('has its answer once: a second one and one of a stranger are dropped', async () => {
    const { call, answer, id } = bench();
    const pending = call();
    answer('nobody asked');
    answer(id(), { first: true });
    answer(id(), { second: true });
    expect(await pending).toEqual({ first: true });
  });

  test('is not sent once its signal has aborted', async () => {
    const { call, sent } = bench();
    await expect(call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ message: 'Request cancelled' });
    expect(sent).toEqual([]);
  });

  test('counts as in flight, unless it is the hub’s own', () => {
    const { call, exchange } = bench();
    void call().catch(() => undefined);
    void call({ background: true }).catch(() => undefined);
    expect(exchange.inFlight()).toBe(1);
  });
});

describe('progress', () => {
  test('comes under the token of the caller, though the server knows another', async () => {
    const { call, notify, answer, id, sent } = bench();
    const told: JsonObject[] = [];
    const pending = call({
      params: { _meta: { progressToken: 'mine', other: 1 } },
      onNotification: (_method, params) => told.push(params),
    });
    expect(sent[0]?.message).toMatchObject({ params: { _meta: { progressToken: id(), other: 1 } } });
    notify('notifications/progress', { progressToken: id(), progress: 1 });
    notify('notifications/progress', { progressToken: 'mine', progress: 2 });
    answer(id());
    await pending;
    notify('notifications/progress', { progressToken: id(), progress: 3 });
    expect(told).toEqual([{ progressToken: 'mine', progress: 1 }]);
  });

  test('of one call is not told to another with the same token', () => {
    const { call, notify, id } = bench();
    const told: string[] = [];
    for (const name of ['a', 'b']) {
      void call({ params: { _meta: { progressToken: 1 } }, onNotification: () => told.push(name) }).catch(
        () => undefined,
      );
    }
    notify('notifications/progress', { progressToken: id(1), progress: 1 });
    expect(told).toEqual(['b']);
  });

  test('is not told to a caller that asked for none', () => {
    const { call, notify, id } = bench();
    const told = vi.fn<() => void>();
    void call({ onNotification: told }).catch(() => undefined);
    notify('notifications/progress', { progressToken: id(), progress: 1 });
    expect(told).not.toHaveBeenCalled();
  });
});

describe('time', () => {
  test('ends a call without answer and progress, and the server is told', async () => {
    const { call, id, cancelled, sent } = bench();
    const pending = call();
    const failed = rejection(pending);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await failed).toMatchObject({ data: { timeout: true } });
    expect(cancelled()).toEqual([{ requestId: id(), reason: 'timed out' }]);
    expect(sent[0]?.options?.signal?.aborted).toBe(true);
  });

  test('begins anew with each progress, up to the longest time', async () => {
    const { call, notify, id, exchange } = bench();
    const failed = rejection(call({ params: { _meta: { progressToken: 1 } } }));
    for (let at = 0; at < 4800; at += 800) {
      await vi.advanceTimersByTimeAsync(800);
      expect(exchange.inFlight()).toBe(1);
      notify('notifications/progress', { progressToken: id(), progress: at });
    }
    await vi.advanceTimersByTimeAsync(300);
    expect(await failed).toMatchObject({
      data: { timeout: true },
    });
  });

  test('stands still while the client is asked, and begins anew with its answer', async () => {
    let reply: (result: JsonObject) => void = () => undefined;
    const onAsk: AskFunction = () => new Promise((resolve) => (reply = resolve));
    const { call, exchange, id, answer } = bench();
    const pending = call({ onAsk });
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create' }, id());
    await vi.advanceTimersByTimeAsync(3000);
    reply({ action: 'accept' });
    await vi.advanceTimersByTimeAsync(900);
    answer(id(), { done: true });
    expect(await pending).toEqual({ done: true });
  });

  test('ends a call however long its client thinks', async () => {
    const { call, exchange, id } = bench();
    const failed = rejection(call({ onAsk: () => new Promise(() => undefined) }));
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create' }, id());
    await vi.advanceTimersByTimeAsync(6000);
    expect(await failed).toMatchObject({
      data: { timeout: true },
    });
  });
});

describe('cancellation', () => {
  test('by the caller reaches the server with its reason', async () => {
    const { call, id, cancelled, sent } = bench();
    const controller = new AbortController();
    const pending = call({ signal: controller.signal });
    controller.abort('no longer needed');
    await expect(pending).rejects.toMatchObject({ data: { cancelled: true } });
    expect(cancelled()).toEqual([{ requestId: id(), reason: 'no longer needed' }]);
    expect(sent[0]?.options?.signal?.aborted).toBe(true);
  });

  test('of a stateless HTTP request closes its stream and says nothing', async () => {
    const { call, cancelled, sent } = bench({ era: () => 'modern' });
    const controller = new AbortController();
    const pending = call({ signal: controller.signal });
    controller.abort();
    await expect(pending).rejects.toMatchObject({ data: { cancelled: true } });
    expect(cancelled()).toEqual([]);
    expect(sent[0]?.options?.signal?.aborted).toBe(true);
  });

  test('of a stateless request over pipes is a notification', async () => {
    const { call, cancelled } = bench({ era: () => 'modern', pid: 7 });
    const controller = new AbortController();
    const pending = call({ signal: controller.signal });
    controller.abort();
    await expect(pending).rejects.toMatchObject({ data: { cancelled: true } });
    expect(cancelled()).toHaveLength(1);
  });

  test('leaves no listener on the signal of a call that is over', async () => {
    const { call, answer, id, cancelled } = bench();
    const controller = new AbortController();
    const pending = call({ signal: controller.signal });
    answer(id());
    await pending;
    controller.abort();
    expect(cancelled()).toEqual([]);
  });

  test('by the server withdraws its question, which then gets no answer', async () => {
    const aborted = vi.fn<() => void>();
    const client: InstanceClient = {
      notify: () => undefined,
      ask: (_method, _params, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => (aborted(), reject(new Error('gone'))));
        }),
    };
    const { exchange, notify, sent } = bench({ client: () => client });
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'roots/list' }, null);
    notify('notifications/cancelled', { requestId: 'q' });
    await turn();
    expect(aborted).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
  });
});

describe('a question of the server', () => {
  function asks(name: string, log: string[]): AskFunction {
    return async function ask(method) {
      log.push(`${name} ${method}`);
      return { by: name };
    };
  }
  function client(log: string[]): InstanceClient {
    return { notify: () => undefined, ask: asks('session', log) };
  }

  test('goes to the call on whose stream it came', async () => {
    const log: string[] = [];
    const { call, exchange, id, sent } = bench({ client: () => client(log) });
    for (const name of ['a', 'b']) void call({ onAsk: asks(name, log) }).catch(() => undefined);
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'roots/list' }, id(0));
    await turn();
    expect(log).toEqual(['a roots/list']);
    expect(sent.at(-1)?.message).toEqual({ jsonrpc: '2.0', id: 'q', result: { by: 'a' } });
  });

  test('without a stream goes to the session that owns the connection', async () => {
    const log: string[] = [];
    const { call, exchange } = bench({ client: () => client(log) });
    void call({ onAsk: asks('a', log) }).catch(() => undefined);
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'roots/list' }, null);
    await turn();
    expect(log).toEqual(['session roots/list']);
  });

  test('without stream or session goes to the call that can ask', async () => {
    const log: string[] = [];
    const { call, exchange } = bench();
    void call({ onAsk: asks('a', log) }).catch(() => undefined);
    void call().catch(() => undefined);
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'roots/list' }, null);
    await turn();
    expect(log).toEqual(['a roots/list']);
  });

  test('where nobody can be asked is refused by its name', async () => {
    const { exchange, sent } = bench();
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'roots/list' }, null);
    await turn();
    expect(sent[0]?.message).toMatchObject({
      id: 'q',
      error: { code: -32601, message: 'No client here answers roots/list' },
    });
  });

  test('passes on the error of the client', async () => {
    const { call, exchange, id, sent } = bench();
    void call({ onAsk: () => Promise.reject(new RpcError(-1, 'User rejected', { why: 1 })) }).catch(() => undefined);
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage' }, id());
    await turn();
    expect(sent.at(-1)?.message).toMatchObject({ error: { code: -1, message: 'User rejected', data: { why: 1 } } });
  });

  test('ends with the call it belongs to', async () => {
    const { call, answer, exchange, id, sent } = bench();
    const withdrawn = vi.fn<() => void>();
    const onAsk: AskFunction = (_method, _params, { signal }) => {
      signal.addEventListener('abort', withdrawn);
      return new Promise(() => undefined);
    };
    void call({ onAsk });
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create' }, id());
    answer(id());
    await turn();
    expect(withdrawn).toHaveBeenCalledOnce();
    expect(sent.at(-1)?.message).toMatchObject({ id: 'q', error: { message: 'Request cancelled' } });
  });

  test('brings the client’s progress back under its own token', async () => {
    const { call, exchange, id, sent } = bench();
    const onAsk: AskFunction = async (_method, _params, { progress }) => {
      progress?.({ progressToken: 'the client’s', progress: 1 });
      return {};
    };
    void call({ onAsk }).catch(() => undefined);
    const params = { _meta: { progressToken: 'server' } };
    exchange.receive({ jsonrpc: '2.0', id: 'q', method: 'sampling/createMessage', params }, id());
    await turn();
    expect(sent.map(({ message }) => message)).toContainEqual({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'server', progress: 1 },
    });
  });

  test('is one of 64 at most, and one of its id', async () => {
    const asked = vi.fn<AskFunction>(() => new Promise(() => undefined));
    const { call, exchange, id, sent } = bench();
    void call({ onAsk: asked }).catch(() => undefined);
    for (let i = 0; i < 70; i++) exchange.receive({ jsonrpc: '2.0', id: `q${i}`, method: 'roots/list' }, id());
    exchange.receive({ jsonrpc: '2.0', id: 'q0', method: 'roots/list' }, id());
    await turn();
    expect(asked).toHaveBeenCalledTimes(64);
    expect(sent.slice(1)).toHaveLength(6);
    expect(sent.at(-1)?.message).toMatchObject({
      id: 'q69',
      error: { message: 'More than 64 questions wait for an answer' },
    });
  });

  test('ping is answered by the hub', async () => {
    const { exchange, sent } = bench();
    exchange.receive({ jsonrpc: '2.0', id: 1, method: 'ping' }, null);
    expect(sent[0]?.message).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });
});

describe('a log message', () => {
  const message = { level: 'info', data: 'hello' };

  test('goes to the call on whose stream it came, and to the log', () => {
    const told: string[] = [];
    const { call, notify, id, heard } = bench();
    for (const name of ['a', 'b']) void call({ onNotification: () => told.push(name) }).catch(() => undefined);
    notify('notifications/message', message, id(1));
    expect(told).toEqual(['b']);
    expect(heard).toEqual([['notifications/message', message]]);
  });

  test('without a stream goes to the only call, streams of the hub’s own apart', () => {
    const told: string[] = [];
    const { call, notify } = bench();
    void call({ background: true }).catch(() => undefined);
    void call({ onNotification: () => told.push('a') }).catch(() => undefined);
    notify('notifications/message', message);
    void call({ onNotification: () => told.push('b') }).catch(() => undefined);
    notify('notifications/message', message);
    expect(told).toEqual(['a']);
  });

  test('without call goes to the session that owns the connection', () => {
    const told: [string, JsonObject][] = [];
    const { notify } = bench({ client: () => ({ ask: null, notify: (...all) => told.push(all) }) });
    notify('notifications/message', message);
    expect(told).toEqual([['notifications/message', message]]);
  });
});

describe('other notifications', () => {
  test('of a listen stream go to whoever listens', () => {
    const told: string[] = [];
    const { call, notify, id, heard } = bench();
    void call({ method: 'subscriptions/listen', onNotification: (method) => told.push(method) }).catch(() => undefined);
    const params = { uri: 'a', _meta: { 'io.modelcontextprotocol/subscriptionId': id() } };
    notify('notifications/resources/updated', params);
    expect(told).toEqual(['notifications/resources/updated']);
    expect(heard).toHaveLength(1);
  });

  test('unknown ones on the stream of a call go to it, list changes to the hub', () => {
    const told: string[] = [];
    const { call, notify, id, heard } = bench();
    void call({ onNotification: (method) => told.push(method) }).catch(() => undefined);
    notify('notifications/tasks/status', {}, id());
    notify('notifications/tools/list_changed', {}, id());
    expect(told).toEqual(['notifications/tasks/status']);
    expect(heard).toEqual([['notifications/tools/list_changed', {}]]);
  });
});

describe('an id in its other form', () => {
  test('answers the request all the same, or loses it', async () => {
    const { call, exchange, id, answer, strays } = bench();
    const [first, second] = [call(), rejection(call())];
    answer(String(id(0)), { n: 1 });
    exchange.lose(String(id(1)), new LinkError('closed', 'gone'));
    expect(await first).toEqual({ n: 1 });
    expect(await second).toMatchObject({ message: 'gone' });
    expect(strays).toEqual([]);
  });

  test('names the progress of a call, and the question that is withdrawn', async () => {
    const { call, exchange, id, answer, notify, sent } = bench();
    const progress: unknown[] = [];
    let withdrawn = false;
    const done = call({
      params: { _meta: { progressToken: 'mine' } },
      onNotification: (_method, params) => progress.push(params),
      onAsk: (_method, _params, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            withdrawn = true;
            reject(new Error('withdrawn'));
          });
        }),
    });
    notify('notifications/progress', { progressToken: String(id()), progress: 1 });
    exchange.receive({ jsonrpc: '2.0', id: 7, method: 'roots/list' }, id());
    notify('notifications/cancelled', { requestId: '7' });
    answer(id());
    await done;
    expect(progress).toEqual([{ progressToken: 'mine', progress: 1 }]);
    expect(withdrawn).toBe(true);
    expect(sent.filter(({ message }) => 'id' in message && message.id === 7)).toEqual([]);
  });

  test('is told from ids that nobody gave, and from answers that come late', async () => {
    const { call, exchange, id, answer, strays } = bench();
    const done = call();
    for (const other of ['01', '1.0', ' 1', '0x1', 'x', 99, '99']) answer(other);
    exchange.receive({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } }, null);
    expect(strays).toHaveLength(8);
    answer(id());
    answer(String(id()));
    await done;
    expect(strays).toHaveLength(8);
  });
});

describe('the end of the link', () => {
  test('fails every call and question', async () => {
    const { call, exchange } = bench();
    // Whatever else this worker has left may have timers of its own.
    const before = vi.getTimerCount();
    const calls = [call(), call()].map(rejection);
    expect(vi.getTimerCount()).toBe(before + 1);
    exchange.fail(new LinkError('closed', 'exit code 1'));
    expect(await Promise.all(calls)).toMatchObject([{ message: 'exit code 1' }, { message: 'exit code 1' }]);
    expect(exchange.inFlight()).toBe(0);
    expect(vi.getTimerCount()).toBe(before);
  });

  test('by a lost session lets be tried again what the server refused for it, and no more', async () => {
    let refused = false;
    const error = new LinkError('session_lost', 'HTTP 404');
    const { call, exchange } = bench({ send: () => (refused ? Promise.reject(error) : new Promise(() => undefined)) });
    const waiting = rejection(call());
    refused = true;
    const second = rejection(call());
    await turn();
    exchange.fail(error);

    expect(await waiting).toMatchObject({ code: 'closed' });
    expect(await second).toMatchObject({ code: 'session_lost' });
  });

  test('a refusal for the session is told to whoever supervises, with its body kept out of it', async () => {
    const { call, exchange, id, lostSessions } = bench();
    const body = { error: { code: -32001, message: 'Session not found' } };
    const failed = rejection(call());
    exchange.lose(id(), new LinkError('session_lost', 'HTTP 404', { status: 404, body }));
    expect(await failed).toMatchObject({ code: 'session_lost' });
    expect(lostSessions).toHaveLength(1);
  });
});

test('many calls in flight each get their own answer, progress and fate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...Array(40).keys()], { minLength: 40 }),
      fc.array(fc.constantFrom('answer', 'error', 'cancel', 'lose'), { minLength: 40, maxLength: 40 }),
      async (order, fates) => {
        const { call, answer, exchange, id, notify } = bench();
        const controllers = fates.map(() => new AbortController());
        const progress: number[] = [];
        const calls = fates.map((_fate, n) =>
          call({
            params: { _meta: { progressToken: n } },
            signal: controllers[n]?.signal ?? AbortSignal.abort(),
            onNotification: (_method, params) => progress.push(Number(params['progressToken'])),
          }).catch((error: unknown) => (error instanceof RpcError ? (error.data ?? error.message) : error)),
        );
        for (const n of order) {
          notify('notifications/progress', { progressToken: id(n), progress: 1 });
          if (fates[n] === 'answer') answer(id(n), { n });
          else if (fates[n] === 'error') {
            exchange.receive({ jsonrpc: '2.0', id: id(n), error: { code: 1, message: `${n}`, data: { n } } }, null);
          } else if (fates[n] === 'cancel') controllers[n]?.abort();
          else exchange.lose(id(n), new LinkError('closed', `lost ${n}`));
        }
        const outcomes = await Promise.all(calls);
        expect(progress).toEqual(order);
        for (const [n, fate] of fates.entries()) {
          if (fate === 'answer' || fate === 'error') expect(outcomes[n]).toEqual({ n });
          if (fate === 'cancel') expect(outcomes[n]).toEqual({ cancelled: true });
          if (fate === 'lose') expect(outcomes[n]).toMatchObject({ message: `lost ${n}` });
        }
        expect(exchange.inFlight()).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
});
