import { describe, expect, it } from 'vitest';
import { graphConfig } from '@switchboard/core/graphs/schema';
import { arranged } from './arrange.ts';
import { moveNodes, toDrawing } from './drawing.ts';
import { linksOf } from './links.ts';
import { freePlace, nodeSize, placesOf, terminalPlaces } from './placing.ts';

const drawing = toDrawing(
  graphConfig.parse({
    name: 'g',
    nodes: [
      { name: 'a', level: 0, output_nodes: ['b', 'c'] },
      { name: 'b', level: 1 },
      { name: 'c', level: 1 },
      { name: 'd', level: 0, position: { x: -500, y: 7 } },
    ],
  }),
);

describe('places', () => {
  it('are as stored, else a column for each level', () => {
    const places = placesOf(drawing);
    expect(places.get('n3')).toEqual({ x: -500, y: 7 });
    const [a, b, c] = ['n0', 'n1', 'n2'].map((key) => places.get(key));
    expect(a?.x).toBeLessThan(b?.x ?? 0);
    expect(b?.x).toBe(c?.x);
    expect((c?.y ?? 0) - (b?.y ?? 0)).toBeGreaterThan(nodeSize.height);
    // The others stay where one of them is moved.
    const moved = moveNodes(drawing, new Map([['n1', { x: 1, y: 1 }]]));
    expect(placesOf(moved).get('n2')).toEqual(c);
  });

  it('of the start and the end are outside of all others', () => {
    const places = placesOf(drawing);
    const { start, end } = terminalPlaces(places, linksOf(drawing));
    for (const { x } of places.values()) {
      expect(start.x).toBeLessThan(x);
      expect(end.x).toBeGreaterThan(x + nodeSize.width);
    }
    expect(Object.values(terminalPlaces(new Map(), [])).every(({ x, y }) => Number.isFinite(x + y))).toBe(true);
  });

  it('of new nodes are free', () => {
    const places = placesOf(drawing);
    const first = freePlace(places, 'n0');
    expect([...places.values()]).not.toContainEqual(first);
    const second = freePlace(new Map([...places, ['n4', first]]), 'n0');
    expect(Math.abs(second.y - first.y)).toBeGreaterThanOrEqual(nodeSize.height);
    expect(freePlace(new Map())).toEqual({ x: 0, y: 0 });
  });

  it('are arranged from left to right, each node apart, circles too', () => {
    const keys = ['n0', 'n1', 'n2', 'n3'];
    const links = [
      { from: 'start', to: 'n0' },
      { from: 'n0', to: 'n1' },
      { from: 'n0', to: 'n2' },
      { from: 'n2', to: 'n0' },
      { from: 'n1', to: 'end' },
    ];
    const places = arranged({ keys, links });
    expect([...places.keys()]).toEqual(keys);
    expect(places.get('n0')?.x).toBeLessThan(places.get('n1')?.x ?? 0);
    const points = [...places.values()];
    for (const [at, { x, y }] of points.entries()) {
      const near = points.some(
        (other, index) =>
          index !== at && Math.abs(other.x - x) < nodeSize.width && Math.abs(other.y - y) < nodeSize.height,
      );
      expect(near).toBe(false);
    }
  });
});
