/** Something that ends by itself as a rule, and has to be ended where it does not. */
export interface Lingering {
  leave(): void;
}

/** Ends what was added once it has been there for a while; one timer for all. */
export function createSweeper(afterMs: number) {
  const waiting = new Map<Lingering, number>();
  let timer: NodeJS.Timeout | null = null;
  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const sweep = () => {
    const now = performance.now();
    for (const [lingering, since] of waiting) {
      if (now - since < afterMs) continue;
      waiting.delete(lingering);
      lingering.leave();
    }
    if (waiting.size === 0) stop();
  };
  return {
    add: (lingering: Lingering) => {
      waiting.set(lingering, performance.now());
      timer ??= setInterval(sweep, afterMs / 2).unref();
    },
    delete: (lingering: Lingering) => waiting.delete(lingering),
    stop,
  };
}
