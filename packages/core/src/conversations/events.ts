import type { AssistantMessage, Chunk, JsonObject, ToolCall, ToolMessage } from '@switchboard/agents';
import type { CallDetail, Used } from './schema.ts';

/** What is shown of a tool that is called. */
export interface ShownTool {
  server: string;
  /** As the server calls it. */
  name: string;
  title: string | null;
  readOnly: boolean;
}

/** What a round tells while it goes. */
export type ChatEvent =
  | { type: 'turn'; turn: number }
  | { type: 'chunk'; turn: number; chunk: Chunk }
  | { type: 'answer'; turn: number; model: string; message: AssistantMessage; finish: string | null; used: Used }
  | { type: 'call'; turn: number; call: ToolCall; tool: ShownTool | null }
  | { type: 'progress'; callId: string; progress: JsonObject }
  | { type: 'result'; turn: number; callId: string; message: ToolMessage; detail: CallDetail | null };

/** A chunk as it is told: made JSON of once, whoever hears it. */
export interface ToldChunk {
  type: 'chunk';
  turn: number;
  /** The chunk. */
  json: string;
  content: string;
  reasoning: string;
}

/** What followers hear. */
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
