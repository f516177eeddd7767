/** Lets those who ask go on one at a time, each in a turn of the event loop of its own. */
export interface Turns {
  next(): Promise<void>;
}

/**
 * Many connections send at the same time. Timers that are due together run one after another, and everything else of
 * the hub waits for all of them; between turns, it is served.
 */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  function serve(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(serve);
  }
  return {
    next: () =>
      new Promise((resolve) => {
        if (waiting.push(resolve) === 1) setImmediate(serve);
      }),
  };
}
