import type { Graph, GraphNode } from './schema.ts';

/** Nodes that the cases of a condition lead to. */
export function targetsOf({ kind, condition }: Pick<GraphNode, 'kind' | 'condition'>): string[] {
  if (kind !== 'condition' || !condition) return [];
  return [...condition.cases.flatMap(({ to }) => to), ...(condition.otherwise ?? [])];
}

type Leading = Pick<GraphNode, 'kind' | 'condition' | 'on_error' | 'output_nodes'>;

/** All nodes that one leads to, in whichever way. */
export function nextOf(node: Leading): string[] {
  return [...node.output_nodes, ...targetsOf(node), ...(node.on_error ?? [])];
}

/**
 * The graph with `start` and `end` where nobody mentions them: nodes that nothing leads to take the input, and nodes that
 * lead to nothing are ends.
 */
export function withEnds<One extends Graph>(graph: One): One {
  const { nodes } = graph;
  const hasStart = nodes.some(({ input_nodes: inputs }) => inputs.includes('start'));
  const hasEnd = nodes.some((node) => nextOf(node).includes('end'));
  if (hasStart && hasEnd) return graph;
  const ledTo = new Set(nodes.flatMap(nextOf));
  const taken = new Set(nodes.flatMap(({ input_nodes: inputs }) => inputs));
  return {
    ...graph,
    nodes: nodes.map((node) => ({
      ...node,
      ...(!hasStart && node.input_nodes.length === 0 && !ledTo.has(node.name) && { input_nodes: ['start'] }),
      ...(!hasEnd && nextOf(node).length === 0 && !taken.has(node.name) && { output_nodes: ['end'] }),
    })),
  };
}

/**
 * The nodes that each node waits for, by name: its inputs, and nodes without hand-offs that lead to it. Two that lead
 * to each other wait for neither.
 */
export function dependenciesOf({ nodes }: { nodes: readonly GraphNode[] }): Map<string, Set<string>> {
  const leadsTo = new Map(nodes.map((node) => [node.name, new Set(nextOf(node))]));
  const waits = new Map(
    nodes.map((node) => [
      node.name,
      new Set(node.input_nodes.filter((name) => name !== node.name && leadsTo.has(name))),
    ]),
  );
  for (const node of nodes) {
    const { name, handoffs } = node;
    for (const to of handoffs > 0 ? (node.on_error ?? []) : nextOf(node)) {
      if (to === name || leadsTo.get(to)?.has(name) !== false) continue;
      waits.get(to)?.add(name);
    }
  }
  return waits;
}
