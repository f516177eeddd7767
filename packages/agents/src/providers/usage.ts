import type { Answer, Message, Tool, Usage } from '../types.ts';

/** Characters that a token has, roughly: fewer in languages without spaces. */
const perToken = 4;

/** What a turn used, roughly, for providers that do not tell: budgets need a figure. */
export function estimateUsage(
  messages: readonly Message[],
  tools: readonly Tool[],
  answer: Pick<Answer, 'choices'>,
): Usage {
  const prompt = tokensIn(messages.map(textOf)) + (tools.length > 0 ? tokensIn(tools) : 0);
  const completion = tokensIn(answer.choices.map(({ message }) => textOf(message)));
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** What counts of a message: images cost by their size in pixels, not by their bytes. */
function textOf({ content, ...message }: Message): unknown[] {
  const calls = 'tool_calls' in message ? message.tool_calls : [];
  const thoughts = 'reasoning_content' in message ? message.reasoning_content : '';
  const parts = typeof content === 'string' || content === null ? [content] : content;
  return [
    calls,
    thoughts,
    ...parts.map((part) => (typeof part === 'object' && part?.type === 'image_url' ? 'x'.repeat(4000) : part)),
  ];
}

function tokensIn(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / perToken);
}
