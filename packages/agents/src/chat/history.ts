import { wholeCalls, withoutImages } from '../providers/messages.ts';
import type { AssistantMessage, ContentPart, Message, ToolCall } from '../types.ts';

/** The messages from one of the user's to the next, the first of them included. */
export interface Round {
  messages: readonly Message[];
}

export interface HistoryInput {
  rounds: readonly Round[];
  /** Comes first, in place of every other one. */
  system?: string;
  /** Comes last; without it the last round continues. */
  user?: string | ContentPart[];
  /** Whether the model takes images. */
  images: boolean;
}

/**
 * The messages from which a model continues. Its thoughts are sent back while it uses tools, and not after that; calls
 * without a result get a placeholder, except for those of an answer that continues.
 */
export function historyOf({ rounds, system, user, images }: HistoryInput): Message[] {
  const said = rounds.flatMap(({ messages }) => messages.filter(isSaid));
  const asked: Message[] = user === undefined ? [] : [{ role: 'user', content: user }];
  const whole = user === undefined ? wholeBeforeLast(said) : [...wholeCalls(said), ...asked];
  const lastUser = whole.findLastIndex(({ role }) => role === 'user');
  const sent = whole.map((message, at) => shown(message, at > lastUser, images));
  return [...(system === undefined || system === '' ? [] : [{ role: 'system' as const, content: system }]), ...sent];
}

/**
 * The messages that providers accept: no system prompts from elsewhere, and no answer that was cut off before its first
 * word.
 */
function isSaid(message: Message): boolean {
  if (message.role === 'assistant') {
    const { content, refusal, tool_calls: calls = [] } = message;
    return calls.length > 0 || (content ?? refusal ?? '') !== '';
  }
  return message.role !== 'system' && message.role !== 'developer';
}

/** Calls of the last answer stay open: the caller makes them when it continues. */
function wholeBeforeLast(messages: readonly Message[]): Message[] {
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  if (messages[last]?.role !== 'assistant') return wholeCalls(messages);
  return [...wholeCalls(messages.slice(0, last)), ...messages.slice(last)];
}

function shown(message: Message, inLoop: boolean, images: boolean): Message {
  if (message.role === 'assistant') return inLoop ? message : withoutThoughts(message);
  if (images) return message;
  return { ...message, content: withoutImages(message.content) };
}

/** An answer without what its model thought, and what only goes back to it inside a loop of tools. */
export function withoutThoughts(message: AssistantMessage): AssistantMessage {
  const { reasoning_content: _text, thinking_blocks: _blocks, reasoning_details: _details, ...said } = message;
  return said.tool_calls === undefined ? said : { ...said, tool_calls: said.tool_calls.map(plainCall) };
}

function plainCall({ id, type, function: spec }: ToolCall): ToolCall {
  return { id, type, function: spec };
}
