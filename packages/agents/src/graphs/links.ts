import type { Graph } from './schema.ts';

/**
 * The graph with `start` and `end` where nobody mentions them: nodes that nothing leads to take the input, and nodes that
 * lead to nothing are ends.
 */
export function withEnds<One extends Graph>(graph: One): One {
  const { nodes } = graph;
  const hasStart = nodes.some(({ input_nodes: inputs }) => inputs.includes('start'));
  const hasEnd = nodes.some(({ output_nodes: outputs }) => outputs.includes('end'));
  if (hasStart && hasEnd) return graph;
  const ledTo = new Set(nodes.flatMap(({ output_nodes: outputs }) => outputs));
  const taken = new Set(nodes.flatMap(({ input_nodes: inputs }) => inputs));
  return {
    ...graph,
    nodes: nodes.map((node) => ({
      ...node,
      ...(!hasStart && node.input_nodes.length === 0 && !ledTo.has(node.name) && { input_nodes: ['start'] }),
      ...(!hasEnd && node.output_nodes.length === 0 && !taken.has(node.name) && { output_nodes: ['end'] }),
    })),
  };
}

/**
 * What each node waits for, by name: its inputs, and nodes without hand-offs that lead to it. Two that lead to each other
 * wait for neither.
 */
export function dependenciesOf({ nodes }: Graph): Map<string, Set<string>> {
  const leadsTo = new Map(nodes.map(({ name, output_nodes: outputs }) => [name, new Set(outputs)]));
  const waits = new Map(
    nodes.map((node) => [
      node.name,
      new Set(node.input_nodes.filter((name) => name !== node.name && leadsTo.has(name))),
    ]),
  );
  for (const { name, handoffs, output_nodes: outputs } of nodes) {
    if (handoffs > 0) continue;
    for (const to of outputs) {
      if (to === name || leadsTo.get(to)?.has(name) !== false) continue;
      waits.get(to)?.add(name);
    }
  }
  return waits;
}
