import { MarkerType, Position, type Edge } from '@xyflow/react';
import type { Drawing, DrawnNode, GraphNode, Point } from './drawing.ts';
import type { Link } from './links.ts';
import type { NodeMark } from './marks.ts';
import type { BoxNode, TerminalNode } from './node-box.tsx';
import { nodeSize, terminalPlaces, terminalSize } from './placing.ts';

export type FlowNode = BoxNode | TerminalNode;

export interface FlowWords {
  start: string;
  end: string;
  link: (from: string, to: string) => string;
  node: (name: string, mark: NodeMark | null) => string;
}

/** Where lines meet a node: known without looking, so that lines are drawn to nodes out of sight. */
function handlesOf({ width, height }: typeof nodeSize, which: 'both' | 'source' | 'target'): FlowNode['handles'] {
  const at = { y: height / 2 - 6, width: 12, height: 12 };
  return [
    ...(which === 'source' ? [] : [{ ...at, type: 'target' as const, position: Position.Left, x: -6 }]),
    ...(which === 'target' ? [] : [{ ...at, type: 'source' as const, position: Position.Right, x: width - 6 }]),
  ];
}

const nodeHandles = handlesOf(nodeSize, 'both');

/** What was made of each node last: the canvas looks anew at nodes that are other objects, of a thousand at each one. */
export type KnownNodes = WeakMap<GraphNode, { from: FlowWords; made: BoxNode }>;

interface Shown {
  known: KnownNodes;
  places: ReadonlyMap<string, Point>;
  links: readonly Link[];
  marks: ReadonlyMap<string, NodeMark>;
  canEdit: boolean;
  words: FlowWords;
}

/** The nodes of a drawing as the canvas takes them, where nothing is selected or dragged. */
export function flowNodes({ nodes }: Drawing, shown: Shown): FlowNode[] {
  const { places, links, canEdit, words } = shown;
  const ends = terminalPlaces(places, links);
  return [
    ...(['start', 'end'] as const).map((id): TerminalNode => ({
      id,
      type: id,
      position: ends[id],
      ...terminalSize,
      measured: terminalSize,
      handles: handlesOf(terminalSize, id === 'start' ? 'source' : 'target') ?? [],
      draggable: false,
      selectable: false,
      focusable: false,
      deletable: false,
      data: { canConnect: canEdit },
      ariaLabel: words[id],
    })),
    ...nodes.map((drawn) => boxOf(drawn, shown)),
  ];
}

function boxOf({ key, node }: DrawnNode, { known, places, marks, canEdit, words }: Shown): BoxNode {
  const mark = marks.get(key) ?? null;
  const position = places.get(key) ?? { x: 0, y: 0 };
  const last = known.get(node);
  const isSame =
    last?.from === words &&
    last.made.data.mark === mark &&
    last.made.data.canConnect === canEdit &&
    last.made.position.x === position.x &&
    last.made.position.y === position.y;
  if (isSame) return last.made;
  const made: BoxNode = {
    id: key,
    type: 'agent',
    position,
    ...nodeSize,
    measured: nodeSize,
    handles: nodeHandles ?? [],
    data: { node, mark, canConnect: canEdit },
    ariaLabel: words.node(node.name, mark),
  };
  known.set(node, { from: words, made });
  return made;
}

const colours = {
  flow: 'var(--idle)',
  handoff: 'var(--accent)',
  implied: 'var(--idle)',
  branch: 'var(--accent)',
  error: 'var(--bad)',
} as const;
/** Written in the form of the node, and changed there. */
const drawnHere = new Set(['flow', 'handoff']);

export function flowEdges(drawing: Drawing, links: readonly Link[], words: FlowWords): Edge[] {
  const names = new Map(drawing.nodes.map(({ key, node }) => [key, node.name]));
  function nameOf(key: string): string {
    return key === 'start' || key === 'end' ? words[key] : (names.get(key) ?? '');
  }
  return links.map(({ id, from, to, kind }) => ({
    id,
    source: from,
    target: to,
    className: `link-${kind}`,
    markerEnd: { type: MarkerType.ArrowClosed, color: colours[kind], width: 18, height: 18 },
    deletable: drawnHere.has(kind),
    selectable: drawnHere.has(kind),
    focusable: drawnHere.has(kind),
    ariaLabel: words.link(nameOf(from), nameOf(to)),
  }));
}
