import { describe, expect, test } from 'vitest';
import type { AssistantMessage, Message, Model, Parameters, Tool } from '../../types.ts';
import { anthropicBody } from './request.ts';

const model: Model = {
  name: 'Claude',
  protocol: 'anthropic',
  baseUrl: 'https://api.anthropic.com',
  apiKey: 'k',
  model: 'claude-x',
  allowPrivate: false,
};
const ephemeral = { type: 'ephemeral' };

function bodyOf(
  messages: Message[],
  { tools = [], parameters = {}, over = {} }: { tools?: Tool[]; parameters?: Parameters; over?: Partial<Model> } = {},
) {
  return anthropicBody({ ...model, ...over }, { messages, tools, parameters, stream: true });
}

function tool(name: string): Tool {
  return { type: 'function', function: { name, description: `Does ${name}.`, parameters: { $defs: {} } } };
}

const go: Message = { role: 'user', content: 'Go' };
const thought = { type: 'thinking' as const, thinking: 'Hm', signature: 'c2ln' };
function calling(id: string, more: Partial<AssistantMessage> = {}): AssistantMessage {
  return {
    role: 'assistant',
    content: 'I look.',
    tool_calls: [{ id, type: 'function', function: { name: 'find', arguments: '{"a":1}' } }],
    ...more,
  };
}

describe('messages', () => {
  test('the system stands apart, and is read from the cache with the tools', () => {
    const body = bodyOf(
      [
        { role: 'system', content: 'Be brief.' },
        go,
        { role: 'developer', content: [{ type: 'text', text: 'And kind.' }] },
      ],
      { tools: [tool('a'), tool('b')] },
    );
    expect(body['system']).toEqual([
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: 'And kind.', cache_control: ephemeral },
    ]);
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Go' }] }]);
    const schema = { type: 'object', properties: {}, $defs: {} };
    expect(body['tools']).toEqual([
      { name: 'a', description: 'Does a.', input_schema: schema },
      { name: 'b', description: 'Does b.', input_schema: schema, cache_control: ephemeral },
    ]);
  });

  test('neighbours are one message, results first, and no block is without text', () => {
    const { messages } = bodyOf([
      go,
      { role: 'user', content: ' \n' },
      calling('call_1', { tool_calls: ['call_1', 'call_2'].flatMap((id) => calling(id).tool_calls ?? []) }),
      { role: 'tool', tool_call_id: 'call_1', content: 'One' },
      { role: 'tool', tool_call_id: 'call_2', content: '', is_error: true },
      { role: 'user', content: 'And?' },
      { role: 'assistant', content: 'First. ' },
      { role: 'assistant', content: 'Second. \n' },
    ]) as { messages: unknown };
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Go' },
          { type: 'text', text: '(nothing)' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'call_1', name: 'find', input: { a: 1 } },
          { type: 'tool_use', id: 'call_2', name: 'find', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'One' }] },
          { type: 'tool_result', tool_use_id: 'call_2', is_error: true },
          { type: 'text', text: 'And?' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'First. ' },
          { type: 'text', text: 'Second.' },
        ],
      },
    ]);
  });

  test('thoughts go back with their signatures inside a loop of tools, and nowhere else', () => {
    const result: Message = { role: 'tool', tool_call_id: 'c', content: 'Here' };
    const before = { thinking_blocks: [thought], reasoning_content: 'Hm' };
    const inLoop = bodyOf([go, calling('c', before), result]);
    expect(inLoop['messages']).toMatchObject([{}, { content: [thought, { type: 'text' }, { type: 'tool_use' }] }, {}]);
    const after = bodyOf([go, calling('c', before), result, { role: 'assistant', content: 'There.' }, go]);
    expect(JSON.stringify(after)).not.toContain('thinking');
  });

  test('calls without a result get one, results without a call are left out', () => {
    const { messages } = bodyOf([
      { role: 'tool', tool_call_id: 'x', content: '?' },
      go,
      calling('functions.find:0'),
      go,
    ]);
    const id = expect.stringMatching(/^functions_find_0_[0-9a-f]{8}$/) as unknown;
    expect(messages).toMatchObject([
      { role: 'user', content: [{ text: 'Go' }] },
      { role: 'assistant', content: [{}, { type: 'tool_use', id }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id }, { text: 'Go' }] },
    ]);
  });

  test('arguments that are no object are sent as what they are', () => {
    for (const [text, input] of [
      ['', {}],
      ['[1', { arguments: '[1' }],
      ['[1]', { arguments: '[1]' }],
    ] as const) {
      const call = { id: 'c', type: 'function' as const, function: { name: 'find', arguments: text } };
      const body = bodyOf([go, { role: 'assistant', content: null, tool_calls: [call] }]);
      expect(body['messages']).toMatchObject([{}, { content: [{ type: 'tool_use', input }] }, {}]);
    }
  });

  test('images by data and by address, where the model takes them', () => {
    const urls = ['data:image/png;base64,aGk=', 'https://x/y.jpg', 'data:image/svg+xml;base64,aGk=', 'http://x/y.jpg'];
    const content = urls.map((url) => ({ type: 'image_url' as const, image_url: { url } }));
    const left = { type: 'text', text: expect.stringContaining('left out') as unknown };
    expect(bodyOf([{ role: 'user', content }])['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
          { type: 'image', source: { type: 'url', url: 'https://x/y.jpg' } },
          left,
          left,
        ],
      },
    ]);
    const none = bodyOf([{ role: 'user', content }], { over: { abilities: { images: false } } });
    expect(none['messages']).toEqual([{ role: 'user', content: [left, left, left, left] }]);
  });
});

