import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { upstreamPrograms } from '../../support/mcp/upstreams.ts';
import { modelName, openDoor, type Door } from './door.ts';

/** Tools that the hub calls itself for a program that only speaks OpenAI. */

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const { config } = await upstreamPrograms['v1-stdio']('alpha');
  await door.app.client().servers.create.mutate({ id: 'alpha', name: 'alpha', ...config });
});
afterAll(() => door[Symbol.asyncDispose]());
beforeEach(() => door.provider.forget());

const usage = { prompt: 10, completion: 5 };
const call = { name: 'structured', arguments: { n: 21 } };
const request = {
  model: modelName,
  messages: [{ role: 'user' as const, content: 'Double 21' }],
  mcp_servers: ['alpha'],
};

test('are used on the way to one answer', async () => {
  door.provider.script({ text: 'Let me see.', calls: [call], usage }, { text: 'It is 42.', usage });
  const answer = await door.openai.chat.completions.create(request as OpenAI.ChatCompletionCreateParamsNonStreaming);
  expect(answer.choices).toMatchObject([
    { message: { role: 'assistant', content: 'Let me see.\n\nIt is 42.' }, finish_reason: 'stop' },
  ]);
  expect(answer.choices[0]?.message.tool_calls).toBeUndefined();
  expect(answer.usage).toEqual({ prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 });
  const [first, second] = door.provider.requests.map(({ body }) => JSON.stringify(body));
  expect(first).toContain('"name":"structured"');
  expect(first).not.toContain('mcp_servers');
  expect(second).toMatch(/Tool structured succeeded.*42/);
});

test('stream as one completion, which the official client joins', async () => {
  door.provider.script({ calls: [call], usage }, { text: 'It is 42.', usage });
  const stream = await door.openai.chat.completions.create({
    ...request,
    stream: true,
    stream_options: { include_usage: true },
  } as OpenAI.ChatCompletionCreateParamsStreaming);
  const chunks = await Array.fromAsync(stream);
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  expect(chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])).toEqual([]);
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('It is 42.');
  expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['stop']);
  expect(chunks.at(-1)?.usage?.total_tokens).toBe(30);
});

test('of servers that the key does not reach are not there', async () => {
  const { key } = await door.app.client().keys.create.mutate({ name: 'narrow', resources: [`model:${modelName}`] });
  door.provider.script({ calls: [call] }, { text: 'I have no tools.' });
  const answer = await door
    .clientOf(key)
    .chat.completions.create(request as OpenAI.ChatCompletionCreateParamsNonStreaming);
  expect(answer.choices[0]?.message.content).toBe('I have no tools.');
  expect(JSON.stringify(door.provider.requests[0]?.body)).not.toContain('structured');
});
