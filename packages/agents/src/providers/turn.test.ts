import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../errors.ts';
import { createTestClock, startProvider, type Reply, type ScriptedProvider } from '../testing/provider.ts';
import type { Chunk, Model, Tool, TurnOptions } from '../types.ts';
import { accumulate, createAccumulator } from './accumulate.ts';
import { createProviders, type ProvidersOptions } from './providers.ts';

const provider = await startProvider();
const providers = createProviders();
afterAll(async () => {
  await providers.close();
  await provider[Symbol.asyncDispose]();
});

beforeEach(() => {
  provider.forget();
});

const key = 'sk-secret-0123456789';

function modelAt(over: Partial<Model> = {}, at: ScriptedProvider = provider): Model {
  const names = { name: 'Scripted', model: 'scripted-1' };
  return { ...names, protocol: 'openai', baseUrl: at.url, apiKey: key, allowPrivate: true, ...over };
}

const weather: Tool = {
  type: 'function',
  function: { name: 'weather', description: 'Tells the weather.', parameters: { type: 'object', properties: {} } },
};

interface Ask extends TurnOptions {
  model?: Partial<Model>;
  tools?: Tool[];
  signal?: AbortSignal;
  with?: ReturnType<typeof createProviders>;
}

function ask({
  model = {},
  tools = [],
  signal = new AbortController().signal,
  with: by = providers,
  ...options
}: Ask = {}) {
  return by.runTurn(modelAt(model), [{ role: 'user', content: 'Hello' }], tools, signal, options);
}

/** What came, and how it ended. */
async function outcome(turn: AsyncIterable<Chunk>): Promise<{ text: string; error: ProviderError | null }> {
  const joined = createAccumulator();
  try {
    for await (const chunk of turn) joined.add(chunk);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { text: joined.answer().message.content ?? '', error };
  }
  return { text: joined.answer().message.content ?? '', error: null };
}

async function failure(turn: AsyncIterable<Chunk>): Promise<ProviderError> {
  const { error } = await outcome(turn);
  if (error === null) throw new Error('The turn did not fail.');
  return error;
}

/** Providers on a clock that stands still. */
function timed(options: ProvidersOptions = {}) {
  const clock = createTestClock();
  return { clock, providers: createProviders({ clock, ...options }) };
}

