import { Graph, layout } from '@dagrejs/dagre';
import type { Point } from './drawing.ts';
import { nodeSize } from './placing.ts';

export interface Unarranged {
  keys: readonly string[];
  links: readonly { from: string; to: string }[];
}

/** Places for all nodes from left to right, with few lines that cross. */
export function arranged({ keys, links }: Unarranged): Map<string, Point> {
  const graph = new Graph();
  // The default ranker takes minutes for some graphs of a thousand nodes.
  graph.setGraph({ rankdir: 'LR', nodesep: 32, ranksep: 72, ranker: 'tight-tree' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const key of keys) graph.setNode(key, { ...nodeSize });
  for (const { from, to } of links) if (from !== 'start' && to !== 'end') graph.setEdge(from, to);
  layout(graph);
  return new Map(
    keys.map((key) => {
      const { x = 0, y = 0 } = graph.node(key) as Partial<Point>;
      return [key, { x: Math.round(x - nodeSize.width / 2), y: Math.round(y - nodeSize.height / 2) }];
    }),
  );
}
