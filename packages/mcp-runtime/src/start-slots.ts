import type { StartSlot } from './upstream/primary.ts';

/** A start gives its place to the next after this long, so that one hanging server does not hold up the others. */
const HOLD_MS = 5000;

/** Lets so many starts begin at once; the rest wait in order. */
export function createStartSlots(atOnce: number): StartSlot {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    running--;
    waiting.shift()?.();
  };
  return async (start) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    let left = false;
    const leaveOnce = (): void => {
      if (left) return;
      left = true;
      leave();
    };
    const timer = setTimeout(leaveOnce, HOLD_MS);
    timer.unref();
    try {
      return await start();
    } finally {
      clearTimeout(timer);
      leaveOnce();
    }
  };
}
