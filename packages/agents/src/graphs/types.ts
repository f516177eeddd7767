import type { LoopEvent, ToolsPort } from '../chat/types.ts';
import type { Chunk, Message, Tool, ToolCall, ToolMessage } from '../types.ts';

/** A node as it is written; every field but the name is optional on input. */
export interface GraphNode {
  name: string;
  description: string;
  model_name: string | null;
  mcp_servers: string[];
  system_prompt: string;
  user_prompt: string;
  input_nodes: string[];
  output_nodes: string[];
  /** How many times it may choose which node comes next. */
  handoffs: number | null;
  /** Whether every output of it is kept for `context` of others. */
  global_output: boolean;
  context: string[];
  /** `all` or a number as text; older: `latest`, and `latest_n` with `context_n`. */
  context_mode: string;
  context_n?: number | undefined;
  /** False: its output is what its tools gave. */
  output_enabled: boolean;
  is_subgraph: boolean;
  subgraph_name: string | null;
  position: { x: number; y: number } | null;
  level: number | null;
  /** The extension of the file that its output is written to. */
  save: string | null;
}

export interface Graph {
  name: string;
  description: string;
  nodes: GraphNode[];
  end_template: string | null;
}

export interface GraphProblem {
  /** One sentence. */
  reason: string;
  node?: string;
}

/** What a checker needs to know of what is outside of the graph, by name. */
export interface GraphWorld {
  subgraph(name: string): Graph | undefined;
  hasModel(name: string): boolean;
  server(name: string): 'connected' | 'disconnected' | undefined;
}

/** A node after flattening: a child of the sub-graph node `S` is named `S.child`. */
export interface FlatNode extends GraphNode {
  level: number;
}

export interface FlatGraph extends Graph {
  nodes: FlatNode[];
}

/**
 * What a node did. All visits in the order in which they began, those of one level in the order of the list, are what a
 * run depends on besides its graph and input.
 */
export interface NodeVisit {
  node: string;
  visit: number;
  level: number;
  /** As sent: system, user, then answers and results of tools. */
  messages: Message[];
  done: boolean;
  output?: string;
  /** The node that it chose. */
  handoff?: string;
  /** Contents of results of tools, without notices of hand-offs. */
  tools?: string[];
}

export interface GraphPorts {
  takeTurn(
    at: { node: FlatNode; visit: number },
    messages: readonly Message[],
    tools: readonly Tool[],
    signal: AbortSignal,
    turn: number,
  ): AsyncIterable<Chunk>;
  /** Without functions for hand-offs: the engine adds those. */
  tools(at: { node: FlatNode; visit: number }): Promise<ToolsPort>;
  protocol?(node: FlatNode): 'native' | 'tool_action';
  /** `{file.ext}` of the graph's folder of prompts. */
  file(name: string): Promise<string | null>;
}

export interface GraphResult {
  final_result: string;
  execution_chain: string[][];
  global_outputs: Record<string, string[]>;
  handoffs_status: Record<string, { total_limit: number; used_count: number; last_selection: string | null }>;
}

export type GraphEvent =
  /** `messages` is the prompt as sent; not given again for a visit that was begun already. */
  | { type: 'node_start'; node: string; visit: number; level: number; messages: Message[] }
  | { type: 'loop'; node: string; visit: number; event: LoopEvent }
  | { type: 'handoff'; node: string; visit: number; to: string; call: ToolCall; message: ToolMessage }
  | { type: 'node_end'; node: string; visit: number; output: string }
  /** The run fails then, after the other nodes of the level ended. */
  | { type: 'node_failed'; node: string; visit: number; error: unknown }
  | { type: 'complete'; result: GraphResult };

export interface GraphRun {
  graph: FlatGraph;
  input: string;
  /** Inputs before this one, where a run is made again. */
  inputs?: string[];
  past: readonly NodeVisit[];
  /** Kept from before a run is made again. */
  globals?: Record<string, string[]>;
  ports: GraphPorts;
  signal: AbortSignal;
  mostTurns?: number;
  /** Visits of nodes altogether; default 1,000. */
  mostVisits?: number;
}
