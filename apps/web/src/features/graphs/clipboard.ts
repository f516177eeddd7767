import { graphConfig } from '@switchboard/core/graphs/schema';
import type { GraphNode } from './drawing.ts';

const place = 'graphNodes';

/** Keeps nodes for a paste, also into another graph of this tab. */
export function keepNodes(nodes: readonly GraphNode[]): void {
  try {
    sessionStorage.setItem(place, JSON.stringify({ name: 'copied', nodes }));
  } catch {
    // More than the browser keeps: what was copied before stays.
  }
}

/** The nodes that were copied last. */
export function keptNodes(): GraphNode[] {
  try {
    const read = graphConfig.safeParse(JSON.parse(sessionStorage.getItem(place) ?? 'null'));
    return read.success ? read.data.nodes : [];
  } catch {
    return [];
  }
}
