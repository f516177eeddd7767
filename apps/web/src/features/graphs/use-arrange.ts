import { useEffect, useRef, useState } from 'react';
import type { Unarranged } from './arrange.ts';
import type { Point } from './drawing.ts';

/** Arranges a graph; what comes of it is told once, unless the page is left before. */
export function useArrange(onDone: (places: ReadonlyMap<string, Point>) => void, onFailed: () => void) {
  const worker = useRef<Worker | null>(null);
  const [isBusy, setBusy] = useState(false);
  function end() {
    worker.current?.terminate();
    worker.current = null;
    setBusy(false);
  }
  useEffect(() => () => worker.current?.terminate(), []);
  function arrange(of: Unarranged) {
    end();
    const own = new Worker(new URL('arrange-worker.ts', import.meta.url), { type: 'module' });
    worker.current = own;
    setBusy(true);
    own.addEventListener('message', ({ data }: MessageEvent<ReadonlyMap<string, Point>>) => {
      end();
      onDone(data);
    });
    own.addEventListener('error', () => {
      end();
      onFailed();
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
    own.postMessage(of);
  }
  return { isBusy, arrange };
}