describe('a turn', () => {
  test('joins text, thoughts, calls and usage', async () => {
    provider.script({
      text: 'It is sunny, 21 °C.',
      reasoning: 'They ask for weather.',
      calls: [
        { name: 'weather', arguments: { city: 'Łódź' }, id: 'call_a' },
        { name: 'weather', arguments: { city: '北京' }, id: 'call_b' },
      ],
      usage: { prompt: 12, completion: 34 },
    });
    const answer = await accumulate(ask({ tools: [weather] }));
    expect(answer.message).toEqual({
      role: 'assistant',
      content: 'It is sunny, 21 °C.',
      reasoning_content: 'They ask for weather.',
      tool_calls: [
        { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Łódź"}' } },
        { id: 'call_b', type: 'function', function: { name: 'weather', arguments: '{"city":"北京"}' } },
      ],
    });
    expect(answer.finish_reason).toBe('tool_calls');
    expect(answer.usage).toEqual({ prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 });
    expect(answer.model).toBe('scripted-1');
  });

  test('asks as the format has it', async () => {
    await accumulate(
      ask({ tools: [weather], parameters: { temperature: 0.5 }, model: { defaults: { temperature: 1, seed: 7 } } }),
    );
    const [request] = provider.requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });
    expect(request?.body).toEqual({
      model: 'scripted-1',
      messages: [{ role: 'user', content: 'Hello' }],
      tools: [weather],
      temperature: 0.5,
      seed: 7,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('passes chunks on as they came', async () => {
    const sent = [
      {
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        service_tier: 'default',
        choices: [
          {
            index: 0,
            delta: { role: 'assistant', content: 'Hi', odd: [1, { deep: null }] },
            logprobs: { content: [] },
            finish_reason: null,
          },
        ],
        obfuscation: 'aB3',
      },
      {
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [{ index: 0, delta: {}, finish_reason: 'stop', native_finish_reason: 'STOP' }],
        usage: null,
      },
      {
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [],
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.1 },
      },
    ];
    provider.script({ raw: `${sent.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n` });
    expect(await Array.fromAsync(ask())).toEqual(sent);
  });

  test('takes a whole answer where a stream was asked for, and asks for one', async () => {
    provider.script({ text: 'Whole.', calls: [{ name: 'weather', arguments: { a: 1 }, id: 'c' }] });
    const answer = await accumulate(ask({ stream: false }));
    expect(provider.requests[0]?.body).toMatchObject({ stream: false });
    expect(provider.requests[0]?.body).not.toHaveProperty('stream_options');
    expect(answer).toMatchObject({ finish_reason: 'tool_calls', usage: { total_tokens: 15 } });
    expect(answer.message.tool_calls).toEqual([
      { id: 'c', type: 'function', function: { name: 'weather', arguments: '{"a":1}' } },
    ]);
  });

  test('takes bases with and without a path', async () => {
    for (const path of ['', '/', '/v1', '/v1/', '/api/v4', '/v1/chat/completions'])
      await accumulate(ask({ model: { baseUrl: `${provider.url}${path}` } }));
    expect(provider.requests.map(({ path }) => path)).toEqual([
      '/v1/chat/completions',
      '/v1/chat/completions',
      '/v1/chat/completions',
      '/v1/chat/completions',
      '/api/v4/chat/completions',
      '/v1/chat/completions',
    ]);
  });

  test('adds what the model has of its own, and of headers those on the list', async () => {
    const extraHeaders = {
      'X-Team': 'a',
      Host: 'evil',
      Cookie: 'b=c',
      'X-Forwarded-For': '1.2.3.4',
      'Content-Length': '3',
    };
    await accumulate(
      ask({ model: { extraHeaders, extraBody: { enable_thinking: false, model: 'another', stream: false } } }),
    );
    const [request] = provider.requests;
    expect(request?.headers).toMatchObject({ 'x-team': 'a', host: new URL(provider.url).host });
    for (const name of ['cookie', 'x-forwarded-for']) expect(request?.headers).not.toHaveProperty(name);
    expect(request?.body).toMatchObject({ enable_thinking: false, model: 'scripted-1', stream: true });
  });
});

describe('what a provider refuses', () => {
  const retried: readonly (readonly [Reply, number])[] = [
    [{ status: 429, retryAfter: '3' }, 3000],
    [{ status: 429, headers: { 'retry-after-ms': '1234' } }, 1234],
    [{ status: 429, retryAfter: new Date(Date.UTC(2026, 0, 1, 0, 0, 7)).toUTCString() }, 7000],
    [{ status: 429, retryAfter: '3600' }, 60_000],
    [{ status: 500 }, 500],
    [{ status: 529 }, 500],
  ];
  test.each(retried)('is asked again after a while: %j', async (reply, ms) => {
    const { clock, providers: own } = timed();
    provider.script(reply, { text: 'Again.' });
    const turn = outcome(ask({ with: own }));
    await clock.waitedFor(ms);
    expect(provider.requests).toHaveLength(1);
    clock.advance(ms);
    expect(await turn).toEqual({ text: 'Again.', error: null });
    expect(provider.requests).toHaveLength(2);
    await own.close();
  });

  test('is told when it is refused too often, with how long to wait', async () => {
    provider.script({ status: 429, retryAfter: '5' });
    expect(await failure(ask({ model: { limits: { retries: 0 } } }))).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 5000,
      status: 429,
    });
  });

  test('is not waited for longer than the turn may take', async () => {
    provider.script({ status: 429, retryAfter: '50' });
    expect(await failure(ask({ model: { limits: { totalMs: 40_000 } } }))).toMatchObject({ code: 'rate_limited' });
    expect(provider.requests).toHaveLength(1);
  });

  test.each<[Reply, string]>([
    [{ status: 401 }, 'unauthorized'],
    [{ status: 403 }, 'unauthorized'],
    [{ status: 400 }, 'bad_request'],
    [
      { status: 404, body: { error: { message: 'The model `x` does not exist', code: 'model_not_found' } } },
      'bad_request',
    ],
    [{ status: 400, body: { error: { message: 'Too long', code: 'context_length_exceeded' } } }, 'context_too_long'],
    [{ status: 400, body: { detail: "This model's maximum context length is 8192 tokens." } }, 'context_too_long'],
    [{ status: 413, body: 'Request entity too large' }, 'context_too_long'],
    [{ status: 422, body: { detail: [{ loc: ['body'], msg: 'odd' }] } }, 'bad_request'],
  ])('at once, by what it means: %j', async (reply, code) => {
    provider.script(reply);
    expect(await failure(ask())).toMatchObject({ code });
    expect(provider.requests).toHaveLength(1);
  });

  test.each<[Reply, string]>([
    [{ body: { error: { message: 'You exceeded it', type: 'rate_limit_exceeded' } } }, 'rate_limited'],
    [{ body: { error: { message: 'Provider returned error', code: 502 } } }, 'unavailable'],
    [{ body: { error: 'model "x" not found, try pulling it first' } }, 'unavailable'],
    [{ body: '<html><title>Sign in</title></html>', headers: { 'content-type': 'text/html' } }, 'protocol'],
    [{ body: 'Not what you look for', headers: { 'content-type': 'text/plain' } }, 'protocol'],
    [{ body: '{"hello":"world"}' }, 'protocol'],
    [{ body: '{"choices":' }, 'protocol'],
    [{ raw: '{"error":{"message":"Invalid key","type":"invalid_api_key"}}' }, 'unauthorized'],
    [{ raw: 'event: error\ndata: Service busy\n\n' }, 'unavailable'],
    [{ body: '' }, 'protocol'],
    [{ body: `{"choices":${'['.repeat(5000)}` }, 'protocol'],
  ])('with status 200: case %#', async (reply, code) => {
    provider.script(reply);
    expect(await failure(ask())).toMatchObject({ code });
  });

  test('never shows the key, however it is told back', async () => {
    const said = `Bad key ${key} in ${'x'.repeat(450)}${key}`;
    for (const reply of [
      { status: 401, body: { error: { message: said } } },
      { status: 401, body: said },
      { body: { error: { message: said } } },
      { body: `${'y'.repeat(300)}${key}`, headers: { 'content-type': 'text/plain' } },
      { raw: `event: error\ndata: {"error":{"message":"${said}"}}\n\n` },
      { status: 307, headers: { location: `http://${key}.invalid/` } },
    ]) {
      provider.script(reply);
      const error = await failure(ask());
      expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain(key.slice(0, 9));
      expect(error.message.length).toBeLessThan(700);
    }
  });
});

