import { isObject } from '@switchboard/basics';
import type { JsonObject } from '../../types.ts';
import type { RequestChange } from '../format.ts';
import { objectIn, objectsIn, textIn } from '../json.ts';
import { refuses, without } from '../quirks/concessions.ts';
import { thinkingBudgets } from './thinking.ts';

/** Models before the fourth generation know a budget of thoughts in the place of an effort. */
export const olderThinking: RequestChange = {
  name: 'olderThinking',
  wants: (refusal, body) =>
    objectIn(body['thinking'])['type'] === 'adaptive' && refuses(refusal, 'adaptive', 'output_config', 'effort'),
  change(body) {
    const { effort, ...output } = objectIn(body['output_config']);
    const budget = thinkingBudgets[textIn(effort)] ?? thinkingBudgets['medium'] ?? 0;
    const limit = Number(body['max_tokens']);
    const rest = without(body, 'output_config');
    return {
      ...rest,
      ...(Object.keys(output).length > 0 && { output_config: output }),
      thinking: { type: 'enabled', budget_tokens: budget },
      // The budget is part of it.
      max_tokens: limit > budget ? limit : limit + budget,
    };
  },
};

/** Thoughts of another model, or of another key, have a signature that is refused. */
export const noThoughtsBack: RequestChange = {
  name: 'noThoughtsBack',
  once: true,
  wants: (refusal, body) => hasThoughts(body) && refuses(refusal, 'signature', 'thinking block', 'thinking` block'),
  change: (body) => withoutThinking({ ...body, messages: objectsIn(body['messages']).map(withoutThoughts) }),
};

/**
 * Inside a loop of tools, missing thoughts cannot be sent back, and a tool that has to be called is called without: the
 * turn continues without thoughts.
 */
export const noThinkingAgain: RequestChange = {
  name: 'noThinkingAgain',
  once: true,
  wants: (refusal, body) =>
    'thinking' in body && refuses(refusal, 'expected `thinking`', 'expected thinking', 'forces tool use'),
  change: withoutThinking,
};

const tooMany = /max_tokens: \d{1,9} > (\d{1,9})/;

/** Older models say how long their answers may be, where the hub's own limit is more than that. */
export const lowerLimit: RequestChange = {
  name: 'lowerLimit',
  once: true,
  wants: (refusal) => refuses(refusal, 'max_tokens:') && tooMany.test(refusal.message),
  change: (body, refusal) => ({
    ...body,
    max_tokens: Number(tooMany.exec(refusal?.message ?? '')?.[1] ?? body['max_tokens']),
  }),
};

function withoutThinking(body: JsonObject): JsonObject {
  return without(body, 'thinking', 'output_config');
}

function isThought(block: unknown): boolean {
  return isObject(block) && (block['type'] === 'thinking' || block['type'] === 'redacted_thinking');
}

function hasThoughts(body: JsonObject): boolean {
  return objectsIn(body['messages']).some(({ content }) => Array.isArray(content) && content.some(isThought));
}

function withoutThoughts(message: JsonObject): JsonObject {
  const { content } = message;
  return Array.isArray(content) ? { ...message, content: content.filter((block) => !isThought(block)) } : message;
}
