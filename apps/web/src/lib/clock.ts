import { useSyncExternalStore } from 'react';

/** One clock for the whole page, so that relative times do not each keep a timer. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function rounded(stepMs: number): number {
  if (timer === undefined) now = Date.now();
  return Math.floor(now / stepMs) * stepMs;
}

/** The time of day, renewed every `stepMs`. */
export function useNow(stepMs = 1000): number {
  return useSyncExternalStore(subscribe, () => rounded(stepMs));
}
