import '@xyflow/react/dist/base.css';
import './canvas.css';
import {
  Background,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  type Edge,
  type EdgeChange,
  type NodeChange,
} from '@xyflow/react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { flowEdges, flowNodes, type FlowNode, type KnownNodes } from './canvas-flow.ts';
import { CanvasZoom } from './canvas-zoom.tsx';
import type { Drawing, Point } from './drawing.ts';
import { LineEdge } from './line-edge.tsx';
import { linksOf, type Link } from './links.ts';
import type { NodeMark } from './marks.ts';
import { NodeBox, TerminalBox } from './node-box.tsx';
import { placesOf, terminalPlaces } from './placing.ts';
import { useCanvasWords } from './use-canvas-words.ts';
import { useReveal } from './use-reveal.ts';

const types = { agent: NodeBox, start: TerminalBox, end: TerminalBox };
const lineTypes = { default: LineEdge };
/** Nodes from which a map helps. */
const mapFrom = 12;
/** A larger graph is first seen at its start: to draw all of it takes a while, and nothing of it can be read. */
const mostFitted = 150;
const firstZoom = 0.7;

/** What is done on a canvas that can be changed. */
export interface CanvasEdit {
  onConnect: (from: string, to: string) => void;
  onMove: (to: ReadonlyMap<string, Point>) => void;
  onRemove: (keys: ReadonlySet<string>, links: readonly Link[]) => void;
}

export interface CanvasProps {
  label: string;
  drawing: Drawing;
  marks: ReadonlyMap<string, NodeMark>;
  /** Keys of nodes and ids of links. */
  selected: ReadonlySet<string>;
  onSelect: (change: (selected: ReadonlySet<string>) => ReadonlySet<string>) => void;
  /** Absent: it is looked at. */
  edit?: CanvasEdit;
  children?: ReactNode;
}

/** The selection after the canvas said what is selected or not any more. */
function selectedAfter(old: ReadonlySet<string>, changes: readonly (NodeChange | EdgeChange)[]): ReadonlySet<string> {
  const next = new Set(old);
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}

/** Where a large graph begins. */
function firstView(places: ReadonlyMap<string, Point>, links: readonly Link[]) {
  const { start } = terminalPlaces(places, links);
  return { x: 24 - start.x * firstZoom, y: 240 - start.y * firstZoom, zoom: firstZoom };
}

function Inside({ label, drawing, marks, selected, onSelect, edit, children }: CanvasProps) {
  const { t } = useTranslation();
  const words = useCanvasWords();
  const [dragged, setDragged] = useState<ReadonlyMap<string, Point>>(new Map());
  const [known] = useState<KnownNodes>(() => new WeakMap());
  const canEdit = edit !== undefined;
  const links = useMemo(() => linksOf(drawing), [drawing]);
  const places = useMemo(() => placesOf(drawing), [drawing]);
  const stored = useMemo(
    () => flowNodes(drawing, { known, places, links, marks, canEdit, words }),
    [drawing, known, places, links, marks, canEdit, words],
  );
  useReveal(selected, places);
  const nodes = useMemo(
    () =>
      stored.map((node): FlowNode => {
        const position = dragged.get(node.id);
        if (position === undefined && !selected.has(node.id)) return node;
        return { ...node, selected: selected.has(node.id), ...(position && { position }) };
      }),
    [stored, selected, dragged],
  );
  const lines = useMemo(() => flowEdges(drawing, links, words), [drawing, links, words]);
  const edges = useMemo(
    () => lines.map((line): Edge => (selected.has(line.id) ? { ...line, selected: true } : line)),
    [lines, selected],
  );

  function onNodes(changes: NodeChange<FlowNode>[]) {
    if (changes.some(({ type }) => type === 'select')) onSelect((old) => selectedAfter(old, changes));
    const moves = changes.flatMap((change) =>
      change.type === 'position' && change.position ? [{ ...change, position: change.position }] : [],
    );
    if (moves.length === 0) return;
    const places = new Map(moves.map(({ id, position }) => [id, position]));
    if (moves.some(({ dragging }) => dragging === true)) return setDragged(places);
    setDragged(new Map());
    edit?.onMove(places);
  }

  return (
    <ReactFlow<FlowNode>
      aria-label={label}
      className="graph-canvas"
      nodes={nodes}
      edges={edges}
      nodeTypes={types}
      edgeTypes={lineTypes}
      onNodesChange={onNodes}
      onEdgesChange={(changes) => onSelect((old) => selectedAfter(old, changes))}
      onConnect={({ source, target }) => edit?.onConnect(source, target)}
      onBeforeDelete={({ nodes: gone, edges: cut }) => {
        const ids = new Set(cut.map(({ id }) => id));
        edit?.onRemove(
          new Set(gone.map(({ id }) => id)),
          links.filter((link) => ids.has(link.id)),
        );
        // What is drawn follows from the graph, which has changed now.
        return Promise.resolve(false);
      }}
      nodesDraggable={canEdit}
      nodesConnectable={canEdit}
      deleteKeyCode={canEdit ? ['Delete', 'Backspace'] : null}
      multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
      ariaLabelConfig={words.aria}
      onlyRenderVisibleElements
      {...(drawing.nodes.length <= mostFitted
        ? { fitView: true, fitViewOptions: { maxZoom: 1, padding: 0.15 } }
        : { defaultViewport: firstView(places, links) })}
      minZoom={0.05}
      connectionRadius={28}
    >
      <Background gap={24} size={2} />
      {drawing.nodes.length >= mapFrom && <MiniMap pannable zoomable ariaLabel={t('graphs.canvas.map')} />}
      <Panel position="bottom-left">
        <CanvasZoom />
      </Panel>
      {children}
    </ReactFlow>
  );
}

/** A graph from left to right, to be looked at or drawn. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Inside {...props} />
    </ReactFlowProvider>
  );
}
