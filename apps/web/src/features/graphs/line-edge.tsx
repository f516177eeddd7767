import { BaseEdge, getBezierPath, type EdgeProps } from '@xyflow/react';
import { pathBack } from './line-path.ts';

/** A line between two nodes. */
export function LineEdge(props: EdgeProps) {
  const { id, sourceX, targetX, markerEnd } = props;
  const path = targetX < sourceX ? pathBack(props) : getBezierPath(props)[0];
  return <BaseEdge id={id} path={path} {...(markerEnd !== undefined && { markerEnd })} />;
}
