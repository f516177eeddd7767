import { innerName } from './inner.ts';
import type { Graph, GraphNode } from './schema.ts';

interface References {
  subgraphs: string[];
  models: string[];
  servers: string[];
}

/** The models and servers of a node, or of its body. */
function usesOf(
  node: Pick<GraphNode, 'kind' | 'tool' | 'attempts'> & {
    model_name?: string | null | undefined;
    mcp_servers?: string[] | null | undefined;
  },
) {
  if (node.kind === 'tool') return { models: [], servers: node.tool?.server ? [node.tool.server] : [] };
  if (node.kind === 'human' || node.kind === 'condition') return { models: [], servers: [] };
  const models = [node.model_name ?? '', node.attempts?.fallback_model ?? ''].filter((name) => name !== '');
  return { models, servers: node.mcp_servers ?? [] };
}

/** The references of one node. */
export function usedBy(node: GraphNode): References {
  if (node.is_subgraph)
    return { subgraphs: node.subgraph_name === '' ? [] : [node.subgraph_name], models: [], servers: [] };
  if (node.kind !== 'each') return { subgraphs: [], ...usesOf(node) };
  const inner = innerName(node);
  if (inner !== '') return { subgraphs: [inner], models: [], servers: [] };
  return { subgraphs: [], ...(node.each?.body ? usesOf(node.each.body) : { models: [], servers: [] }) };
}

/** The references of a graph, each name once. */
export function referencesOf({ nodes }: Graph): References {
  const all = nodes.map(usedBy);
  return {
    subgraphs: [...new Set(all.flatMap(({ subgraphs }) => subgraphs))],
    models: [...new Set(all.flatMap(({ models }) => models))],
    servers: [...new Set(all.flatMap(({ servers }) => servers))],
  };
}

/** The graph with another name of a sub-graph; null where nothing refers to it. */
export function renameSubgraph(graph: Graph, from: string, to: string): Graph | null {
  if (!graph.nodes.some((node) => usedBy(node).subgraphs.includes(from))) return null;
  const nodes = graph.nodes.map((node) => {
    if (!usedBy(node).subgraphs.includes(from)) return node;
    if (node.is_subgraph) return { ...node, subgraph_name: to };
    return { ...node, ...(node.each && { each: { ...node.each, graph: to } }) };
  });
  return { ...graph, nodes };
}
