import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';
import { objectIn } from '../json.ts';

const texts = ['role', 'content', 'refusal', 'reasoning_content'];
const lists = ['tool_calls', 'thinking_blocks', 'reasoning_details'];

/** Takes out of a piece of a message what cannot be meant: readers rely on the types of the fields they know. */
export function keepShape(delta: JsonObject): void {
  for (const name of texts) if (!isTextOrNone(delta[name])) delete delta[name];
  for (const name of lists) {
    const value = delta[name];
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) delete delta[name];
    else if (!value.every(isObject)) delta[name] = value.filter(isObject);
  }
  if (Array.isArray(delta['tool_calls'])) for (const call of delta['tool_calls'].filter(isObject)) keepCall(call);
}

function keepCall(call: JsonObject): void {
  if (!isTextOrNone(call['id'])) delete call['id'];
  const { function: spec } = call;
  if (spec === undefined || spec === null) return;
  if (!isObject(spec)) {
    delete call['function'];
    return;
  }
  for (const name of ['name', 'arguments']) if (!isTextOrNone(spec[name])) delete spec[name];
}

/** The use is two numbers of tokens, or absent. */
export function keepUsage(chunk: JsonObject): void {
  const { usage } = chunk;
  if (usage === undefined || usage === null) return;
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = objectIn(usage);
  if (!isObject(usage) || !isCount(prompt) || !isCount(completion)) delete chunk['usage'];
  else if (!isCount(total)) usage['total_tokens'] = prompt + completion;
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
