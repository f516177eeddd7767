import { readFileSync } from 'node:fs';
import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { modelName, openDoor, providersName, type Door } from './door.ts';

/** The official client, as anybody uses it, with a key of the hub. */

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door[Symbol.asyncDispose]());
beforeEach(() => door.provider.forget());

const messages = [{ role: 'user' as const, content: 'Hello?' }];
const request = { model: modelName, messages };

async function textOf(stream: AsyncIterable<OpenAI.ChatCompletionChunk>): Promise<string> {
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
}

/** The events of an answer, as they stand there. */
async function eventsOf(body: Json): Promise<string[]> {
  const response = await door.app.fetch('/v1/chat/completions', { body });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events = (await response.text()).split('\n\n');
  return events.filter((event) => event.startsWith('data: ')).map((event) => event.slice('data: '.length));
}

describe('models', () => {
  test('are listed, and shown by names that hold a slash', async () => {
    const listed = (await door.openai.models.list()).data;
    expect(listed.map(({ id }) => id)).toEqual(['demo', modelName]);
    expect(await door.openai.models.retrieve(modelName)).toEqual(listed[1]);
    expect((await door.app.json(`/v1/models/${modelName}`)).body).toEqual(listed[1]);
    expect(listed[1]).toMatchObject({ object: 'model', created: expect.any(Number), owned_by: expect.any(String) });
  });
});

describe('a whole answer', () => {
  test('is the provider’s, field by field', async () => {
    const body = {
      id: 'chatcmpl-7',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'chat-1-large-0613',
      system_fingerprint: 'fp_1',
      service_tier: 'default',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hi', refusal: null, annotations: [] },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, odd: { of: 'theirs' } },
    };
    door.provider.script({ body });
    const { status, body: answer } = await door.app.json('/v1/chat/completions', { body: request });
    expect([status, answer]).toEqual([200, body]);
  });

  test('of the built-in model comes too', async () => {
    const answer = await door.openai.chat.completions.create({ model: 'demo', messages });
    expect(answer.object).toBe('chat.completion');
    expect(answer.choices[0]?.message.content).toMatch(/\w/);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
  });

  test('is asked for with what the program said, by the provider’s name and the hub’s key', async () => {
    door.provider.script({ text: 'Hi' });
    const extra = { temperature: 0.5, seed: 7, top_k: 3, enable_thinking: true, metadata: { for: 'test' } };
    const answer = await door.openai.chat.completions.create({
      ...request,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'assistant', content: null, refusal: 'No.' },
        ...messages,
      ],
      ...extra,
      mcp_servers: null,
    } as OpenAI.ChatCompletionCreateParamsNonStreaming);
    expect(answer.choices[0]?.message.content).toBe('Hi');
    const [asked] = door.provider.requests;
    expect(asked?.headers['authorization']).toBe('Bearer sk-of-the-provider');
    expect(asked?.body).toEqual({
      ...extra,
      model: providersName,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'assistant', content: null, refusal: 'No.' },
        ...messages,
      ],
      stream: false,
    });
  });
});

describe('a stream', () => {
  test('is the provider’s chunks, and ends with [DONE]', async () => {
    const file = new URL('../../../packages/agents/src/providers/fixtures/openai.sse', import.meta.url);
    const recorded = readFileSync(file, 'utf8');
    const sent = recorded.split('\n\n').filter((event) => event.startsWith('data: {'));
    const chunks = sent.map((event): Json => JSON.parse(event.slice('data: '.length)));
    door.provider.script({ raw: recorded }, { raw: recorded });
    const events = await eventsOf({ ...request, stream: true, stream_options: { include_usage: true } });
    expect(events.pop()).toBe('[DONE]');
    expect(events.map((event): Json => JSON.parse(event))).toEqual(chunks);
    const fewer = await eventsOf({ ...request, stream: true });
    expect(fewer).toHaveLength(chunks.filter((chunk) => chunk.choices.length > 0).length + 1);
  });

  test('is read by the client, with what it took where it asks', async () => {
    door.provider.script({ text: 'Hello there, this comes in pieces.', usage: { prompt: 11, completion: 9 } });
    expect(await textOf(await door.openai.chat.completions.create({ ...request, stream: true }))).toBe(
      'Hello there, this comes in pieces.',
    );
    door.provider.script({ text: 'Again', usage: { prompt: 11, completion: 9 } });
    const told: (OpenAI.CompletionUsage | null | undefined)[] = [];
    const stream_options = { include_usage: true };
    for await (const chunk of await door.openai.chat.completions.create({ ...request, stream: true, stream_options })) {
      told.push(chunk.usage);
    }
    expect(told.at(-1)).toEqual({ prompt_tokens: 11, completion_tokens: 9, total_tokens: 20 });
  });

  test('is joined by the client’s own helper', async () => {
    door.provider.script({ text: 'One two three' });
    const final = await door.openai.chat.completions.stream(request).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('One two three');
  });
});

