import { isObject } from '@switchboard/basics';
import type { JsonObject, Usage } from '../../types.ts';
import { countIn, objectIn } from '../json.ts';

/** The use of a message by its last event: each is of the whole message. */
export function mergeUsage(known: JsonObject, told: unknown): JsonObject {
  if (!isObject(told)) return known;
  return { ...known, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)) };
}

/** The same as OpenAI counts it: what is read from a cache or written to one is part of the prompt. */
export function usageOf(told: JsonObject): Usage {
  const read = countIn(told['cache_read_input_tokens']);
  const written = countIn(told['cache_creation_input_tokens']);
  const prompt = countIn(told['input_tokens']) + read + written;
  const completion = countIn(told['output_tokens']);
  const thought = objectIn(told['output_tokens_details'])['thinking_tokens'];
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: read },
    ...(thought !== undefined && { completion_tokens_details: { reasoning_tokens: countIn(thought) } }),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
  };
}

/** The sum of several requests of one turn. */
export function addUsage(a: JsonObject, b: JsonObject): JsonObject {
  const names = ['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];
  return { ...b, ...Object.fromEntries(names.map((name) => [name, countIn(a[name]) + countIn(b[name])])) };
}