describe('settings', () => {
  test.each<[Parameters, object]>([
    [{}, { max_tokens: 8192 }],
    [{ max_tokens: 10, max_completion_tokens: 20 }, { max_tokens: 20 }],
    [
      { temperature: 1.5, top_p: 0.5, top_k: 3 },
      { temperature: 1, top_k: 3 },
    ],
    [{ top_p: 0.5 }, { top_p: 0.5 }],
    [{ stop: 'END', seed: 1, n: 2, logprobs: true, frequency_penalty: 1, user: 'u' }, { stop_sequences: ['END'] }],
    [{ stop: ['\n', 'a'] }, { stop_sequences: ['a'] }],
    [{ service_tier: 'flex', metadata: { user_id: 'u' } }, { metadata: { user_id: 'u' } }],
    [
      { reasoning_effort: 'high', temperature: 0 },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    ],
    [{ reasoning_effort: 'none', temperature: 0 }, { temperature: 0 }],
    [
      { thinking: { type: 'enabled', budget_tokens: 2000 }, top_p: 1 },
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
  ])('%j', (parameters, expected) => {
    const { messages: _, model: name, stream, ...rest } = bodyOf([go], { parameters });
    expect({ name, stream }).toEqual({ name: 'claude-x', stream: true });
    expect(rest).toEqual({ max_tokens: 8192, ...expected });
  });

  test.each<[Parameters, object | undefined]>([
    [{}, undefined],
    [{ tool_choice: 'auto' }, { type: 'auto' }],
    [{ tool_choice: 'none', parallel_tool_calls: false }, { type: 'none' }],
    [{ tool_choice: 'required' }, { type: 'any' }],
    [{ tool_choice: { type: 'function', function: { name: 'a' } } }, { type: 'tool', name: 'a' }],
    [{ parallel_tool_calls: false }, { type: 'auto', disable_parallel_tool_use: true }],
  ])('how tools are chosen: %j', (parameters, expected) => {
    expect(bodyOf([go], { parameters, tools: [tool('a')] })['tool_choice']).toEqual(expected);
    expect(bodyOf([go], { parameters })).not.toHaveProperty('tool_choice');
    const none = bodyOf([go], { parameters, tools: [tool('a')], over: { abilities: { tools: false } } });
    expect(none).not.toHaveProperty('tools');
  });

  test('calls in what was said keep their tools where none is offered', () => {
    const { tools, tool_choice: choice } = bodyOf([go, calling('c'), calling('d')]);
    expect(tools).toEqual([{ name: 'find', input_schema: { type: 'object', properties: {} } }]);
    expect(choice).toEqual({ type: 'none' });
  });

  test('tools of the provider itself stand beside those of the hub', () => {
    const own = { type: 'web_search_20250305', name: 'web_search' };
    const body = bodyOf([go], { tools: [tool('a')], over: { extraBody: { tools: [own], inference_geo: 'eu' } } });
    expect(body).toMatchObject({ inference_geo: 'eu', tools: [own, { name: 'a' }] });
  });
});
