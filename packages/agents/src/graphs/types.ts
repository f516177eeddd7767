import type { LoopEvent, ToolsPort } from '../chat/types.ts';
import type { Chunk, Message, Tool, ToolCall, ToolMessage } from '../types.ts';
import type { askedFor, FlatGraph, FlatNode } from './schema.ts';

/** The state of a run at one node. */
export interface NodeVisit {
  node: string;
  /** From 1. */
  visit: number;
  level: number;
  /** As sent and as came: system, user, then answers and results of tools. */
  messages: readonly Message[];
  done: boolean;
  output?: string;
  /** The node that it handed over to. */
  handoff?: string;
  /** The nodes that a condition chose. */
  branch?: readonly string[];
  /** True where it failed and the run continued: its output is the failure. */
  failed?: boolean;
}

/** A node that is visited. */
export interface VisitedNode {
  node: FlatNode;
  visit: number;
  /** The name of the visit: the node's name, and within a list of items the item's before it. */
  name: string;
}

/** The question to a person at a node. */
export interface NodeQuestion {
  /** `doubt`: nobody knows whether the call of a tool was made. */
  ask: (typeof askedFor)[number] | 'doubt';
  /** The prompt of the node: what is approved, edited or answered; for `doubt` the call. */
  text: string;
  /** Nodes that the person may send the run to. */
  targets: string[];
}

/** The answer of a person. */
export interface NodeAnswer {
  output: string;
  /** The node that follows by hand-off. */
  handoff: string | null;
  /** Of a call in doubt: it is made again. */
  repeat?: boolean;
}

export interface GraphPorts {
  /** The answer of a person at a node; null where there is none yet: the run waits for it. */
  answer(at: VisitedNode, question: NodeQuestion): Promise<NodeAnswer | null>;
  /** One turn of the node's model; what it throws fails the node. */
  takeTurn(
    at: VisitedNode,
    messages: readonly Message[],
    tools: readonly Tool[],
    signal: AbortSignal,
    turn: number,
  ): AsyncIterable<Chunk>;
  /** The tools of a node, without hand-offs; of a node of the kind `tool`, its own. */
  tools(at: VisitedNode): Promise<ToolsPort>;
  /** Whether a call was started, or its answer was lost, so that it may have been made. */
  inDoubt?(at: VisitedNode, call: ToolCall): Promise<boolean>;
  /** The failure of a node, in words for readers of its output. */
  told?(error: unknown): string;
  /** How the node's model is offered tools; asked after `tools`. */
  protocol(at: VisitedNode): Promise<'native' | 'tool_action'>;
  /** The text of a file that a prompt names; null where there is none. */
  file(name: string): Promise<string | null>;
}

export type GraphEvent =
  /** `messages`: the prompt as it is sent. Repeated where a started visit resumes. */
  | { type: 'node_start'; node: string; visit: number; level: number; messages: Message[] }
  | { type: 'loop'; node: string; visit: number; event: LoopEvent }
  /** After the result of the call that chose. */
  | { type: 'handoff'; node: string; visit: number; to: string; call: ToolCall; message: ToolMessage }
  /** The run waits for a person, when the nodes beside this one have ended. */
  | { type: 'node_waits'; node: string; visit: number; question: NodeQuestion }
  /**
   * `handoff`: the node that a person or a condition chose. `failed`: the run continues, and the output is the failure.
   */
  | ({ type: 'node_end'; node: string; visit: number; output: string; handoff?: string } & Pick<
      NodeVisit,
      'branch' | 'failed'
    >)
  | { type: 'node_failed'; node: string; visit: number; error: unknown };

export interface HandoffStatus {
  total_limit: number;
  used_count: number;
  last_selection: string | null;
}

/** The result of a run, as far as there is one. */
export interface GraphResult {
  final_result: string;
  execution_chain: string[][];
  global_outputs: Record<string, string[]>;
  handoffs_status: Record<string, HandoffStatus>;
}

/** The inputs of a run, besides the answers of its models and tools. */
export interface RunState {
  graph: FlatGraph;
  input: string;
  /** Inputs of runs before this one, the first one first. */
  inputs?: readonly string[];
  /** The outputs of nodes with global output in earlier runs. */
  globals?: Readonly<Record<string, readonly string[]>>;
  past: readonly NodeVisit[];
}

export interface GraphRunInput extends RunState {
  ports: GraphPorts;
  /** Ends the run with its reason. */
  signal: AbortSignal;
  /** Turns of one visit; default 10. */
  mostTurns?: number;
  /** Visits of the whole run; default 1,000. */
  mostVisits?: number;
  /** Visits within lists of items, all together; default 10,000. */
  mostWithin?: number;
}

/** A node failed; the others of its level came to their end first. */
export class NodeFailed extends Error {
  override name = 'NodeFailed';
  readonly node: string;
  readonly visit: number;
  constructor(node: string, visit: number, cause: unknown) {
    super(`Node '${node}' failed.`, { cause });
    this.node = node;
    this.visit = visit;
  }
}

/** A node waits for a person. */
export class NodeWaits extends Error {
  override name = 'NodeWaits';
}

/** Nodes wait for people, and the nodes beside them have ended: called again with the answers, the run continues. */
export class GraphWaits extends Error {
  override name = 'GraphWaits';
}

/** Ends a run whatever its nodes do about failures: it is not theirs. */
export class RunStops extends Error {
  override name = 'RunStops';
}

/** Why a node failed, as far as the graph itself is why. */
export type NodeFault =
  | { code: 'timeout'; ms: number }
  | { code: 'unfit'; problem: string }
  | { code: 'noTool'; server: string; tool: string }
  | { code: 'tool'; tool: string; text: string }
  | { code: 'noItems' }
  | { code: 'deepItems'; most: number }
  | { code: 'items'; count: number; most: number };

export class NodeError extends Error {
  override name = 'NodeError';
  readonly fault: NodeFault;
  constructor(fault: NodeFault) {
    super(`A node failed: ${fault.code}.`);
    this.fault = fault;
  }
}

/** Hand-offs go round in the graph. */
export class TooManyVisits extends Error {
  override name = 'TooManyVisits';
  readonly count: number;
  constructor(count: number) {
    super(`The run visited ${count} nodes, as many as it may.`);
    this.count = count;
  }
}
