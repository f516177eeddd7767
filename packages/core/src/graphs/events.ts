import type { ToolCall, ToolMessage } from '@switchboard/agents';
import type { GraphResult, NodeQuestion } from '@switchboard/agents/graphs';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { ToldEvent } from '../conversations/events.ts';
import type { Used } from '../conversations/schema.ts';

/** A node, visited for the first time or again. */
export interface Visit {
  node: string;
  visit: number;
}

/** The events of a run of a graph. */
export type GraphTold =
  | (Visit & { type: 'node_start'; level: number })
  | (Visit & ToldEvent)
  | (Visit & { type: 'handoff'; to: string; call: ToolCall; message: ToolMessage })
  /** The run waits for a person, when the nodes of the same level have ended. */
  | (Visit & { type: 'node_waits'; question: NodeQuestion })
  /** `branch`: the nodes that a condition chose. `failed`: the run continues, and the output is the failure. */
  | (Visit & { type: 'node_end'; output: string; branch?: string[]; failed?: boolean })
  | (Visit & { type: 'node_failed'; failure: Reason });

/** A question of a run to a person. */
export interface Asked extends Visit {
  question: NodeQuestion;
}

/** The result of a run. */
export interface GraphEnding {
  result: GraphResult;
  used: Used;
  /** The questions that the run waits for; empty at its end. */
  waiting: Asked[];
}
