import { expect, test } from 'vitest';
import type { Chunk } from '../types.ts';
import { completionOf } from './completion.ts';

const head = { id: 'c', object: 'chat.completion.chunk' as const, created: 1, model: 'm' };

test('an answer in one piece keeps what it came with', () => {
  const call = { id: 'a', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
  const delta = { role: 'assistant', content: null, annotations: [], tool_calls: [{ index: 0, ...call }] };
  const whole: Chunk = {
    ...head,
    system_fingerprint: 'fp',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, odd: 1 },
  };
  expect(completionOf([whole])).toEqual({
    ...whole,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, annotations: [], tool_calls: [call] },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ],
  });
});

test('one in pieces is joined', () => {
  function piece(content: string, finish: string | null = null): Chunk {
    return { ...head, choices: [{ index: 0, delta: { content }, finish_reason: finish }] };
  }
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  expect(completionOf([piece('Hel'), piece('lo', 'stop'), { ...head, choices: [], usage }])).toEqual({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
    usage,
  });
});