describe('where an answer breaks', () => {
  test.each<[Reply, string]>([
    [{ text: 'Hello there', cutAfter: 3 }, 'protocol'],
    [{ text: 'Hello there', breakAfter: 3 }, 'unavailable'],
    [{ text: 'Hello there', malformedAfter: 3 }, 'protocol'],
    [{ text: 'Hello there', errorAfter: 3 }, 'unavailable'],
    [
      { raw: 'data: {"id":"a","choices":[{"index":0,"delta":{"content":"Hello th"}}]}\n\ndata: {"id":"a","choi' },
      'protocol',
    ],
  ])('what came is there, then the error: %j', async (reply, code) => {
    provider.script(reply);
    const { text, error } = await outcome(ask());
    expect(text).toBe('Hello th');
    expect(error?.code).toBe(code);
    expect(provider.requests).toHaveLength(1);
  });

  test('no end but a finish is an end, also where the connection stays', async () => {
    const { clock, providers: own } = timed();
    provider.script({ text: 'ok', stallAfter: 3 }, { text: 'ok', cutAfter: 3 }, { text: 'ok', breakAfter: 3 });
    const turn = outcome(ask({ with: own }));
    await clock.waitedFor(5000);
    clock.advance(5000);
    expect(await turn).toEqual({ text: 'ok', error: null });
    expect(await outcome(ask())).toEqual({ text: 'ok', error: null });
    expect(await outcome(ask())).toEqual({ text: 'ok', error: null });
    await own.close();
  });

  test('the first byte, the next one and the whole have limits of their own', async () => {
    const limits = { firstByteMs: 7000, idleMs: 3000, totalMs: 60_000, retries: 0 };
    for (const [reply, ms, said] of [
      [{ hold: new Promise(() => {}) }, 7000, 'Nothing came in 7 s'],
      [{ holdEvents: new Promise(() => {}) }, 7000, 'Nothing came in 7 s'],
      [{ text: 'Hello there', stallAfter: 3 }, 3000, 'Nothing more came in 3 s'],
    ] as const) {
      const { clock, providers: own } = timed();
      provider.script(reply);
      const turn = outcome(ask({ with: own, model: { limits } }));
      await clock.waitedFor(ms);
      await expect.poll(() => provider.requests.length).toBe(1);
      if (ms === 3000) await expect.poll(() => clock.waits()).toContain(3000);
      clock.advance(ms);
      const { error } = await turn;
      expect(error).toMatchObject({ code: 'timeout' });
      expect(error?.message).toContain(said);
      expect(await provider.requests[0]?.ended).toBe('left');
      provider.requests.length = 0;
      await own.close();
    }
  });

  test('an answer without end is ended by the time of the whole', async () => {
    const { clock, providers: own } = timed();
    provider.script({ text: 'on and ', endless: true });
    const chunks = ask({ with: own, model: { limits: { totalMs: 90_000 } } })[Symbol.asyncIterator]();
    for (let read = 0; read < 50; read += 1) expect((await chunks.next()).done).toBe(false);
    clock.advance(90_000);
    await expect(
      (async () => {
        while ((await chunks.next()).done !== true);
      })(),
    ).rejects.toMatchObject({ code: 'timeout' });
    expect(await provider.requests[0]?.ended).toBe('left');
    await own.close();
  });

  test('the caller ends it: by leaving, or by the signal', async () => {
    provider.script({ endless: true }, { endless: true }, { hold: new Promise(() => {}) });
    // Its clock stands still: what ends later by itself has not ended yet.
    const { providers: own } = timed();
    for await (const _ of ask({ with: own })) break;
    expect(await provider.requests[0]?.ended).toBe('left');
    await own.close();

    const ending = new AbortController();
    const turn = (async () => {
      for await (const _ of ask({ signal: ending.signal })) ending.abort();
    })();
    await expect(turn).rejects.toMatchObject({ code: 'aborted' });
    expect(await provider.requests[1]?.ended).toBe('left');

    const waiting = new AbortController();
    const held = failure(ask({ signal: waiting.signal }));
    await expect.poll(() => provider.requests.length).toBe(3);
    waiting.abort();
    expect(await held).toMatchObject({ code: 'aborted' });
    expect(await failure(ask({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' });
    expect(provider.requests).toHaveLength(3);
  });

  test('a slow reader holds the provider, and reads on where it was', async () => {
    provider.script({ text: 'x'.repeat(20_000), pieceLength: 2000, endless: true });
    const turn = ask()[Symbol.asyncIterator]();
    const first = await turn.next();
    const { taken } = provider.requests[0] ?? { taken: () => 0 };
    let before = -1;
    await expect
      .poll(
        () => {
          const stands = taken() === before;
          before = taken();
          return stands;
        },
        { interval: 300 },
      )
      .toBe(true);
    // More than there was room for on the way.
    for (let read = 0; read < before * 2;) {
      const next = await turn.next();
      if (next.done === true) throw new Error('It ended.');
      read += next.value.choices[0]?.delta.content?.length ?? 0;
    }
    expect(first.done).toBe(false);
    await turn.return?.();
  });

  test.each([{}, { 'content-encoding': 'gzip' }])(
    'nothing counts as silence while nobody reads: %j',
    async (headers) => {
      const { clock, providers: own } = timed();
      const chunk = JSON.stringify({ id: 'a', choices: [{ index: 0, delta: { content: 'x'.repeat(1000) } }] });
      const end = JSON.stringify({ id: 'a', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      provider.script({ headers, raw: `${`data: ${chunk}\n\n`.repeat(3000)}data: ${end}\n\ndata: [DONE]\n\n` });
      const turn = ask({ with: own })[Symbol.asyncIterator]();
      const joined = createAccumulator();
      const first = await turn.next();
      if (first.done !== true) joined.add(first.value);
      clock.advance(600_000);
      for (let next = await turn.next(); next.done !== true; next = await turn.next()) joined.add(next.value);
      expect(joined.answer().message.content).toBe('x'.repeat(3_000_000));
      await own.close();
    },
  );
});

describe('where a model is', () => {
  test('addresses that the policy forbids are not contacted, nor bases that are none', async () => {
    for (const model of [
      { allowPrivate: false },
      { baseUrl: 'http://169.254.169.254/' },
      { baseUrl: 'ftp://x' },
      { baseUrl: '' },
    ])
      expect(await failure(ask({ model }))).toMatchObject({ code: 'bad_request' });
    expect(
      await failure(ask({ model: { allowPrivate: false, baseUrl: provider.url.replace('127.0.0.1', 'localhost') } })),
    ).toMatchObject({ code: 'bad_request' });
    expect(provider.requests).toEqual([]);
  });

  test('what is not there is tried again, then unavailable', async () => {
    const { clock, providers: own } = timed();
    const closed = createServer();
    await new Promise<void>((resolve) => void closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => void closed.close(resolve));
    const turn = failure(ask({ with: own, model: { baseUrl: `http://127.0.0.1:${port}` } }));
    await clock.waitedFor(500);
    clock.advance(500);
    await clock.waitedFor(1000);
    clock.advance(1000);
    expect(await turn).toMatchObject({ code: 'unavailable' });
    await own.close();
  });

  test('a redirect to another origin is not followed', async () => {
    await using other = await startProvider();
    for (const status of [301, 302, 307, 308]) {
      provider.script({ status, headers: { location: `${other.url}/v1/chat/completions` } });
      expect(await failure(ask())).toMatchObject({ code: 'bad_request' });
    }
    expect(other.requests).toEqual([]);
    provider.script({ status: 307, headers: { location: '/other/chat/completions' } }, { text: 'Here.' });
    expect(await outcome(ask())).toEqual({ text: 'Here.', error: null });
  });

  test('its models are listed', async () => {
    provider.models = ['b', 'a/c'];
    const listed = await providers.listModels(modelAt(), new AbortController().signal);
    expect(listed).toEqual([
      { id: 'a/c', title: 'a/c', ownedBy: 'scripted', created: 1_700_000_000 },
      { id: 'b', title: 'b', ownedBy: 'scripted', created: 1_700_000_000 },
    ]);
    const wrong = modelAt({ baseUrl: 'http://169.254.169.254/' });
    await expect(providers.listModels(wrong, new AbortController().signal)).rejects.toMatchObject({
      code: 'bad_request',
    });
  });
});
