import type { Message } from '@switchboard/agents';

/** What was thought in earlier rounds is not sent again. */
function withoutThoughts(message: Message): Message {
  if (message.role !== 'assistant') return message;
  const { reasoning_content: _text, thinking_blocks: _blocks, reasoning_details: _details, ...said } = message;
  return said;
}

/** All that a model is told: the system prompt of now, what was said before, and this round. */
export function beforeModel(systemPrompt: string, before: readonly Message[], round: readonly Message[]): Message[] {
  return [
    ...(systemPrompt === '' ? [] : [{ role: 'system' as const, content: systemPrompt }]),
    ...before.filter(({ role }) => role !== 'system' && role !== 'developer').map(withoutThoughts),
    ...round,
  ];
}

const goOn = 'Your answer was cut off. Go on exactly where it ended, and repeat nothing of it.';

/** The same, where the last answer ended in the middle: providers want to be asked again. */
export function askedToGoOn(messages: readonly Message[]): Message[] {
  const last = messages.at(-1);
  const isCut = last?.role === 'assistant' && last.tool_calls === undefined;
  return isCut ? [...messages, { role: 'user', content: goOn }] : [...messages];
}
