import { describe, expect, it } from 'vitest';
import { graphConfig } from '@switchboard/core/graphs/schema';
import {
  addNode,
  changeNode,
  freeName,
  moveNodes,
  nameProblem,
  newNode,
  nodeAt,
  pasteNodes,
  removeNodes,
  renameNode,
  toDrawing,
  toGraph,
  type Drawing,
} from './drawing.ts';
import { linksOf } from './links.ts';

const config = graphConfig.parse({
  name: 'g',
  end_template: '{a} {a:all} {ab} {{a:3}} {a:b}',
  nodes: [
    { name: 'a', input_nodes: ['start'], output_nodes: ['b'], own: 1 },
    { name: 'b', input_nodes: ['a'], output_nodes: ['end'], context: ['a'], user_prompt: 'Of {a}: {"a": 1}' },
  ],
});
const drawn = toDrawing(config);

function nodeOf(drawing: Drawing, name: string) {
  return drawing.nodes.find(({ node }) => node.name === name)?.node;
}

describe('a drawing', () => {
  it('is the graph as it was, with fields that nobody knows', () => {
    expect(toGraph(drawn)).toEqual(config);
  });

  it('tells another name to all that speaks of the node', () => {
    const next = toGraph(renameNode(drawn, 'n0', 'first'));
    expect(next.end_template).toBe('{first} {first:all} {ab} {{first:3}} {a:b}');
    expect(next.nodes[1]).toMatchObject({
      input_nodes: ['first'],
      context: ['first'],
      user_prompt: 'Of {first}: {"a": 1}',
    });
    expect(next.nodes[0]).toMatchObject({ name: 'first', output_nodes: ['b'], own: 1 });
  });

  it('says which names a node cannot have', () => {
    const names = ['', 'x/y', 'a.b', 'start', 'b', 'b ', 'a'];
    expect(names.map((name) => nameProblem(drawn, 'n0', name))).toEqual([
      'empty',
      'rule',
      'rule',
      'reserved',
      'taken',
      null,
      null,
    ]);
  });

  it('never renames by a change of other fields', () => {
    expect(nodeAt(changeNode(drawn, 'n0', { name: 'b', description: 'D' }), 'n0')).toMatchObject({
      name: 'a',
      description: 'D',
    });
  });

  it('forgets a node wherever it is named, and keeps what has nothing to do with it', () => {
    const { drawing } = addNode(drawn, newNode('c', 'm', { x: 0, y: 0 }));
    const next = removeNodes(drawing, new Set(['n0']));
    expect(next.nodes.map(({ node }) => node.name)).toEqual(['b', 'c']);
    expect(nodeOf(next, 'b')).toMatchObject({ input_nodes: [], context: [] });
    expect(next.nodes[1]).toBe(drawing.nodes[2]);
    // A key is never given out again.
    expect(addNode(next, newNode('d', 'm', { x: 0, y: 0 })).key).toBe('n3');
  });

  it('moves nodes to whole places', () => {
    expect(nodeAt(moveNodes(drawn, new Map([['n1', { x: 1.4, y: -2.6 }]])), 'n1')?.position).toEqual({ x: 1, y: -3 });
  });

  it('pastes copies under free names, linked among themselves alone', () => {
    const { drawing, keys } = pasteNodes(
      drawn,
      [config.nodes[1], config.nodes[0]].filter((node) => node !== undefined),
    );
    expect(keys).toEqual(['n2', 'n3']);
    expect(nodeOf(drawing, 'b 2')).toMatchObject({ input_nodes: ['a 2'], output_nodes: ['end'], context: ['a 2'] });
    expect(nodeOf(drawing, 'b')).toEqual(config.nodes[1]);
    const alone = pasteNodes(drawn, config.nodes.slice(1)).drawing;
    expect(nodeOf(alone, 'b 2')?.input_nodes).toEqual([]);
    expect(linksOf(drawing)).toHaveLength(6);
  });

  it('finds a free name', () => {
    expect(freeName('a', new Set(['a', 'a 2']))).toBe('a 3');
    expect(freeName('a 2', new Set(['a', 'a 2']))).toBe('a 3');
  });
});
