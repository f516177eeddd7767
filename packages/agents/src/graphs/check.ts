import { withEnds } from './ends.ts';
import { referencesOf } from './references.ts';
import type { Graph, GraphNode, GraphProblem, GraphWorld } from './types.ts';

/** Graphs in graphs. */
const deepest = 8;

/** What a graph cannot run with, and what may go wrong when it runs. */
export function checkGraph(graph: Graph, world: GraphWorld): { problems: GraphProblem[]; warnings: GraphProblem[] } {
  const problems: GraphProblem[] = [];
  const warnings: GraphProblem[] = [];
  const names = new Set(graph.nodes.map(({ name }) => name));
  const seen = new Set<string>();
  for (const node of graph.nodes) {
    for (const reason of wrongIn(node, names, world)) problems.push({ reason, node: node.name });
    if (seen.has(node.name)) problems.push({ reason: `Two nodes are named "${node.name}".`, node: node.name });
    seen.add(node.name);
    if (node.is_subgraph) continue;
    for (const server of node.mcp_servers) {
      const reason = `The server "${server}" of the node "${node.name}" is not connected.`;
      if (world.server(server) === 'disconnected') warnings.push({ reason, node: node.name });
    }
  }
  const { nodes } = withEnds(graph);
  if (!nodes.some(({ input_nodes: inputs }) => inputs.includes('start')))
    problems.push({ reason: 'No node takes the input: list "start" among the inputs of at least one.' });
  if (!nodes.some(({ output_nodes: outputs }) => outputs.includes('end')))
    problems.push({ reason: 'No node leads to the end: list "end" among the outputs of at least one.' });
  const nesting = wrongNesting(graph, world);
  if (nesting !== null) problems.push({ reason: nesting });
  return { problems, warnings };
}

function wrongIn(node: GraphNode, names: ReadonlySet<string>, world: GraphWorld): string[] {
  const { name, model_name: model, subgraph_name: subgraph } = node;
  const wrong: string[] = [];
  if (name === 'start' || name === 'end') wrong.push(`No node may be named "${name}".`);
  for (const [list, pseudo] of [
    [node.input_nodes, 'start'],
    [node.output_nodes, 'end'],
    [node.context, 'start'],
  ] as const) {
    for (const other of list) {
      if (other !== pseudo && !names.has(other))
        wrong.push(`The node "${name}" refers to "${other}", which is not there.`);
    }
  }
  if (node.is_subgraph) {
    if (subgraph === null) wrong.push(`The node "${name}" stands for a graph and does not say for which.`);
    else if (world.subgraph(subgraph) === undefined)
      wrong.push(`There is no graph "${subgraph}" for the node "${name}".`);
    return wrong;
  }
  if (model === null) wrong.push(`The node "${name}" has no model.`);
  else if (!world.hasModel(model)) wrong.push(`There is no model "${model}" for the node "${name}".`);
  for (const server of node.mcp_servers) {
    if (world.server(server) === undefined) wrong.push(`There is no server "${server}" for the node "${name}".`);
  }
  return wrong;
}

/** Each graph is looked at once, however often it is used. */
function wrongNesting(graph: Graph, world: Pick<GraphWorld, 'subgraph'>): string | null {
  const heights = new Map<string, number>();
  const open = new Set<string>();
  let wrong: string | null = null;
  function heightOf(each: Graph, name: string): number {
    const known = heights.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) wrong ??= `The graph "${name}" contains itself.`;
    else if (open.size > deepest) wrong ??= `Graphs are in graphs more than ${deepest} deep.`;
    if (wrong !== null) return 0;
    open.add(name);
    let height = 0;
    for (const child of referencesOf(each).subgraphs) {
      const inner = child === graph.name ? graph : world.subgraph(child);
      if (inner !== undefined) height = Math.max(height, heightOf(inner, child) + 1);
    }
    open.delete(name);
    heights.set(name, height);
    return height;
  }
  const height = heightOf(graph, graph.name);
  return wrong ?? (height > deepest ? `Graphs are in graphs more than ${deepest} deep.` : null);
}
