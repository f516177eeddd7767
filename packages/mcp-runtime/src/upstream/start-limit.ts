import type { Launch } from '../types.ts';
import { startTooLong } from './failures.ts';

/** How long a start may last that shows that it downloads what it runs. */
const downloadMs = 600_000;

export interface StartLimit {
  signal: AbortSignal;
  /** The start shows progress: it gets the whole time again, ten minutes in all. */
  more(): void;
  /** Has to be called when the work is over, however it ended. */
  done(): void;
}

/** A signal that aborts with the one above it or after so long; unlike `AbortSignal.any` it leaves nothing behind. */
export function limitStart(above: AbortSignal, ms: number, launch: Launch): StartLimit {
  const controller = new AbortController();
  function abort(): void {
    controller.abort(above.reason);
  }
  const begun = performance.now();
  let total = ms;
  let timer = setTimeout(over, ms).unref();
  function over(): void {
    controller.abort(startTooLong(launch, total));
  }
  if (above.aborted) abort();
  else above.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    more() {
      const now = performance.now();
      const left = Math.min(ms, begun + downloadMs - now);
      if (controller.signal.aborted || left <= 0) return;
      clearTimeout(timer);
      total = Math.round((now - begun + left) / 1000) * 1000;
      timer = setTimeout(over, left).unref();
    },
    done() {
      clearTimeout(timer);
      above.removeEventListener('abort', abort);
    },
  };
}
