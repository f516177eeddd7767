import type { Answer, Chunk, ChunkChoice, Completion, JsonObject, Usage } from '../types.ts';
import { createAccumulator } from './accumulate.ts';

/**
 * The chunks of a turn as one `chat.completion`. An answer that came in one piece keeps all of its fields; a joined one
 * has the fields of every provider.
 */
export function completionOf(chunks: readonly Chunk[]): Completion {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) {
    const { object: _object, choices, ...head } = only;
    return { ...head, object: 'chat.completion', choices: choices.map(wholeChoice) };
  }
  const accumulator = createAccumulator();
  for (const chunk of chunks) accumulator.add(chunk);
  return joined(accumulator.answer());
}

function wholeChoice({ index, delta, ...choice }: ChunkChoice): JsonObject {
  const { tool_calls: calls, ...message } = delta;
  return {
    index,
    message: {
      role: 'assistant',
      content: null,
      ...message,
      // A place is for pieces that have to find their call.
      ...(calls && { tool_calls: calls.map(({ index: _place, ...call }) => call) }),
    },
    ...choice,
  };
}

function joined({ id, created, model, choices, usage }: Answer): Completion {
  const told: { usage?: Usage } = usage === null ? {} : { usage };
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: choices.map(({ index, message, finish_reason }) => ({ index, message, finish_reason })),
    ...told,
  };
}
