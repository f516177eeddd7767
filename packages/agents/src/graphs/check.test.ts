import { expect, test } from 'vitest';
import { checkGraph } from './check.ts';
import { graphConfig } from './schema.ts';
import type { Graph, GraphWorld } from './types.ts';

function graphOf(name: string, ...nodes: object[]): Graph {
  return graphConfig.parse({ name, nodes });
}
function worldOf(...graphs: Graph[]): GraphWorld {
  return {
    subgraph: (name) => graphs.find((each) => each.name === name),
    hasModel: (name) => name === 'm',
    server: (name) => (name === 'off' ? 'disconnected' : undefined),
  };
}
function nested(name: string, subgraph: string): Graph {
  return graphOf(name, { name: 'n', is_subgraph: true, subgraph_name: subgraph });
}

test('a single node without inputs and outputs is a graph', () => {
  const graph = graphOf('g', { name: '节点', model_name: 'm', mcp_servers: ['off'] });
  const { problems, warnings } = checkGraph(graph, worldOf());
  expect(problems).toEqual([]);
  expect(warnings).toHaveLength(1);
});

test.each([
  [{ name: 'start', model_name: 'm' }, 'named "start"'],
  [{ name: 'a', model_name: 'x' }, 'no model "x"'],
  [{ name: 'a' }, 'has no model'],
  [{ name: 'a', model_name: 'm', mcp_servers: ['gone'] }, 'no server "gone"'],
  [{ name: 'a', model_name: 'm', input_nodes: ['b'] }, 'refers to "b"'],
  [{ name: 'a', is_subgraph: true, subgraph_name: 's' }, 'no graph "s"'],
])('%j is refused', (node, reason) => {
  expect(checkGraph(graphOf('g', node), worldOf()).problems[0]?.reason).toContain(reason);
});

test('graphs in graphs make no circle, and are at most 8 deep', () => {
  const leaf = graphOf('g0', { name: 'a', model_name: 'm' });
  const row = [leaf, ...Array.from({ length: 9 }, (_, at) => nested(`g${at + 1}`, `g${at}`))];
  expect(checkGraph(nested('g8', 'g7'), worldOf(...row)).problems).toEqual([]);
  expect(checkGraph(nested('g9', 'g8'), worldOf(...row)).problems[0]?.reason).toContain('8 deep');
  expect(checkGraph(nested('a', 'b'), worldOf(nested('b', 'a'))).problems[0]?.reason).toContain('contains itself');
});
