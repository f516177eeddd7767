/** Work on many items that must not hold up everything else. */
export interface Slices<Item> {
  /** Does the work for each of these soon, for one that waits already once. */
  add(items: Iterable<Item>): void;
  clear(): void;
}

/** Milliseconds of work in a row. */
const sliceMs = 8;

/** Runs something for items that are added, a few milliseconds at a time; `run` must not throw. */
export function createSlices<Item>(run: (item: Item) => void): Slices<Item> {
  const waiting = new Set<Item>();
  let working = false;
  function work(): void {
    const until = performance.now() + sliceMs;
    for (const item of waiting) {
      // Before it runs, so that a change that comes meanwhile has it run again.
      waiting.delete(item);
      run(item);
      if (performance.now() >= until) break;
    }
    working = waiting.size > 0;
    if (working) setImmediate(work);
  }
  return {
    add(items) {
      for (const item of items) waiting.add(item);
      if (working || waiting.size === 0) return;
      working = true;
      setImmediate(work);
    },
    clear: () => waiting.clear(),
  };
}
