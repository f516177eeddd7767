import type { Scope } from './prompts.ts';
import type { RunProgress } from './run-progress.ts';
import type { FlatGraph, FlatNode } from './schema.ts';
import { hasFields } from './structured.ts';
import type { GraphEvent, GraphPorts, GraphResult, NodeVisit } from './types.ts';

/** The part of a run within one of its visits: for each item of a list. */
export interface ItemGraph {
  graph: FlatGraph;
  /** The names of its visits, by the names of their nodes. */
  called(name: string): string;
  input: string;
  /** Further values for its templates. */
  around: Scope | null;
  /** A node that fails ends it, and not the run. */
  keepsFailures: boolean;
}

/** A run under way. */
export interface ActiveRun {
  ports: GraphPorts;
  /** Ends the run with its reason. */
  signal: AbortSignal;
  mostTurns: number;
  past: ReadonlyMap<string, NodeVisit>;
  /** Runs a graph within a visit; null: a node failed, and that is kept. */
  runWithin(inner: ItemGraph, signal: AbortSignal): AsyncGenerator<GraphEvent, GraphResult | null>;
}

/** The surroundings of a visit. */
export interface VisitContext {
  course: RunProgress;
  scope: Scope;
  byName: ReadonlyMap<string, FlatNode>;
  keepsFailures: boolean;
}

export function placeOf(
  course: RunProgress,
  { graph, around, keepsFailures }: Omit<ItemGraph, 'called' | 'input'>,
): VisitContext {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const own: Scope = {
    outputsOf: course.outputsOf,
    globalsOf: course.globalsOf,
    isNode: (name) => byName.has(name),
    hasFields(name) {
      const node = byName.get(name);
      return node !== undefined && hasFields(node);
    },
  };
  if (!around) return { course, byName, scope: own, keepsFailures };
  function isOwn(name: string): boolean {
    return byName.has(name);
  }
  const scope: Scope = {
    outputsOf: (name) => (isOwn(name) ? own : around).outputsOf(name),
    globalsOf: (name) => (isOwn(name) ? own : around).globalsOf(name),
    isNode: (name) => isOwn(name) || around.isNode(name),
    hasFields: (name) => (isOwn(name) ? own : around).hasFields(name),
  };
  return { course, byName, scope, keepsFailures };
}
