import type { GraphNode } from './drawing.ts';
import type { GraphDrawing } from './use-drawing.ts';

/** What each part of the form of a node is given. */
export interface NodeFormProps {
  drawn: GraphDrawing;
  nodeKey: string;
  node: GraphNode;
  disabled: boolean;
}
