/** Lets some starts run at once, so that a hub with many servers does not start them all in one burst. */
export type StartSlot = <T>(start: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** A start gives its place to the next after this long, so that one hanging server does not hold up the others. */
const longestHoldMs = 5000;

/** Lets so many starts begin at once; the rest wait in order, and leave the queue when their signal aborts. */
export function createStartSlots(atOnce: number, holdMs = longestHoldMs): StartSlot {
  let running = 0;
  const waiting = new Set<() => void>();

  function enter(signal: AbortSignal): Promise<void> {
    if (running < atOnce) {
      running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      function abort(): void {
        waiting.delete(admit);
        reject(signal.reason);
      }
      function admit(): void {
        signal.removeEventListener('abort', abort);
        resolve();
      }
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(admit);
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next === undefined) {
      running--;
      return;
    }
    // The place goes over as it is, so that nobody slips in between.
    waiting.delete(next);
    next();
  }

  return async (start, signal) => {
    await enter(signal);
    let left = false;
    function leaveOnce(): void {
      if (left) return;
      left = true;
      leave();
    }
    const timer = setTimeout(leaveOnce, holdMs);
    timer.unref();
    try {
      return await start();
    } finally {
      clearTimeout(timer);
      leaveOnce();
    }
  };
}
