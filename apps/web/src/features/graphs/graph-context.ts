import { createContext, use } from 'react';
import type { GraphDetail } from './types.ts';

export const GraphContext = createContext<GraphDetail | null>(null);

/** The graph whose page this is. */
export function useGraph(): GraphDetail {
  const graph = use(GraphContext);
  if (!graph) throw new Error('This part belongs on the page of a graph');
  return graph;
}
