import { expect, test } from 'vitest';
import type { AssistantMessage, JsonObject, Message, Model, Tool } from '../../types.ts';
import { openaiBody } from './request.ts';

const model: Model = { name: 'M', protocol: 'openai', baseUrl: '', apiKey: null, model: 'm', allowPrivate: false };

function sent(messages: Message[], over: Partial<Model> = {}) {
  return openaiBody({ ...model, ...over }, { messages, tools: [], parameters: {}, stream: true })['messages'];
}

const go: Message = { role: 'user', content: 'Go' };
const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
const signed = { ...call, extra_content: { google: { thought_signature: 'c2ln' } } };
const calling: AssistantMessage = { role: 'assistant', content: null, tool_calls: [signed] };
const thinking: AssistantMessage = {
  ...calling,
  reasoning_content: 'Hm',
  reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }],
  thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: 'x' }],
};
const result: Message = { role: 'tool', tool_call_id: 'c', content: 'Done', is_error: true };
const plainResult = { role: 'tool', tool_call_id: 'c', content: 'Done' };

test('thoughts and signatures go back inside a loop of tools, and nowhere else', () => {
  const { thinking_blocks: _, ...kept } = thinking;
  expect(sent([go, thinking, result])).toEqual([go, kept, plainResult]);
  expect(sent([go, thinking, result, go])).toEqual([go, { ...calling, tool_calls: [call] }, plainResult, go]);
});

test('images of results follow as a message of the user, behind all results of the turn', () => {
  const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,aGk=' } };
  const content = [{ type: 'text' as const, text: 'A picture:' }, image, image];
  const two: AssistantMessage = { role: 'assistant', content: null, tool_calls: [call, { ...call, id: 'd' }] };
  const messages: Message[] = [
    go,
    two,
    { role: 'tool', tool_call_id: 'c', content },
    { role: 'tool', tool_call_id: 'd', content: 'x' },
  ];
  expect(sent(messages)).toEqual([
    go,
    two,
    { role: 'tool', tool_call_id: 'c', content: 'A picture:\n[2 images follow.]' },
    { role: 'tool', tool_call_id: 'd', content: 'x' },
    { role: 'user', content: [{ type: 'text', text: 'Images of the results above:' }, image, image] },
  ]);
  const left = '[An image is left out: this model takes none.]';
  expect(sent(messages, { abilities: { images: false } })).toMatchObject([
    go,
    two,
    { content: `A picture:\n${left}\n${left}` },
    { content: 'x' },
  ]);
  expect(sent([{ role: 'user', content: [image] }], { abilities: { images: false } })).toEqual([
    { role: 'user', content: [{ type: 'text', text: left }] },
  ]);
});

test('each call has its result behind it, and each result its call', () => {
  const messages: Message[] = [
    result,
    go,
    { ...calling, tool_calls: [call, { ...call, id: 'd' }] },
    { ...result, tool_call_id: 'd' },
    result,
    result,
    calling,
    go,
  ];
  const ids = (sent(messages) as Message[]).map((message) =>
    message.role === 'tool' ? message.tool_call_id : message.role,
  );
  expect(ids).toEqual(['user', 'assistant', 'd', 'c', 'assistant', 'c', 'user']);
});

test('schemas of tools stay as they are, but for an object at their root', () => {
  const parameters = { type: 'object', properties: {}, $defs: { a: { $ref: '#' } }, 'x-own': [1] };
  function schemaOf(schema?: JsonObject) {
    const tools = [{ type: 'function' as const, function: { name: 'f', ...(schema && { parameters: schema }) } }];
    const body = openaiBody(model, { messages: [go], tools, parameters: {}, stream: false });
    return (body['tools'] as Tool[])[0]?.function.parameters;
  }
  expect(schemaOf(parameters)).toBe(parameters);
  expect(schemaOf()).toEqual({ type: 'object', properties: {} });
  expect(schemaOf({ anyOf: [{}] })).toEqual({ anyOf: [{}], type: 'object', properties: {} });
  expect(schemaOf({ type: 'object' })).toEqual({ type: 'object', properties: {} });
});

test('a model that takes no tools is offered none', () => {
  const tools = [{ type: 'function' as const, function: { name: 'f' } }];
  const request = {
    messages: [go],
    tools,
    parameters: { tool_choice: 'auto' as const, parallel_tool_calls: true },
    stream: true,
  };
  expect(openaiBody(model, request)).toMatchObject({
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
    tool_choice: 'auto',
    parallel_tool_calls: true,
  });
  const none = openaiBody({ ...model, abilities: { tools: false } }, request);
  for (const name of ['tools', 'tool_choice', 'parallel_tool_calls']) expect(none).not.toHaveProperty(name);
});
