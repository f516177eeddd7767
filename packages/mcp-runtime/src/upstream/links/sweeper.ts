/** Runs what was added once it has been there for a while; one timer for all. */
export function createSweeper(afterMs: number) {
  const waiting = new Map<() => void, number>();
  let timer: NodeJS.Timeout | null = null;
  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const sweep = () => {
    const now = performance.now();
    for (const [run, since] of waiting) {
      if (now - since < afterMs) continue;
      waiting.delete(run);
      run();
    }
    if (waiting.size === 0) stop();
  };
  return {
    add: (run: () => void) => {
      waiting.set(run, performance.now());
      timer ??= setInterval(sweep, afterMs / 2).unref();
    },
    delete: (run: () => void) => waiting.delete(run),
    stop,
  };
}
