import type { Answer, Message, Tool, Usage } from '../types.ts';

/** Characters that a token has, roughly. */
const perToken = 4;

/** The estimated use of a turn of the demo model. */
export function estimateUsage(messages: readonly Message[], tools: readonly Tool[], { message }: Answer): Usage {
  const prompt = tokensIn(messages) + tokensIn(tools);
  const completion = tokensIn([message.content, message.tool_calls]);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function tokensIn(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / perToken);
}
