import type { Graph } from './types.ts';

/** What a graph refers to outside of itself: its own sub-graphs, not theirs. */
export function referencesOf({ nodes }: Graph): { subgraphs: string[]; models: string[]; servers: string[] } {
  const subgraphs = new Set<string>();
  const models = new Set<string>();
  const servers = new Set<string>();
  for (const node of nodes) {
    if (node.is_subgraph) {
      if (node.subgraph_name !== null) subgraphs.add(node.subgraph_name);
      continue;
    }
    if (node.model_name !== null) models.add(node.model_name);
    for (const server of node.mcp_servers) servers.add(server);
  }
  return { subgraphs: [...subgraphs], models: [...models], servers: [...servers] };
}

/** The graph with references to a renamed one rewritten; null where nothing refers to it. */
export function renameSubgraph(graph: Graph, from: string, to: string): Graph | null {
  if (!graph.nodes.some((node) => node.is_subgraph && node.subgraph_name === from)) return null;
  const nodes = graph.nodes.map((node) =>
    node.is_subgraph && node.subgraph_name === from ? { ...node, subgraph_name: to } : node,
  );
  return { ...graph, nodes };
}
