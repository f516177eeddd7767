import { testedIn } from './conditions.ts';
import { flattenGraph, FlattenError, type Subgraphs } from './flatten.ts';
import { itemNames } from './inner.ts';
import { levelsOf } from './levels.ts';
import { nextOf, withEnds } from './links.ts';
import type { GraphProblem, ProblemCode } from './problems.ts';
import { usedBy } from './references.ts';
import { templatesOf } from './renamed-node.ts';
import { reservedNodes, type Graph, type GraphNode } from './schema.ts';
import { piecesOf } from './tokens.ts';

/** The models, servers and graphs outside of a graph. */
export interface GraphWorld extends Subgraphs {
  hasModel(name: string): boolean;
  /** Undefined: there is none of that name. */
  server(name: string): 'connected' | 'disconnected' | undefined;
}

const mostTold = 100;

/**
 * Checks a graph against the present models, servers and graphs: errors that keep it from being saved, and possible
 * mistakes.
 */
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
    if (problems.length < mostTold) problems.push(...linkProblems(node, names), ...needProblems(node, names, world));
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

function linkProblems(node: GraphNode, names: Set<string>) {
  const { name, input_nodes: inputs, context } = node;
  const problems: GraphProblem[] = [];
  for (const other of inputs) {
    if (other !== 'start' && !names.has(other)) problems.push(at(name, 'graphNoInput', { other }));
  }
  for (const other of new Set(nextOf(node))) {
    if (other !== 'end' && !names.has(other)) problems.push(at(name, 'graphNoOutput', { other }));
  }
  for (const other of context) {
    if (other !== 'start' && !names.has(other)) problems.push(at(name, 'graphNoContext', { other }));
  }
  return problems;
}

const longestSchema = 50_000;

/** The requirements of a node's kind, besides those of its references. */
function kindProblems(node: GraphNode, names: Set<string>): GraphProblem[] {
  const { name, kind, condition, tool, each, on_error: onError, output_schema: schema } = node;
  const problems: GraphProblem[] = [];
  if (kind === 'each' && (node.attempts?.retries ?? 0) > 0) problems.push(at(name, 'graphEachRetries'));
  if (onError?.includes(name) === true) problems.push(at(name, 'graphOnErrorSelf'));
  if (schema && JSON.stringify(schema).length > longestSchema) {
    problems.push(at(name, 'graphSchemaLong', { count: longestSchema }));
  }
  if (kind === 'condition') {
    const cases = condition?.cases ?? [];
    if (cases.length === 0 || cases.some(({ to }) => to.length === 0)) problems.push(at(name, 'graphCaseNowhere'));
    const tested = new Set(cases.flatMap(({ when }) => testedIn(when)));
    const unknown = [...tested].filter((other) => other !== 'start' && !names.has(other));
    problems.push(...unknown.map((other) => at(name, 'graphNoTested', { other })));
  }
  const called = kind === 'each' && !each?.graph && each?.body?.kind === 'tool' ? (each.body.tool ?? null) : tool;
  const isCalling = kind === 'tool' || called !== tool;
  if (isCalling && (!called?.server || !called.name)) problems.push(at(name, 'graphNoTool'));
  if (kind === 'each' && !each?.graph && !each?.body) problems.push(at(name, 'graphNoBody'));
  return problems;
}

/** Whether a model speaks at a node, or at what it does for each item. */
function needsModel({ kind, each }: GraphNode): boolean {
  if (kind === 'each') return !each?.graph && each?.body != null && each.body.kind !== 'tool';
  return (kind ?? 'agent') === 'agent';
}

function needProblems(node: GraphNode, names: Set<string>, world: GraphWorld): GraphProblem[] {
  const { name } = node;
  if (node.is_subgraph) return node.subgraph_name === '' ? [at(name, 'graphNoGraph')] : [];
  const problems = kindProblems(node, names);
  const { models, servers } = usedBy(node);
  const own = node.kind === 'each' ? (node.each?.body?.model_name ?? '') : node.model_name;
  if (needsModel(node) && own === '') problems.push(at(name, 'graphNoModel'));
  for (const model of models) if (!world.hasModel(model)) problems.push(at(name, 'graphUnknownModel', { model }));
  for (const server of servers) {
    if (world.server(server) === undefined) problems.push(at(name, 'graphUnknownServer', { server }));
  }
  return problems;
}

function wholeProblems(graph: Graph, world: GraphWorld): GraphProblem[] {
  const { nodes } = withEnds(graph);
  if (!nodes.some(({ input_nodes: inputs }) => inputs.includes('start'))) {
    return [{ code: 'graphNoStart', params: {} }];
  }
  if (!nodes.some((node) => nextOf(node).includes('end'))) {
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
  const away = usedBy(node).servers.filter((server) => world.server(server) === 'disconnected');
  const warnings = away.map((server) => at(name, 'graphServerAway', { server }));
  if (node.handoffs > 0 && !nextOf(node).some((to) => to !== 'end')) warnings.push(at(name, 'graphNoNext'));
  for (const other of node.context.filter((each) => local.has(each))) {
    warnings.push(at(name, 'graphNotGlobal', { other }));
  }
  const own = node.kind === 'each' ? new Set([...names, ...itemNames]) : names;
  const unknown = unknownIn(templatesOf(node).join('\n'), own);
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
