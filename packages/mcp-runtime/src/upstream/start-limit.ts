import type { Launch } from '../types.ts';
import { startTooLong } from './failures.ts';

export interface StartLimit {
  signal: AbortSignal;
  /** Has to be called when the work is over, however it ended. */
  done(): void;
}

/** A signal that aborts with the one above it or after so long; unlike `AbortSignal.any` it leaves nothing behind. */
export function limitStart(above: AbortSignal, ms: number, launch: Launch): StartLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort(above.reason);
  const timer = setTimeout(() => controller.abort(startTooLong(launch, ms)), ms);
  timer.unref();
  if (above.aborted) abort();
  else above.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      above.removeEventListener('abort', abort);
    },
  };
}
