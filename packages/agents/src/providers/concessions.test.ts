import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startProvider } from '../testing/provider.ts';
import type { JsonObject, Message, Model, Parameters, Tool } from '../types.ts';
import { accumulate } from './accumulate.ts';
import { createProviders } from './providers.ts';
import { inlined } from './quirks/concessions.ts';

/** What a provider refuses of a request is left out or said otherwise, once, and remembered where it is the model's habit. */

const provider = await startProvider();
let providers = createProviders();
afterAll(async () => {
  await providers.close();
  await provider[Symbol.asyncDispose]();
});
beforeEach(async () => {
  provider.forget();
  await providers.close();
  providers = createProviders();
});

interface Ask {
  protocol?: 'openai' | 'anthropic';
  messages?: Message[];
  tools?: Tool[];
  parameters?: Parameters;
}

async function ask({ protocol = 'openai', messages = [], tools = [], parameters = {} }: Ask): Promise<string | null> {
  const place = { baseUrl: provider.url, apiKey: null, allowPrivate: true };
  const model: Model = { name: 'M', protocol, model: 'm', ...place };
  const all: Message[] = messages.length > 0 ? messages : [{ role: 'user', content: 'Go' }];
  const turn = providers.runTurn(model, all, tools, new AbortController().signal, { parameters });
  return (await accumulate(turn)).message.content;
}

function refuse(message: string, status = 400) {
  provider.script({ status, body: { error: { message, type: 'invalid_request_error' } } });
}

function bodies(): (JsonObject | null)[] {
  return provider.requests.map(({ body }) => body);
}

test('`stream_options` is left out from then on', async () => {
  refuse("Unknown field 'stream_options'", 422);
  expect(await ask({})).toBe('ok');
  expect(await ask({})).toBe('ok');
  expect(bodies().map((body) => 'stream_options' in (body ?? {}))).toEqual([true, false, false]);
});

test('the limit of tokens is called as the model calls it', async () => {
  refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.");
  await ask({ parameters: { max_tokens: 7 } });
  await ask({ parameters: { max_tokens: 8 } });
  expect(bodies().map((body) => [body?.['max_tokens'], body?.['max_completion_tokens']])).toEqual([
    [7, undefined],
    [undefined, 7],
    [undefined, 8],
  ]);
  await providers.close();
  providers = createProviders();
  provider.forget();
  refuse('max_completion_tokens: Extra inputs are not permitted', 422);
  await ask({ parameters: { max_completion_tokens: 9 } });
  expect(bodies().at(-1)).toMatchObject({ max_tokens: 9 });
});

test('two names that are refused for their value leave no trace', async () => {
  refuse('max_completion_tokens is too large: 999999');
  refuse("'max_tokens' is not supported. Use 'max_completion_tokens' instead.");
  refuse('max_completion_tokens is too large: 999999');
  await expect(ask({ parameters: { max_completion_tokens: 999_999 } })).rejects.toMatchObject({ code: 'bad_request' });
  await ask({ parameters: { max_completion_tokens: 5 } });
  expect(bodies().at(-1)).toMatchObject({ max_completion_tokens: 5 });
});

test('settings of chance are left out where a model has none', async () => {
  refuse("Unsupported value: 'temperature' does not support 0.7 with this model.");
  await ask({ parameters: { temperature: 0.7, top_p: 1 } });
  expect(bodies()[1]).not.toHaveProperty('temperature');
});

test('a value that is out of range is told', async () => {
  refuse('temperature: Input should be less than or equal to 2');
  await expect(ask({ parameters: { temperature: 3 } })).rejects.toMatchObject({ code: 'bad_request' });
  expect(provider.requests).toHaveLength(1);
});

test('a concession that does not help is told as what was refused last', async () => {
  refuse("Unknown field 'stream_options'");
  refuse('The model is gone');
  await expect(ask({})).rejects.toMatchObject({ message: expect.stringContaining('The model is gone') as string });
  expect(provider.requests).toHaveLength(2);
});

