import type { Run } from './api-types.ts';

interface Progress {
  layer: string | null;
  status: string;
  current: number | null;
  total: number | null;
  layersDone: number;
  layers: number;
}

export type RunEvent =
  | { type: 'line'; seq: number; text: string }
  | { type: 'progress'; seq: number; progress: Progress }
  | { type: 'gap'; seq: number; missed: number }
  | { type: 'end'; run: Run };

export interface Layer {
  id: string;
  status: string;
  current: number | null;
  total: number | null;
  done: boolean;
}

export interface RunState {
  /** Of the last event that was taken: a stream that begins again repeats what it told. */
  seq: number;
  /** Events that the hub did not keep until somebody looked. */
  missed: number;
  lines: { seq: number; text: string }[];
  layers: Layer[];
  layersDone: number;
  /** What the engine said last about the whole. */
  status: string | null;
  end: Run | null;
}

export const emptyRun: RunState = { seq: 0, missed: 0, lines: [], layers: [], layersDone: 0, status: null, end: null };

const keptLines = 3000;
const doneWords = /^(?:Pull complete|Already exists)$/;

function withLayer(layers: readonly Layer[], { layer, status, current, total }: Progress): Layer[] {
  if (layer === null) return [...layers];
  const before = layers.find(({ id }) => id === layer);
  const done = doneWords.test(status) || before?.done === true;
  const next = { id: layer, status, current, total: total ?? before?.total ?? null, done };
  return before ? layers.map((each) => (each.id === layer ? next : each)) : [...layers, next];
}

/** What a run has told so far, with one event more. */
export function nextRun(state: RunState, event: RunEvent): RunState {
  if (event.type === 'end') return { ...state, end: event.run };
  if (event.seq <= state.seq) return state;
  if (event.type === 'gap') return { ...state, seq: event.seq, missed: state.missed + event.missed };
  if (event.type === 'line') {
    return {
      ...state,
      seq: event.seq,
      lines: [...state.lines, { seq: event.seq, text: event.text }].slice(-keptLines),
    };
  }
  const { progress } = event;
  return {
    ...state,
    seq: event.seq,
    layers: withLayer(state.layers, progress),
    layersDone: progress.layersDone,
    status: progress.layer === null ? progress.status : state.status,
  };
}

/** How far a layer is, between 0 and 1; null where the engine does not say. */
export function shareOf({ done, current, total }: Layer): number | null {
  if (done) return 1;
  return current === null || total === null || total === 0 ? null : Math.min(1, current / total);
}
