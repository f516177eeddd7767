import { flattenGraph, FlattenError, type Subgraphs } from './flatten.ts';
import { levelsOf } from './levels.ts';
import { withEnds } from './links.ts';
import type { GraphProblem, ProblemCode } from './problems.ts';
import { reservedNodes, type Graph, type GraphNode } from './schema.ts';
import { piecesOf } from './tokens.ts';

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
  if (graph.nodes.length === 0) problems.push({ code: 'graphEmpty', params: {} });
  for (const { name } of graph.nodes) {
    if (reservedNodes.has(name)) problems.push(at(name, 'graphNodeReserved'));
    if (names.has(name)) problems.push(at(name, 'graphNodeTwice'));
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
    warnings.push(...circles.map((name) => at(name, 'graphInCircle')));
  }
  const unknown = unknownIn(graph.end_template, names);
  warnings.push(
    ...unknown.map((placeholder) => ({ code: 'graphTemplatePlaceholder', params: { placeholder } }) as const),
  );
  return { problems: problems.slice(0, mostTold), warnings: warnings.slice(0, mostTold) };
}

/** A problem of one node. */
function at(node: string, code: ProblemCode, params: GraphProblem['params'] = {}): GraphProblem {
  return { node, code, params: { node, ...params } };
}

function linkProblems({ name, input_nodes: inputs, output_nodes: outputs, context }: GraphNode, names: Set<string>) {
  const problems: GraphProblem[] = [];
  for (const other of inputs) {
    if (other !== 'start' && !names.has(other)) problems.push(at(name, 'graphNoInput', { other }));
  }
  for (const other of outputs) {
    if (other !== 'end' && !names.has(other)) problems.push(at(name, 'graphNoOutput', { other }));
  }
  for (const other of context) {
    if (other !== 'start' && !names.has(other)) problems.push(at(name, 'graphNoContext', { other }));
  }
  return problems;
}

function needProblems(node: GraphNode, world: GraphWorld): GraphProblem[] {
  const { name, model_name: model } = node;
  if (node.is_subgraph) return node.subgraph_name === '' ? [at(name, 'graphNoGraph')] : [];
  if (node.kind === 'human') return [];
  const problems: GraphProblem[] = [];
  if (model === '') problems.push(at(name, 'graphNoModel'));
  else if (!world.hasModel(model)) problems.push(at(name, 'graphUnknownModel', { model }));
  for (const server of node.mcp_servers) {
    if (world.server(server) === undefined) problems.push(at(name, 'graphUnknownServer', { server }));
  }
  return problems;
}

function wholeProblems(graph: Graph, world: GraphWorld): GraphProblem[] {
  const { nodes } = withEnds(graph);
  if (!nodes.some(({ input_nodes: inputs }) => inputs.includes('start'))) {
    return [{ code: 'graphNoStart', params: {} }];
  }
  if (!nodes.some(({ output_nodes: outputs }) => outputs.includes('end'))) {
    return [{ code: 'graphNoEnd', params: {} }];
  }
  try {
    flattenGraph(graph, world);
    return [];
  } catch (error) {
    if (error instanceof FlattenError) return [error.problem];
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
  const warnings = away.map((server) => at(name, 'graphServerAway', { server }));
  if (node.handoffs > 0 && !node.output_nodes.some((to) => to !== 'end')) warnings.push(at(name, 'graphNoNext'));
  for (const other of node.context.filter((each) => local.has(each))) {
    warnings.push(at(name, 'graphNotGlobal', { other }));
  }
  const unknown = unknownIn(`${node.system_prompt}\n${node.user_prompt}`, names);
  return [...warnings, ...unknown.map((placeholder) => at(name, 'graphPlaceholder', { placeholder }))];
}

/** The placeholders of a template that name no node. */
function unknownIn(template: string, names: Set<string>): string[] {
  return piecesOf(template, (name) => name === 'start' || names.has(name)).flatMap((piece) => {
    if ('text' in piece) return [];
    const isUnknown = piece.token.names.some((name) => name !== 'start' && !names.has(name) && !name.includes('.'));
    return isUnknown ? [piece.source] : [];
  });
}
