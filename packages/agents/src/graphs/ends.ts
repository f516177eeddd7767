import type { Graph } from './types.ts';

/** The graph with its start and end written down: where no node names one, nodes without inputs or outputs have it. */
export function withEnds<G extends Graph>(graph: G): G {
  const hasStart = graph.nodes.some(({ input_nodes: names }) => names.includes('start'));
  const hasEnd = graph.nodes.some(({ output_nodes: names }) => names.includes('end'));
  if (hasStart && hasEnd) return graph;
  const nodes = graph.nodes.map((node) => ({
    ...node,
    input_nodes: hasStart || node.input_nodes.length > 0 ? node.input_nodes : ['start'],
    output_nodes: hasEnd || node.output_nodes.length > 0 ? node.output_nodes : ['end'],
  }));
  return { ...graph, nodes };
}
