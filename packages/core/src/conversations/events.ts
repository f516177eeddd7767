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
