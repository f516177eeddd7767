import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startProvider } from '../testing/provider.ts';
import type { Answer, Chunk, Model, Protocol } from '../types.ts';
import { accumulate } from './accumulate.ts';
import { createProviders } from './providers.ts';

/** Streams in the shapes that providers send: what becomes of each, and what the official SDKs make of it. */

const folder = path.join(import.meta.dirname, 'fixtures');
function recorded(name: string): string {
  return readFileSync(path.join(folder, `${name}.sse`), 'utf8');
}

const provider = await startProvider();
const providers = createProviders();
afterAll(async () => {
  await providers.close();
  await provider[Symbol.asyncDispose]();
});
beforeEach(() => provider.forget());

function protocolOf(name: string): Exclude<Protocol, 'demo'> {
  return name.startsWith('anthropic') ? 'anthropic' : 'openai';
}

async function chunksOf(name: string, ...more: string[]): Promise<Chunk[]> {
  const model: Model = {
    name,
    protocol: protocolOf(name),
    baseUrl: provider.url,
    apiKey: null,
    model: 'm',
    allowPrivate: true,
  };
  for (const each of [name, ...more]) provider.script({ raw: recorded(each) });
  return Array.fromAsync(providers.runTurn(model, [{ role: 'user', content: 'Go' }], [], new AbortController().signal));
}

async function answerOf(name: string, ...more: string[]): Promise<Answer> {
  return accumulate(await chunksOf(name, ...more));
}

function call(id: unknown, name: string, args: string) {
  return { id, type: 'function', function: { name, arguments: args } };
}
const madeId = expect.stringMatching(/^call_[0-9a-f]{8}_\d$/) as unknown;

interface Case {
  message: object;
  finish: string;
  usage?: object | null;
  /** Whether every chunk is what was sent. */
  unchanged?: true;
}

