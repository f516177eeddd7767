import { GraphNode, type Graph } from './schema.ts';

/** The names of an item in the templates of the body. */
export const itemNames: ReadonlySet<string> = new Set(['item', 'index']);

/** The graph that a node of the kind `each` runs for each item by its name; empty where it has a body. */
export function innerName({ kind, is_subgraph: isGraph, each }: GraphNode): string {
  return kind === 'each' && !isGraph ? (each?.graph ?? '') : '';
}

/** The body of a node as the only node of a graph, called as the node is; null where it has none. */
export function bodyGraph({ name, each }: GraphNode): Graph | null {
  if (!each?.body) return null;
  const links = { input_nodes: ['item'], output_nodes: ['end'] };
  // A name may hold dots by now.
  const node = { ...GraphNode.parse({ ...each.body, ...links, name: 'body', handoffs: 0, is_subgraph: false }), name };
  return { name, description: '', nodes: [node], end_template: '' };
}
