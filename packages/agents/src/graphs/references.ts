import type { Graph } from './schema.ts';

/** What a graph refers to, each name once. */
export function referencesOf({ nodes }: Graph): { subgraphs: string[]; models: string[]; servers: string[] } {
  const subgraphs = nodes.flatMap((node) =>
    node.is_subgraph && node.subgraph_name !== '' ? [node.subgraph_name] : [],
  );
  const agents = nodes.filter((node) => !node.is_subgraph && node.kind !== 'human');
  const models = agents.flatMap((node) => (node.model_name === '' ? [] : [node.model_name]));
  const servers = agents.flatMap((node) => node.mcp_servers);
  return { subgraphs: [...new Set(subgraphs)], models: [...new Set(models)], servers: [...new Set(servers)] };
}

/** The graph with another name of a sub-graph; null where nothing refers to it. */
export function renameSubgraph(graph: Graph, from: string, to: string): Graph | null {
  if (!graph.nodes.some((node) => node.is_subgraph && node.subgraph_name === from)) return null;
  const nodes = graph.nodes.map((node) =>
    node.is_subgraph && node.subgraph_name === from ? { ...node, subgraph_name: to } : node,
  );
  return { ...graph, nodes };
}