describe('tools of the program', () => {
  const tools: OpenAI.ChatCompletionTool[] = [
    {
      type: 'function',
      function: {
        name: 'weather',
        description: 'Tells the weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    },
  ];
  const calls = [
    { name: 'weather', arguments: { city: 'Bern' }, id: 'call_1' },
    { name: 'weather', arguments: { city: 'Uri' }, id: 'call_2' },
  ];

  test('come back as calls, and their results go in', async () => {
    door.provider.script({ calls }, { text: 'Sunny.' });
    const first = await door.openai.chat.completions.create({ ...request, tools, tool_choice: 'auto' });
    const { message, finish_reason } = first.choices[0] ?? {};
    expect(finish_reason).toBe('tool_calls');
    expect(message?.tool_calls).toEqual(
      calls.map(({ id, name, arguments: given }) => ({
        id,
        type: 'function',
        function: { name, arguments: JSON.stringify(given) },
      })),
    );
    const results = calls.map(({ id }) => ({ role: 'tool' as const, tool_call_id: id, content: 'sunny' }));
    const said = message ? [message] : [];
    const second = await door.openai.chat.completions.create({
      ...request,
      tools,
      messages: [...messages, ...said, ...results],
    });
    expect(second.choices[0]?.message.content).toBe('Sunny.');
    const [asked, again] = door.provider.requests;
    expect(asked?.body).toMatchObject({ tools, tool_choice: 'auto' });
    expect(again?.body?.['messages']).toMatchObject([...messages, { tool_calls: message?.tool_calls }, ...results]);
  });

  test('come in pieces of a stream', async () => {
    door.provider.script({ calls });
    const final = await door.openai.chat.completions.stream({ ...request, tools }).finalChatCompletion();
    const made = final.choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && call.function);
    expect(made?.map((call) => call && JSON.parse(call.arguments))).toEqual(calls.map((call) => call.arguments));
  });
});

describe('a program that leaves', () => {
  test.each([true, false])('ends the request to the provider before its first byte (stream: %s)', async (stream) => {
    const { promise: never } = Promise.withResolvers<void>();
    door.provider.script({ hold: never });
    const leaving = new AbortController();
    const asked = door.openai.chat.completions.create({ ...request, stream }, { signal: leaving.signal });
    await expect.poll(() => door.provider.requests.length).toBe(1);
    leaving.abort();
    await expect(asked).rejects.toThrow(/abort/i);
    expect(await door.provider.requests[0]?.ended).toBe('left');
  });

  test('ends it in the middle of a stream, and what it took is written down', async () => {
    door.provider.script({ text: 'On and on. ', endless: true });
    const stream = await door.openai.chat.completions.create({ ...request, stream: true });
    let chunks = 0;
    for await (const _ of stream) if ((chunks += 1) === 5) break;
    expect(await door.provider.requests[0]?.ended).toBe('left');
    async function newest() {
      const { rows } = await door.app.connection.run('select * from model_turns order by started_at desc limit 1');
      return rows[0];
    }
    await expect.poll(newest).toMatchObject({ way: 'v1', outcome: 'cancelled', model: modelName });
  });
});
