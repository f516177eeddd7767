import { expect, test } from 'vitest';
import type { Chunk, ToolCallDelta } from '../types.ts';
import { createNativeReader } from './native.ts';

function chunkOf(calls: ToolCallDelta[]): Chunk {
  const choices = [{ index: 0, delta: { tool_calls: calls }, finish_reason: null }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}
function called(index: number): ToolCallDelta {
  return { index, id: `c${index}`, type: 'function', function: { name: 'now', arguments: '' } };
}

test('of calls without end, a thousand are read, and those to their end', () => {
  const reader = createNativeReader(1, new Set());
  const shown = reader.add(chunkOf(Array.from({ length: 100_000 }, (_, n) => called(n))));
  expect(shown?.choices[0]?.delta.tool_calls).toHaveLength(1_024);
  reader.add(
    chunkOf([
      { index: 1_023, function: { arguments: '{}' } },
      { index: 5_000, function: { arguments: '{}' } },
    ]),
  );
  const calls = reader.answer().message.tool_calls ?? [];
  expect(calls).toHaveLength(1_024);
  expect(calls.at(-1)).toEqual({ id: 'c1023', type: 'function', function: { name: 'now', arguments: '{}' } });
});
