import type { AssistantMessage, Chunk, JsonObject, ToolCall, ToolMessage } from '@switchboard/agents';
import type { CallDetail, Used } from './schema.ts';

/** The parts of a tool that are shown with its call. */
export interface ShownTool {
  server: string;
  /** As the server calls it. */
  name: string;
  title: string | null;
  readOnly: boolean;
}

/** The events of a round while it runs. */
export type ChatEvent =
  | { type: 'turn'; turn: number }
  | { type: 'chunk'; turn: number; chunk: Chunk }
  | { type: 'answer'; turn: number; model: string; message: AssistantMessage; finish: string | null; used: Used }
  | { type: 'call'; turn: number; call: ToolCall; tool: ShownTool | null }
  | { type: 'progress'; callId: string; progress: JsonObject }
  | { type: 'result'; turn: number; callId: string; message: ToolMessage; detail: CallDetail | null };

/** A chunk for followers: serialised once, however many there are. */
export interface ToldChunk {
  type: 'chunk';
  turn: number;
  /** The chunk. */
  json: string;
  content: string;
  reasoning: string;
}

/** The events that followers receive. */
export type ToldEvent = Exclude<ChatEvent, { type: 'chunk' }> | ToldChunk;

export function toTold(event: ChatEvent): ToldEvent {
  if (event.type !== 'chunk') return event;
  const { turn, chunk } = event;
  const delta = chunk.choices.find(({ index }) => index === 0)?.delta;
  return {
    type: 'chunk',
    turn,
    json: JSON.stringify(chunk),
    content: delta?.content ?? '',
    reasoning: delta?.reasoning_content ?? '',
  };
}
