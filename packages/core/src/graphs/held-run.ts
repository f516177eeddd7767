import type { FlatGraph, Graph } from '@switchboard/agents/graphs';
import type { AgentRunRow, AgentStepRow, WriteRight } from '../journal/rows.ts';
import type { RunBudget } from './schema.ts';

/** A run of a graph that is written down and held by this hub. */
export interface HeldGraphRun {
  run: AgentRunRow;
  hold: WriteRight;
  /** The stored steps of a run that continues. */
  steps: readonly AgentStepRow[];
  /** It resumes without being asked, so the bound of running runs does not apply. */
  isLetIn?: boolean;
}

/** The graph of a run as it is stored: a run keeps the graph that it began with. */
export interface RunSnapshot {
  graphId: string;
  graph: FlatGraph;
  /** As it is written, before sub-graphs were put in. */
  config: Graph;
  /** Ids of the graphs whose runs called it, the outermost first. */
  within: string[];
  /** The budget of the run; absent means that of its runner. */
  budget?: RunBudget;
  [more: string]: unknown;
}

/** The input of a run, as it is stored. */
export interface RunInput {
  content: string;
  /** Inputs of the runs before it in its conversation, the first one first. */
  earlier: string[];
  /** The outputs of nodes with global output in those runs. */
  globals: Record<string, string[]>;
  [more: string]: unknown;
}

export function snapshotOf({ snapshot }: Pick<AgentRunRow, 'snapshot'>): RunSnapshot {
  return snapshot as unknown as RunSnapshot;
}

export function runInputOf({ input }: Pick<AgentRunRow, 'input'>): RunInput {
  return input as unknown as RunInput;
}

/** The chain of graphs that called this run, the outermost first. Runs of earlier versions have only their own. */
export function chainOf({ within, graphId }: Pick<RunSnapshot, 'graphId'> & { within?: readonly string[] }): string[] {
  return [...(within ?? []), graphId];
}
