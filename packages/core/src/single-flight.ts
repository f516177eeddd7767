/**
 * Runs one task at a time: who asks while it runs shares one more run after it, as the running one may have
 * read before the change they ask about.
 */
export function createSingleFlight(task: () => Promise<void>): { run(): Promise<void>; settled(): Promise<void> } {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function begin(): Promise<void> {
    running = task().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    run() {
      // Between two runs nothing goes, yet who waits for the second one must not be overtaken.
      if (next) return next;
      if (!running) return begin();
      next = running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return begin();
        });
      return next;
    },
    settled: async () => {
      await (next ?? running);
    },
  };
}