const cases: Record<string, Case> = {
  openai: {
    message: {
      content: null,
      tool_calls: [
        call('call_9pw1', 'get_weather', '{"city":"Zürich"}'),
        call('call_A7c2', 'get_time', '{"zone":"Europe/Zurich"}'),
      ],
    },
    finish: 'tool_calls',
    usage: { total_tokens: 125, prompt_tokens_details: { cached_tokens: 0 } },
    unchanged: true,
  },
  'vllm-reasoning': {
    message: { content: 'It is 42.', reasoning_content: 'Seven times six.' },
    finish: 'stop',
    usage: { total_tokens: 30 },
  },
  openrouter: {
    message: {
      content: 'Grüezi',
      reasoning_content: 'Hm, a',
      reasoning_details: [{ type: 'reasoning.text', text: 'Hm, a', format: 'unknown', index: 0, signature: 'c2ln' }],
    },
    finish: 'stop',
    usage: { cost: 0.0000042 },
  },
  'ollama-calls': {
    message: {
      content: '',
      tool_calls: [call('call_hk1q', 'add', '{"a":1,"b":2}'), call('call_zz3w', 'add', '{"a":3,"b":4}')],
    },
    finish: 'tool_calls',
    usage: null,
  },
  'object-arguments': {
    message: { content: '', tool_calls: [call(madeId, 'add', '{"a":1,"b":{"c":[2]}}'), call(madeId, 'now', '')] },
    finish: 'tool_calls',
  },
  deepseek: {
    message: { content: 'Three.', reasoning_content: 'Strawberry has three r.' },
    finish: 'stop',
    usage: { completion_tokens_details: { reasoning_tokens: 6 } },
    unchanged: true,
  },
  'qwen-empty-ids': {
    message: { content: '', tool_calls: [call('call_4d1e', 'search', '{"q": "天气"}')] },
    finish: 'tool_calls',
    usage: { total_tokens: 212 },
    unchanged: true,
  },
  'gemini-one-index': {
    message: {
      content: null,
      tool_calls: [
        {
          ...call('function-call-11', 'weather', '{"city":"Rome"}'),
          extra_content: { google: { thought_signature: 'c2ln' } },
        },
        call('function-call-12', 'weather', '{"city":"Oslo"}'),
      ],
    },
    finish: 'tool_calls',
    usage: { total_tokens: 50 },
  },
  'gemini-no-ids': {
    message: {
      content: null,
      tool_calls: [call(madeId, 'weather', '{"city":"Rome"}'), call(madeId, 'weather', '{"city":"Oslo"}')],
    },
    finish: 'tool_calls',
  },
  'repeated-names': {
    message: { content: null, tool_calls: [call('call_r', 'find', '{"a":[1]}')] },
    finish: 'tool_calls',
    unchanged: true,
  },
  'mistral-parts': {
    message: { content: 'Four.', reasoning_content: 'Two and two.' },
    finish: 'stop',
    usage: { total_tokens: 15 },
  },
  'moonshot-usage': { message: { content: 'Yes.' }, finish: 'stop', usage: { total_tokens: 5 } },
  'groq-usage': { message: { content: 'No.' }, finish: 'stop', usage: { total_tokens: 6 } },
  'no-done': { message: { content: 'Bye' }, finish: 'length', unchanged: true },
  'last-line-open': { message: { content: 'Bye' }, finish: 'stop', unchanged: true },
  'carriage-returns': { message: { content: 'Crème brûlée 🍮' }, finish: 'stop' },
  'data-in-lines': { message: { content: 'Split' }, finish: 'stop' },
  azure: { message: { content: 'Azure.' }, finish: 'stop' },
  'empty-finish': { message: { content: 'Only.' }, finish: 'stop' },
  'message-in-stream': { message: { content: 'In one piece.' }, finish: 'stop' },
  'bare-chunks': { message: { content: 'Bare' }, finish: 'stop', usage: { total_tokens: 2 } },
  'anthropic-tools': {
    message: {
      content: 'I look it up.',
      reasoning_content: 'They want two cities.',
      thinking_blocks: [{ type: 'thinking', thinking: 'They want two cities.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA' }],
      tool_calls: [call('toolu_01A', 'weather', '{"city": "São Paulo"}'), call('toolu_01B', 'now', '{}')],
    },
    finish: 'tool_calls',
    usage: {
      prompt_tokens: 2125,
      completion_tokens: 89,
      total_tokens: 2214,
      prompt_tokens_details: { cached_tokens: 2000 },
      cache_creation_input_tokens: 100,
    },
  },
  'anthropic-redacted': {
    message: {
      content: 'Done.',
      thinking_blocks: [
        { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' },
        { type: 'thinking', thinking: '', signature: 'c2ln' },
      ],
    },
    finish: 'stop',
    usage: { prompt_tokens: 30, completion_tokens: 7, completion_tokens_details: { reasoning_tokens: 5 } },
  },
  'anthropic-refusal': {
    message: { content: 'I can', refusal: 'This could do harm.' },
    finish: 'content_filter',
    usage: { total_tokens: 27 },
  },
  'anthropic-input-at-start': {
    message: { content: 'Well. ', tool_calls: [call(madeId, 'add', '{"a":1,"b":2}')] },
    finish: 'tool_calls',
    usage: { prompt_tokens: 40, completion_tokens: 9 },
  },
  'anthropic-length': { message: { content: 'So far' }, finish: 'length' },
};

const failing: Record<string, string> = {
  'openrouter-error': 'The provider answers 502 and says: Provider returned error',
  'anthropic-error': 'The provider reports an error and says: Overloaded',
};

test('every stream has its row', () => {
  const names = readdirSync(folder).map((file) => path.parse(file).name);
  expect(names.toSorted()).toEqual([...Object.keys(cases), ...Object.keys(failing), 'anthropic-pause'].toSorted());
});

describe.each(Object.entries(cases))('%s', (name, { message, finish, usage, unchanged }) => {
  test('becomes this message', async () => {
    const answer = await answerOf(name);
    expect(answer.message).toEqual({ role: 'assistant', ...message });
    expect(answer.finish_reason).toBe(finish);
    if (usage === null) expect(answer.usage).toBeNull();
    else if (usage !== undefined) expect(answer.usage).toMatchObject(usage);
  });

  test('has chunks of the format, unchanged where nothing was to be mended', async () => {
    const chunks = await chunksOf(name);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({
        object: 'chat.completion.chunk',
        id: expect.any(String),
        model: expect.any(String),
      });
      for (const choice of chunk.choices) expect(choice).toMatchObject({ index: 0, delta: expect.any(Object) });
    }
    if (unchanged === true) expect(chunks).toEqual(sentIn(name));
  });

  test('is the same to the official SDK', async () => {
    const chunks = await chunksOf(name);
    const ours = await accumulate(chunks);
    if (protocolOf(name) === 'anthropic') expect(await withAnthropic(name)).toEqual(comparable(ours, true));
    // Its accumulator takes our chunks; of the raw stream only what is of its own format.
    expect(await throughOpenAI(chunks)).toEqual(comparable(ours, false));
    if (unchanged === true) expect(await withOpenAI(name)).toEqual(comparable(ours, false));
  });
});

