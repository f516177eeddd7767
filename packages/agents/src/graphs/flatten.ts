import { bodyGraph, innerName } from './inner.ts';
import { levelsOf } from './levels.ts';
import { nextOf, withEnds } from './links.ts';
import type { GraphProblem, ProblemCode } from './problems.ts';
import { renamedNode, templatesOf } from './renamed-node.ts';
import { mostNodes, type FlatGraph, type FlatNode, type Graph, type GraphNode } from './schema.ts';
import { longestFilled, renamed, TooLong } from './tokens.ts';

/** Graphs within graphs, the outermost included. */
export const mostGraphDepth = 8;

/** Why a graph cannot be put together. */
export class FlattenError extends Error {
  override name = 'FlattenError';
  readonly problem: GraphProblem;
  constructor(code: ProblemCode, params: GraphProblem['params'] = {}, node?: string) {
    super(code);
    this.problem = { code, params, ...(node !== undefined && { node }) };
  }
}

export interface Subgraphs {
  subgraph(name: string): Graph | undefined;
}

/** Small graphs can contain each other without end: bounds of what is read, whether it is moved in or not. */
const mostWork = { nodes: 8 * mostNodes, links: 500_000, characters: 64_000_000 };

/** Counts what is put together. Throws FlattenError where it is too much. */
function createRoom(): (node: GraphNode) => GraphNode {
  let { nodes, links, characters } = mostWork;
  return (node) => {
    nodes -= 1;
    links -= node.input_nodes.length + nextOf(node).length + node.context.length;
    characters -= templatesOf(node).reduce((sum, text) => sum + text.length, 0);
    if (nodes >= 0 && links >= 0 && characters >= 0) return node;
    throw new FlattenError('graphTooLarge');
  };
}

type Room = ReturnType<typeof createRoom>;
type Inner = Pick<FlatNode, 'inner'>;

/** A sub-graph in the place of its node. */
interface InlinedGraph {
  nodes: GraphNode[];
  starts: string[];
  ends: string[];
}

function place(node: GraphNode, inner: Graph, room: Room): InlinedGraph {
  const own = new Map(inner.nodes.map(({ name }) => [name, `${node.name}.${name}`]));
  const inputs = node.input_nodes;
  function names(name: string): readonly string[] {
    return name === 'start' ? inputs : [own.get(name) ?? name];
  }
  function isKnown(name: string) {
    return name === 'start' || own.has(name);
  }
  function next(name: string): readonly string[] {
    return name === 'end' ? node.output_nodes : names(name);
  }
  const nodes = inner.nodes.map((child) =>
    room(
      renamedNode(child, {
        name: own.get(child.name) ?? child.name,
        inputs: names,
        next,
        context: names,
        template: (text) => renamed(text, isKnown, names),
      }),
    ),
  );
  const starts = inner.nodes.filter((child) => child.input_nodes.includes('start'));
  const ends = inner.nodes.filter((child) => nextOf(child).includes('end'));
  return {
    nodes,
    starts: starts.map(({ name }) => own.get(name) ?? name),
    ends: ends.map(({ name }) => own.get(name) ?? name),
  };
}

/** The graph with what refers to a sub-graph's node referring to the nodes in its place. */
function put(graph: Graph, placed: ReadonlyMap<string, InlinedGraph>, room: Room): Graph {
  if (placed.size === 0) return graph;
  function toEnds(name: string): readonly string[] {
    return placed.get(name)?.ends ?? [name];
  }
  function toStarts(name: string): readonly string[] {
    return placed.get(name)?.starts ?? [name];
  }
  const within = [...placed.values()].flatMap(({ nodes: inner }) => inner);
  const all = new Set([...graph.nodes, ...within].map(({ name }) => name));
  function isKnown(name: string) {
    return name === 'start' || all.has(name);
  }
  const nodes = graph.nodes.flatMap((node) => placed.get(node.name)?.nodes ?? [node]);
  return {
    ...graph,
    end_template: renamed(graph.end_template, isKnown, toEnds),
    nodes: nodes.map((node) =>
      room(
        renamedNode(node, {
          name: node.name,
          inputs: toEnds,
          next: toStarts,
          context: toEnds,
          template: (text) => renamed(text, isKnown, toEnds),
        }),
      ),
    ),
  };
}

function flat(graph: Graph, world: Subgraphs, path: readonly string[], room: Room): Graph {
  if (path.length > mostGraphDepth) {
    throw new FlattenError('graphDepth', { count: mostGraphDepth });
  }
  const whole = withEnds(graph);
  const placed = new Map<string, InlinedGraph>();
  whole.nodes.forEach(room);
  for (const node of whole.nodes) {
    if (!node.is_subgraph) continue;
    const name = node.subgraph_name;
    if (path.includes(name)) throw new FlattenError('graphInItself', { name });
    const inner = world.subgraph(name);
    if (!inner)
      throw new FlattenError('graphUnknownGraph', { node: node.name, name }, path.length === 1 ? node.name : undefined);
    placed.set(node.name, place(node, flat(inner, world, [...path, name], room), room));
  }
  const nodes = whole.nodes.map((node) => withInner(node, world, path, room));
  return put({ ...whole, nodes }, placed, room);
}

/** The node with the graph that is run for each item, where it names one: that graph knows nothing of those around it. */
function withInner(node: GraphNode, world: Subgraphs, path: readonly string[], room: Room): GraphNode & Inner {
  const name = innerName(node);
  if (name === '') return node;
  if (path.includes(name)) throw new FlattenError('graphInItself', { name });
  const inner = world.subgraph(name);
  const own = path.length === 1 ? node.name : undefined;
  if (!inner) throw new FlattenError('graphUnknownGraph', { node: node.name, name }, own);
  return { ...node, inner: levelled(flat(inner, world, [...path, name], room)) };
}

/** With the level of each node, and with bodies as graphs: by now what these speak of is called as it is in the whole. */
function levelled(graph: Graph): FlatGraph {
  const { levels } = levelsOf(graph);
  const nodes = graph.nodes.map((node: GraphNode & Inner): FlatNode => {
    const level = levels.get(node.name) ?? 0;
    if (node.kind !== 'each' || node.inner) return { ...node, level };
    const body = bodyGraph(node);
    if (!body) throw new FlattenError('graphNoBody', { node: node.name });
    return { ...node, level, inner: levelled(body) };
  });
  return { ...graph, nodes };
}

function flattened(graph: Graph, world: Subgraphs): Graph {
  try {
    const whole = flat(graph, world, [graph.name], createRoom());
    if (whole.nodes.length <= mostNodes) return whole;
    throw new FlattenError('graphTooManyNodes', { count: mostNodes });
  } catch (error) {
    throw error instanceof TooLong ? new FlattenError('graphTemplateLong', { count: longestFilled }) : error;
  }
}

/**
 * Replaces nodes that represent sub-graphs by the nodes of these, with names such as `sub.child`, and gives every node
 * its level. Hand-offs to a sub-graph lead to its first nodes. Throws FlattenError.
 */
export function flattenGraph(graph: Graph, world: Subgraphs): FlatGraph {
  return levelled(flattened(graph, world));
}
