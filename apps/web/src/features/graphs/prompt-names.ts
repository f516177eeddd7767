import type { NodeFormProps } from './node-form-props.ts';

/** The output of nodes that a prompt of this one may speak of. */
export function namesFor({ drawn, node }: NodeFormProps) {
  const near = [...new Set(['start', ...node.input_nodes, ...node.context])];
  const others = drawn.drawing.nodes.map((each) => each.node.name).filter((name) => !near.includes(name));
  return { near, others };
}
