import { describe, expect, it } from 'vitest';
import { graphConfig } from '@switchboard/core/graphs/schema';
import { toDrawing, type Drawing } from './drawing.ts';
import { connect, disconnect, linksOf } from './links.ts';

function drawingOf(...nodes: object[]): Drawing {
  return toDrawing(graphConfig.parse({ name: 'g', nodes }));
}
function told(drawing: Drawing): string[] {
  return linksOf(drawing).map(({ id, kind }) => `${id} ${kind}`);
}
function ends({ nodes }: Drawing): object[] {
  return nodes.map(({ node }) => [node.input_nodes, node.output_nodes]);
}

describe('links', () => {
  it('are one line each, wherever they are written', () => {
    const drawing = drawingOf(
      { name: 'a', input_nodes: ['start'], output_nodes: ['b', 'gone'] },
      { name: 'b', input_nodes: ['a'], output_nodes: ['end'] },
    );
    expect(told(drawing)).toEqual(['start>n0 flow', 'n0>n1 flow', 'n1>end flow']);
  });

  it('are hand-offs where the node may choose, but for the end', () => {
    const drawing = drawingOf(
      { name: 'a', input_nodes: ['start'], output_nodes: ['b', 'end'], handoffs: 1 },
      { name: 'b', input_nodes: ['a'] },
    );
    expect(told(drawing)).toEqual(['start>n0 flow', 'n0>n1 handoff', 'n0>end flow']);
  });

  it('are implied where nobody mentions the start or the end', () => {
    expect(told(drawingOf({ name: 'a' }, { name: 'b', input_nodes: ['a'] }))).toEqual([
      'n0>n1 flow',
      'start>n0 implied',
      'n1>end implied',
    ]);
  });

  it('are written at both ends when they are drawn, and taken away there', () => {
    const drawing = drawingOf({ name: 'a' }, { name: 'b' });
    const linked = connect(connect(connect(drawing, 'n0', 'n1'), 'start', 'n0'), 'n1', 'end');
    expect(ends(linked)).toEqual([
      [['start'], ['b']],
      [['a'], ['end']],
    ]);
    expect(connect(linked, 'n0', 'n1')).toEqual(linked);
    expect(disconnect(linked, [{ from: 'n0', to: 'n1' }])).toEqual(
      connect(connect(drawing, 'start', 'n0'), 'n1', 'end'),
    );
  });

  it('that lead back are no inputs: the nodes would wait for each other', () => {
    const linked = connect(connect(drawingOf({ name: 'a' }, { name: 'b' }, { name: 'c' }), 'n0', 'n1'), 'n1', 'n2');
    expect(ends(connect(linked, 'n2', 'n0'))).toEqual([
      [[], ['b']],
      [['a'], ['c']],
      [['b'], ['a']],
    ]);
  });

  it('lead from no node to itself, out of the end, or into the start', () => {
    const drawing = drawingOf({ name: 'a' });
    for (const [from, to] of [
      ['n0', 'n0'],
      ['end', 'n0'],
      ['n0', 'start'],
      ['start', 'end'],
    ] as const)
      expect(connect(drawing, from, to)).toBe(drawing);
  });
});
