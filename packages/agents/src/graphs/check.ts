import { flattenGraph, FlattenError, type Subgraphs } from './flatten.ts';
import { levelsOf } from './levels.ts';
import { withEnds } from './links.ts';
import { reservedNodes, type Graph, type GraphNode } from './schema.ts';
import { piecesOf } from './tokens.ts';

/** One sentence about what is wrong, and the node that it is about. */
export interface GraphProblem {
  reason: string;
  node?: string;
}

/** What there is outside of a graph. */
export interface GraphWorld extends Subgraphs {
  hasModel(name: string): boolean;
  /** Undefined: there is none of that name. */
  server(name: string): 'connected' | 'disconnected' | undefined;
}

const mostTold = 100;

/** Looks at a graph as it stands in the world: what keeps it from being saved, and what may be a mistake. */
export function checkGraph(graph: Graph, world: GraphWorld): { problems: GraphProblem[]; warnings: GraphProblem[] } {
  const problems: GraphProblem[] = [];
  const warnings: GraphProblem[] = [];
  const names = new Set<string>();
  if (graph.nodes.length === 0) problems.push({ reason: 'A graph needs at least one node.' });
  for (const { name } of graph.nodes) {
    if (reservedNodes.has(name)) problems.push({ node: name, reason: `No node may be called '${name}'.` });
    if (names.has(name)) problems.push({ node: name, reason: `Two nodes are called '${name}'.` });
    names.add(name);
  }
  const local = new Set(
    graph.nodes
      .filter(({ global_output: isGlobal, is_subgraph: isGraph }) => !isGlobal && !isGraph)
      .map(({ name }) => name),
  );
  for (const node of graph.nodes) {
    if (problems.length < mostTold) problems.push(...linkProblems(node, names), ...needProblems(node, world));
    if (warnings.length < mostTold) warnings.push(...nodeWarnings(node, { names, local }, world));
  }
  if (problems.length === 0) problems.push(...wholeProblems(graph, world));
  if (problems.length === 0) {
    const { circles } = levelsOf(graph);
    for (const name of circles) {
      warnings.push({ node: name, reason: `Node '${name}' waits for itself by way of others; its level is a guess.` });
    }
  }
  warnings.push(...templateWarnings(graph.end_template, names, 'The end template'));
  return { problems: problems.slice(0, mostTold), warnings: warnings.slice(0, mostTold) };
}

function linkProblems({ name, input_nodes: inputs, output_nodes: outputs, context }: GraphNode, names: Set<string>) {
  const problems: GraphProblem[] = [];
  function absent(what: string, to: string) {
    problems.push({ node: name, reason: `Node '${name}' has '${to}' as ${what}, and there is no such node.` });
  }
  for (const from of inputs) if (from !== 'start' && !names.has(from)) absent('an input', from);
  for (const to of outputs) if (to !== 'end' && !names.has(to)) absent('an output', to);
  for (const from of context) if (from !== 'start' && !names.has(from)) absent('context', from);
  return problems;
}

function needProblems(node: GraphNode, world: GraphWorld): GraphProblem[] {
  const { name } = node;
  if (node.is_subgraph) {
    return node.subgraph_name === ''
      ? [{ node: name, reason: `Node '${name}' stands for a graph, and names none.` }]
      : [];
  }
  if (node.kind === 'human') return [];
  const problems: GraphProblem[] = [];
  if (node.model_name === '') problems.push({ node: name, reason: `Node '${name}' needs a model.` });
  else if (!world.hasModel(node.model_name)) {
    problems.push({ node: name, reason: `Node '${name}' has the model '${node.model_name}', which does not exist.` });
  }
  for (const server of node.mcp_servers) {
    if (world.server(server) !== undefined) continue;
    problems.push({ node: name, reason: `Node '${name}' has the server '${server}', which does not exist.` });
  }
  return problems;
}

function wholeProblems(graph: Graph, world: GraphWorld): GraphProblem[] {
  const { nodes } = withEnds(graph);
  if (!nodes.some(({ input_nodes: inputs }) => inputs.includes('start'))) {
    return [{ reason: "No node has 'start' as an input." }];
  }
  if (!nodes.some(({ output_nodes: outputs }) => outputs.includes('end'))) {
    return [{ reason: "No node has 'end' as an output." }];
  }
  try {
    flattenGraph(graph, world);
    return [];
  } catch (error) {
    if (error instanceof FlattenError) return [{ reason: error.message }];
    throw error;
  }
}

function nodeWarnings(
  node: GraphNode,
  { names, local }: { names: Set<string>; local: ReadonlySet<string> },
  world: GraphWorld,
): GraphProblem[] {
  const { name } = node;
  const away = node.is_subgraph ? [] : node.mcp_servers.filter((server) => world.server(server) === 'disconnected');
  const warnings: GraphProblem[] = away.map((server) => ({
    node: name,
    reason: `The server '${server}' of node '${name}' is not connected.`,
  }));
  if (node.handoffs > 0 && !node.output_nodes.some((to) => to !== 'end')) {
    warnings.push({ node: name, reason: `Node '${name}' may hand over, and leads to no other node.` });
  }
  for (const from of node.context.filter((each) => local.has(each))) {
    warnings.push({ node: name, reason: `Node '${from}' is context of '${name}', and its output is not global.` });
  }
  return [
    ...warnings,
    ...templateWarnings(`${node.system_prompt}\n${node.user_prompt}`, names, `Node '${name}'`, name),
  ];
}

function templateWarnings(template: string, names: Set<string>, who: string, node?: string): GraphProblem[] {
  const warnings: GraphProblem[] = [];
  for (const piece of piecesOf(template, (name) => name === 'start' || names.has(name))) {
    if ('text' in piece) continue;
    const unknown = piece.token.names.filter((name) => name !== 'start' && !names.has(name) && !name.includes('.'));
    if (unknown.length === 0) continue;
    const reason = `${who} has the placeholder ${piece.source}, which names no node: it will be empty.`;
    warnings.push({ reason, ...(node !== undefined && { node }) });
  }
  return warnings;
}