test('what was thought is not sent back where it is refused', async () => {
  const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
  const messages: Message[] = [
    { role: 'user', content: 'Go' },
    { role: 'assistant', content: null, reasoning_content: 'Hm', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c', content: 'x' },
  ];
  refuse("Additional properties are not allowed ('reasoning_content' was unexpected)");
  await ask({ messages });
  expect(bodies().map((body) => JSON.stringify(body).includes('reasoning_content'))).toEqual([true, false]);
});

describe('Anthropic', () => {
  const thinking = { reasoning_effort: 'low' };

  test('models without efforts get a budget within the limit', async () => {
    refuse('thinking: Input tag "adaptive" does not match any of the expected tags');
    await ask({ protocol: 'anthropic', parameters: { ...thinking, max_tokens: 100 } });
    expect(bodies()[1]).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 2048 }, max_tokens: 2148 });
    expect(bodies()[1]).not.toHaveProperty('output_config');
  });

  test('the limit of tokens is lowered to what the model gives', async () => {
    refuse('max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for claude-x');
    await ask({ protocol: 'anthropic' });
    expect(bodies().map((body) => body?.['max_tokens'])).toEqual([8192, 4096]);
  });

  test('thoughts with a signature of another are left out, for this conversation', async () => {
    const thought = { type: 'thinking' as const, thinking: 'Hm', signature: 'x' };
    const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
    const messages: Message[] = [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: null, thinking_blocks: [thought], tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: 'x' },
    ];
    for (let round = 0; round < 2; round += 1) {
      refuse('messages.1.content.0: Invalid `signature` in `thinking` block');
      await ask({ protocol: 'anthropic', messages, parameters: thinking });
    }
    expect(bodies().map((body) => JSON.stringify(body).includes('"thinking"'))).toEqual([true, false, true, false]);
  });
});

test('references are written out where a model refuses them', async () => {
  const parameters = {
    type: 'object',
    properties: { a: { $ref: '#/$defs/A' }, b: { $ref: '#/$defs/B', description: 'Own' }, c: { $ref: 'https://x/y' } },
    $defs: { A: { type: 'string' }, B: { type: 'array', items: { $ref: '#/$defs/B' } } },
  };
  refuse('tools.0: $ref is not supported');
  await ask({ tools: [{ type: 'function', function: { name: 'f', parameters } }] });
  expect(bodies()[0]).toMatchObject({ tools: [{ function: { parameters } }] });
  const written = {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'array', items: {}, description: 'Own' }, c: {} },
  };
  expect(bodies()[1]?.['tools']).toEqual([{ type: 'function', function: { name: 'f', parameters: written } }]);
  refuse('tools.0.input_schema: $ref is not supported');
  await ask({ protocol: 'anthropic', tools: [{ type: 'function', function: { name: 'f', parameters } }] });
  expect(bodies()[3]?.['tools']).toMatchObject([{ name: 'f', input_schema: written }]);
});

test('references that multiply end', () => {
  const names = Array.from({ length: 40 }, (_, at) => at);
  const $defs = Object.fromEntries(
    names.map((at) => [
      `d${at}`,
      { properties: { a: { $ref: `#/$defs/d${at + 1}` }, b: { $ref: `#/$defs/d${at + 1}` } } },
    ]),
  );
  const schema = inlined({ type: 'object', properties: { x: { $ref: '#/$defs/d0' } }, $defs });
  expect(JSON.stringify(schema).length).toBeLessThan(200_000);
});

test.each(['openai', 'anthropic'] as const)(
  'a form of answers that is refused is not asked for again: %s',
  async (protocol) => {
    const format = { type: 'json_schema', json_schema: { name: 'output', schema: { type: 'object' } } };
    const field = protocol === 'openai' ? 'response_format' : 'output_config';
    refuse(`${field}: Extra inputs are not permitted`);
    expect(await ask({ protocol, parameters: { response_format: format } })).toBe('ok');
    await ask({ protocol, parameters: { response_format: format } });
    expect(bodies().map((body) => field in (body ?? {}))).toEqual([true, false, false]);
  },
);
