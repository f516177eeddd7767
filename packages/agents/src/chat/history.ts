import { wholeCalls, withoutImages } from '../providers/messages.ts';
import type { AssistantMessage, ContentPart, Message, ToolCall } from '../types.ts';

/** What was said between two of the user's messages, the first of them included. */
export interface Round {
  messages: readonly Message[];
}

export interface HistoryInput {
  rounds: readonly Round[];
  /** Comes first, in place of every other one. */
  system?: string;
  /** Comes last; without it the last round goes on. */
  user?: string | ContentPart[];
  /** Whether the model takes images. */
  images: boolean;
}

/**
 * The messages that a model goes on from. What it thought goes back to it while it uses tools, and not after that; calls
 * whose results are missing get a word for them, but for those of an answer that goes on.
 */
export function historyOf({ rounds, system, user, images }: HistoryInput): Message[] {
  const said = rounds.flatMap(({ messages }) => messages.filter(isSaid));
  const asked: Message[] = user === undefined ? [] : [{ role: 'user', content: user }];
  const whole = user === undefined ? wholeBeforeLast(said) : [...wholeCalls(said), ...asked];
  const lastUser = whole.findLastIndex(({ role }) => role === 'user');
  const sent = whole.map((message, at) => shown(message, at > lastUser, images));
  return [...(system === undefined || system === '' ? [] : [{ role: 'system' as const, content: system }]), ...sent];
}

/** What providers take: no prompts of others, and no answer that was cut off before it said anything. */
function isSaid(message: Message): boolean {
  if (message.role === 'assistant') {
    const { content, refusal, tool_calls: calls = [] } = message;
    return calls.length > 0 || (content ?? refusal ?? '') !== '';
  }
  return message.role !== 'system' && message.role !== 'developer';
}

/** Calls of the last answer stay open: whoever goes on makes them. */
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
