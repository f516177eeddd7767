import type { Drawing, Point } from './drawing.ts';
import type { Link } from './links.ts';

export const nodeSize = { width: 200, height: 72 };
export const terminalSize = { width: 72, height: 40 };
const gap = { x: 72, y: 32 };
/** Between the start or the end and what is next to it. */
const terminalGap = 56;

function inColumn(level: number, row: number): Point {
  return { x: level * (nodeSize.width + gap.x), y: row * (nodeSize.height + gap.y) };
}

/** Where the nodes stand: as it is stored, others in a column for each level. */
export function placesOf({ nodes }: Drawing): Map<string, Point> {
  const rows = new Map<number, number>();
  return new Map(
    nodes.map(({ key, node }) => {
      const level = node.level ?? 0;
      // Counted for nodes with a place of their own too: one that is moved leaves a gap, and the others stay.
      const row = rows.get(level) ?? 0;
      rows.set(level, row + 1);
      return [key, node.position ? { x: node.position.x, y: node.position.y } : inColumn(level, row)] as const;
    }),
  );
}

function middle(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The start left of everything and the end right of it, each at the height of what it is linked to. */
export function terminalPlaces(
  places: ReadonlyMap<string, Point>,
  links: readonly Link[],
): { start: Point; end: Point } {
  const points = [...places.values()];
  const left = points.reduce((least, { x }) => Math.min(least, x), points.length === 0 ? 0 : Infinity);
  const right = points.reduce((most, { x }) => Math.max(most, x), points.length === 0 ? 0 : -Infinity);
  function heightOf(keys: readonly string[]): number {
    const linked = keys.flatMap((key) => places.get(key)?.y ?? []);
    const heights = linked.length > 0 ? linked : points.map(({ y }) => y);
    return middle(heights) + (nodeSize.height - terminalSize.height) / 2;
  }
  const begins = links.flatMap(({ from, to }) => (from === 'start' ? [to] : []));
  const ends = links.flatMap(({ from, to }) => (to === 'end' ? [from] : []));
  return {
    start: { x: left - terminalGap - terminalSize.width, y: heightOf(begins) },
    end: { x: right + nodeSize.width + terminalGap, y: heightOf(ends) },
  };
}

/** A free place for a new node: right of everything that is there, or of the node that it follows. */
export function freePlace(places: ReadonlyMap<string, Point>, after?: string): Point {
  const behind = after === undefined ? undefined : places.get(after);
  const points = [...places.values()];
  if (points.length === 0) return { x: 0, y: 0 };
  const base = behind ?? {
    x: points.reduce((most, { x }) => Math.max(most, x), -Infinity),
    y: points.reduce((least, { y }) => Math.min(least, y), Infinity),
  };
  const place = { x: base.x + nodeSize.width + gap.x, y: base.y };
  function isTaken({ x, y }: Point): boolean {
    return points.some(
      (point) => Math.abs(point.x - x) < nodeSize.width && Math.abs(point.y - y) < nodeSize.height + gap.y / 2,
    );
  }
  while (isTaken(place)) place.y += nodeSize.height + gap.y;
  return place;
}
