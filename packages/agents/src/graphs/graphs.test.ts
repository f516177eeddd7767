import { describe, expect, test } from 'vitest';
import { mostNodes } from './bounds.ts';
import { withLevels } from './levels.ts';
import { referencesOf, renameSubgraph } from './references.ts';
import { graphConfig } from './schema.ts';

function levelsOf(nodes: object[]): (number | null)[] {
  return withLevels(graphConfig.parse({ name: 'g', nodes })).nodes.map(({ level }) => level);
}

describe('a config', () => {
  test('gets defaults, and keeps fields of others', () => {
    const graph = graphConfig.parse({ name: '分析', x: 1, nodes: [{ name: '节点', mine: { a: 1 }, context_mode: 3 }] });
    expect(graph).toMatchObject({ x: 1, description: '', end_template: null });
    expect(graph.nodes[0]).toMatchObject({ mine: { a: 1 }, context_mode: '3', output_enabled: true, handoffs: null });
  });

  test.each([
    { name: 'a.b', nodes: [] },
    { name: 'g', nodes: [{ name: 'a/b' }] },
    { name: 'g', nodes: [{ name: 'a', handoffs: '1' }] },
    { name: 'g', nodes: [{ name: 'a', save: '../x' }] },
    { name: 'g', nodes: [{ name: 'a', context_mode: 'some' }] },
    { name: 'g', nodes: Array.from({ length: mostNodes + 1 }, (_, at) => ({ name: `n${at}` })) },
  ])('is refused where it does not fit', (config) => {
    expect(graphConfig.safeParse(config).success).toBe(false);
  });

  test('is refused where it is too deep', () => {
    let deep: unknown = 1;
    for (let at = 0; at < 10_000; at += 1) deep = [deep];
    expect(graphConfig.safeParse({ name: 'g', nodes: [], deep }).success).toBe(false);
  });
});

describe('levels', () => {
  test('are the longest way from the start', () => {
    const nodes = [
      { name: 'a', input_nodes: ['start'], output_nodes: ['c'] },
      { name: 'b', input_nodes: ['a'] },
      { name: 'c', input_nodes: ['b'] },
    ];
    expect(levelsOf(nodes)).toEqual([0, 1, 2]);
  });

  test('do not follow what is chosen, nor pairs that lead to each other', () => {
    const chosen = [{ name: 'a', handoffs: 1, output_nodes: ['b'] }, { name: 'b' }];
    expect(levelsOf(chosen)).toEqual([0, 0]);
    const pair = [
      { name: 'a', output_nodes: ['b'] },
      { name: 'b', output_nodes: ['a'] },
    ];
    expect(levelsOf(pair)).toEqual([0, 0]);
  });

  test('of a cycle are guessed from where the input is taken', () => {
    const nodes = [
      { name: 'c', input_nodes: ['b'] },
      { name: 'a', input_nodes: ['start', 'c'] },
      { name: 'b', input_nodes: ['a'] },
    ];
    expect(levelsOf(nodes)).toEqual([2, 0, 1]);
  });

  test('of as many nodes as there may be, in a row and in a ring', () => {
    const row = Array.from({ length: mostNodes }, (_, at) => ({ name: `n${at}`, input_nodes: [`n${at - 1}`] }));
    expect(levelsOf(row).at(-1)).toBe(mostNodes - 1);
    const ring = row.map((node, at) => (at === 0 ? { ...node, input_nodes: [`n${mostNodes - 1}`] } : node));
    expect(levelsOf(ring).at(-1)).toBe(mostNodes - 1);
  });
});

test('references are those of the graph itself, and follow a new name', () => {
  const graph = graphConfig.parse({
    name: 'g',
    nodes: [
      { name: 'a', model_name: 'm', mcp_servers: ['s', 's'] },
      { name: 'b', is_subgraph: true, subgraph_name: 'old' },
    ],
  });
  expect(referencesOf(graph)).toEqual({ subgraphs: ['old'], models: ['m'], servers: ['s'] });
  expect(renameSubgraph(graph, 'old', 'new')?.nodes[1]?.subgraph_name).toBe('new');
  expect(renameSubgraph(graph, 'm', 'new')).toBeNull();
});