test.each(Object.entries(failing))('%s fails with what it says', async (name, said) => {
  await expect(chunksOf(name)).rejects.toMatchObject({ name: 'ProviderError', message: `${name}: ${said}` });
});

test('a provider that pauses is asked to go on, with what it had', async () => {
  const answer = await answerOf('anthropic-pause', 'anthropic-pause', 'anthropic-tools');
  expect(answer.message.content).toBe('I search.I search.I look it up.');
  expect(answer.message.tool_calls).toHaveLength(2);
  expect(answer).toMatchObject({
    id: 'msg_01',
    finish_reason: 'tool_calls',
    usage: { prompt_tokens: 2175, completion_tokens: 129 },
  });
  const [, second, third] = provider.requests;
  expect(second?.body?.['messages']).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Go' }] },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I search.' },
        { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
        { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
      ],
    },
  ]);
  expect(third?.body?.['messages']).toHaveLength(3);
});

/** The JSON of each event. */
function sentIn(name: string): unknown[] {
  return recorded(name)
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as unknown);
}

/** What both know of a message. */
function comparable({ message, finish_reason }: Answer, parsed: boolean) {
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
    id,
    name,
    arguments: parsed ? (JSON.parse(text) as unknown) : text,
  }));
  return { text: message.content ?? '', calls, finish_reason };
}

async function throughOpenAI(chunks: Chunk[]) {
  const lines = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join('');
  return fromOpenAI(ChatCompletionStream.fromReadableStream(new Blob([lines]).stream()));
}

async function withOpenAI(name: string) {
  provider.script({ raw: recorded(name) });
  const client = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'none', maxRetries: 0 });
  return fromOpenAI(client.chat.completions.stream({ model: 'm', messages: [] }));
}

async function fromOpenAI(stream: ChatCompletionStream) {
  const [choice] = (await stream.finalChatCompletion()).choices;
  const calls = (choice?.message.tool_calls ?? []).flatMap((each) =>
    each.type === 'function' ? [{ id: each.id, name: each.function.name, arguments: each.function.arguments }] : [],
  );
  return { text: choice?.message.content ?? '', calls, finish_reason: choice?.finish_reason };
}

const finishReasons: Record<string, string> = {
  end_turn: 'stop',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
  model_context_window_exceeded: 'length',
};

async function withAnthropic(name: string) {
  provider.script({ raw: recorded(name) });
  const client = new Anthropic({ baseURL: provider.url, apiKey: 'none', maxRetries: 0 });
  const message = await client.messages.stream({ model: 'm', max_tokens: 1, messages: [] }).finalMessage();
  const calls = message.content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ id: block.id === '' ? madeId : block.id, name: block.name, arguments: block.input }]
      : [],
  );
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  return { text, calls, finish_reason: finishReasons[message.stop_reason ?? ''] };
}
