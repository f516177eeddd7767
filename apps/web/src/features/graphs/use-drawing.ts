import { useState } from 'react';
import { keepNodes, keptNodes } from './clipboard.ts';
import {
  addNode,
  changeNode,
  freeName,
  moveNodes,
  namesOf,
  newNode,
  pasteNodes,
  removeNodes,
  renameNode,
  toDrawing,
  type Drawing,
  type GraphNode,
  type Point,
} from './drawing.ts';
import { begin, change, redo, undo, type History } from './history.ts';
import { connect, disconnect, type Link } from './links.ts';
import { freePlace, placesOf } from './placing.ts';
import type { GraphDetail } from './types.ts';

interface DrawnGraph extends History<Drawing> {
  /** What is stored, and since when. */
  stored: Drawing;
  storedAt: string;
}

function drawnOf({ config, updatedAt }: GraphDetail): DrawnGraph {
  const history = begin(toDrawing(config));
  return { ...history, stored: history.now, storedAt: updatedAt };
}

const none: ReadonlySet<string> = new Set();

/** A graph while it is drawn: what it is now, what is selected, and the way back. */
export function useDrawing(graph: GraphDetail) {
  const [drawn, setDrawn] = useState(() => drawnOf(graph));
  const [selected, setSelected] = useState<ReadonlySet<string>>(none);
  const drawing = drawn.now;
  const isChanged = drawing !== drawn.stored;
  const isElsewhere = drawn.storedAt !== graph.updatedAt;
  // Somebody else saved it; what is drawn here is not thrown away for that.
  if (isElsewhere && !isChanged) {
    setDrawn(drawnOf(graph));
    setSelected(none);
  }

  function set(next: (now: Drawing) => Drawing, tag: string | null = null) {
    setDrawn((old) => ({ ...old, ...change(old, next(old.now), tag) }));
  }
  const keys = new Set(drawing.nodes.flatMap(({ key }) => (selected.has(key) ? [key] : [])));
  const nodes = drawing.nodes.flatMap(({ key, node }) => (keys.has(key) ? [node] : []));

  return {
    drawing,
    isChanged,
    /** Somebody else saved it while it was changed here. */
    isElsewhere: isElsewhere && isChanged,
    selected,
    select: setSelected,
    /** Keys of the nodes that are selected. */
    keys,
    canUndo: drawn.past.length > 0,
    canRedo: drawn.future.length > 0,
    undo: () => setDrawn((old) => ({ ...old, ...undo(old) })),
    redo: () => setDrawn((old) => ({ ...old, ...redo(old) })),
    load() {
      setDrawn(drawnOf(graph));
      setSelected(none);
    },
    /** What is drawn was stored. */
    saved(as: Drawing, { updatedAt }: Pick<GraphDetail, 'updatedAt'>) {
      setDrawn((old) => ({ ...old, stored: as, storedAt: updatedAt }));
    },
    about: (patch: Partial<Drawing['about']>) =>
      set((now) => ({ ...now, about: { ...now.about, ...patch } }), `about ${Object.keys(patch).join()}`),
    change: (key: string, patch: Partial<GraphNode>) =>
      set((now) => changeNode(now, key, patch), `${key} ${Object.keys(patch).join()}`),
    rename: (key: string, name: string) => set((now) => renameNode(now, key, name)),
    move: (to: ReadonlyMap<string, Point>, tag: string | null = null) => set((now) => moveNodes(now, to), tag),
    connect: (from: string, to: string) => set((now) => connect(now, from, to)),
    disconnect: (links: readonly Pick<Link, 'from' | 'to'>[]) => set((now) => disconnect(now, links)),
    remove(gone: ReadonlySet<string>, links: readonly Link[]) {
      set((now) => disconnect(removeNodes(now, gone), links));
      setSelected(none);
    },
    add(name: string, model: string) {
      const [only] = keys.size === 1 ? keys : [];
      const at = freePlace(placesOf(drawing), only);
      const added = addNode(drawing, newNode(freeName(name, namesOf(drawing)), model, at));
      set(() => added.drawing);
      setSelected(new Set([added.key]));
      return added.key;
    },
    canPaste: () => keptNodes().length > 0,
    copy: () => nodes.length > 0 && keepNodes(nodes),
    paste() {
      const copied = keptNodes();
      if (copied.length === 0) return;
      const pasted = pasteNodes(drawing, copied);
      set(() => pasted.drawing);
      setSelected(new Set(pasted.keys));
    },
  };
}

export type GraphDrawing = ReturnType<typeof useDrawing>;
