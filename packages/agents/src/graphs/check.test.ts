import { expect, test } from 'vitest';
import { checkGraph, type GraphWorld } from './check.ts';
import { withLevels } from './levels.ts';
import { readmeOf } from './readme.ts';
import { renameSubgraph } from './references.ts';
import { graphConfig, type Graph } from './schema.ts';

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
function levels(...nodes: object[]): number[] {
  return withLevels(graphOf('g', ...nodes)).nodes.map(({ level }) => level ?? -1);
}

test('a single node without inputs and outputs is a graph; a server that is away is a warning', () => {
  const graph = graphOf('g', { name: '节点', model_name: 'm', mcp_servers: ['off'] });
  const { problems, warnings } = checkGraph(graph, worldOf());
  expect(problems).toEqual([]);
  expect(warnings).toEqual([{ node: '节点', code: 'graphServerAway', params: { node: '节点', server: 'off' } }]);
});

test('a placeholder that names nothing is a warning', () => {
  const graph = graphOf('g', { name: 'a', model_name: 'm', user_prompt: '{start} {nobody} {"x": 1}' });
  expect(checkGraph(graph, worldOf()).warnings).toEqual([
    { node: 'a', code: 'graphPlaceholder', params: { node: 'a', placeholder: '{nobody}' } },
  ]);
});

test('graphs in graphs make no circle, and are at most 8 deep', () => {
  const leaf = graphOf('g0', { name: 'a', model_name: 'm' });
  const row = [leaf, ...Array.from({ length: 9 }, (_, at) => nested(`g${at + 1}`, `g${at}`))];
  expect(checkGraph(nested('g7', 'g6'), worldOf(...row)).problems).toEqual([]);
  expect(checkGraph(nested('g8', 'g7'), worldOf(...row)).problems).toEqual([
    { code: 'graphDepth', params: { count: 8 } },
  ]);
  expect(checkGraph(nested('a', 'b'), worldOf(nested('b', 'a'))).problems[0]?.code).toBe('graphInItself');
});

test('levels are the longest way from the start; who may hand over is not waited for; circles get a guess', () => {
  const chain = [{ name: 'a' }, { name: 'b', input_nodes: ['a'] }, { name: 'c', input_nodes: ['a', 'b'] }];
  expect(levels(...chain)).toEqual([0, 1, 2]);
  expect(levels({ name: 'a', output_nodes: ['b'] }, { name: 'b' })).toEqual([0, 1]);
  expect(levels({ name: 'a', output_nodes: ['b'], handoffs: 2 }, { name: 'b' })).toEqual([0, 0]);
  expect(levels({ name: 'a', output_nodes: ['b'] }, { name: 'b', output_nodes: ['a'] })).toEqual([0, 0]);
  const circle = [
    { name: 'b', input_nodes: ['a'] },
    { name: 'a', input_nodes: ['start', 'b'] },
  ];
  expect(levels(...circle)).toEqual([1, 0]);
});

test('5,000 nodes in a row, and in a ring, have levels', () => {
  const nodes = Array.from({ length: 5_000 }, (_, at) => ({
    name: `n${at}`,
    input_nodes: at === 0 ? [] : [`n${at - 1}`],
  }));
  expect(levels(...nodes).at(-1)).toBe(4_999);
  const ring = nodes.map((node, at) => (at === 0 ? { ...node, input_nodes: ['start', 'n4999'] } : node));
  expect(levels(...ring).at(-1)).toBe(4_999);
  expect(() => graphOf('g', ...nodes, { name: 'more' })).toThrow(/at most 5000/);
});

test('a sub-graph gets its new name wherever it stands', () => {
  expect(renameSubgraph(nested('o', 'old'), 'old', 'new')?.nodes[0]?.subgraph_name).toBe('new');
  expect(renameSubgraph(nested('o', 'other'), 'old', 'new')).toBeNull();
});

test('what stands in a graph draws nothing in its readme', () => {
  const graph = graphOf('g', { name: 'a"] --> <b>', model_name: 'm', description: '# Not a title\n```' });
  const readme = readmeOf(graph);
  expect(readme).toContain('n0["a&quot;] --&gt; &lt;b&gt;"]');
  expect(readme).not.toMatch(/^# Not/m);
});

test('graphs that are endless together are refused, and soon', () => {
  const placeholders = '{s}'.repeat(10_000);
  const ends = Array.from({ length: 1_000 }, (_, at) => ({ name: `end of the long name ${at}`, model_name: 'm' }));
  const wide = graphOf('wide', ...ends);
  const long = graphOf(
    'long',
    { name: 's', is_subgraph: true, subgraph_name: 'wide' },
    { name: 'a', model_name: 'm', input_nodes: ['s'], user_prompt: placeholders },
  );
  expect(checkGraph(long, worldOf(wide)).problems[0]?.code).toBe('graphTemplateLong');

  const heavy = graphOf('heavy', { name: 'a', model_name: 'm', user_prompt: 'x'.repeat(100_000) });
  const copies = Array.from({ length: 4_000 }, (_, at) => ({
    name: `n${at}`,
    is_subgraph: true,
    subgraph_name: 'heavy',
  }));
  expect(checkGraph(graphOf('many', ...copies), worldOf(heavy)).problems[0]?.code).toBe('graphTooLarge');

  const layers = Array.from({ length: 7 }, (_, depth) =>
    graphOf(
      `l${depth + 1}`,
      ...Array.from({ length: 50 }, (_each, at) => ({ name: `n${at}`, is_subgraph: true, subgraph_name: `l${depth}` })),
    ),
  );
  const leaf = graphOf('l0', { name: 'a', model_name: 'm' });
  expect(checkGraph(layers[6] ?? leaf, worldOf(leaf, ...layers)).problems[0]?.code).toMatch(/^graphToo/);
});
