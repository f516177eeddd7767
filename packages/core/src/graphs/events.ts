import type { ToolCall, ToolMessage } from '@switchboard/agents';
import type { GraphResult } from '@switchboard/agents/graphs';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { ToldEvent } from '../conversations/events.ts';
import type { Used } from '../conversations/schema.ts';

/** A node, visited for the first time or again. */
export interface Visit {
  node: string;
  visit: number;
}

/** What a run of a graph tells while it goes. */
export type GraphTold =
  | (Visit & { type: 'node_start'; level: number })
  | (Visit & ToldEvent)
  | (Visit & { type: 'handoff'; to: string; call: ToolCall; message: ToolMessage })
  | (Visit & { type: 'node_end'; output: string })
  | (Visit & { type: 'node_failed'; failure: Reason });

/** What a run came to. */
export interface GraphEnding {
  result: GraphResult;
  used: Used;
}
