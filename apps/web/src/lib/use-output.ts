import { useEffect, useState } from 'react';
import { addLines, type OutputLine, type RawLine } from './output-lines.ts';
import { toFailure } from './trpc.ts';
import { useStream, type StreamOptions } from './use-stream.ts';

interface Output {
  key: string;
  lines: readonly OutputLine[];
  /** It has nothing to show, and that is no matter of waiting any more. */
  settled: boolean;
  failure: string | null;
}

/** A stream that says nothing yet has nothing to show. */
const settleMs = 1200;

function begun(key: string): Output {
  return { key, lines: [], settled: false, failure: null };
}

/** Follows what containers write; with another `key` it begins anew. */
export function useOutput<Line extends RawLine>(
  key: string,
  open: StreamOptions<Line[]>['open'],
  sourceOf: (line: Line) => string | null,
): Output {
  const [state, setState] = useState(() => begun(key));
  function update(change: (old: Output) => Partial<Output>) {
    setState((old) => {
      const current = old.key === key ? old : begun(key);
      return { ...current, ...change(current) };
    });
  }
  useEffect(() => {
    const timer = setTimeout(
      () => setState((old) => ({ ...(old.key === key ? old : begun(key)), settled: true })),
      settleMs,
    );
    return () => clearTimeout(timer);
  }, [key]);
  useStream<Line[]>({
    key,
    open,
    onStart: () => update(() => ({ lines: [], failure: null })),
    onItems: (batches) => update(({ lines }) => ({ lines: addLines(lines, batches.flat(), sourceOf), settled: true })),
    onEnd: () => update(() => ({ settled: true })),
    onError: (error) => update(() => ({ settled: true, failure: toFailure(error).message })),
  });
  return state.key === key ? state : begun(key);
}
