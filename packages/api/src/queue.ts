/** A bounded hand-over from callbacks to one async iteration; when it is full the oldest item is dropped. */
export interface Queue<T> extends AsyncIterable<T> {
  push(item: T): void;
  /** Ends the iteration after what is queued. */
  end(): void;
}

/** Ends when the signal aborts. */
export function createQueue<T>(options: { max: number; signal: AbortSignal }): Queue<T> {
  const items: T[] = [];
  let ended = false;
  let wake: (() => void) | null = null;
  function notify() {
    wake?.();
    wake = null;
  }
  function end() {
    ended = true;
    notify();
  }
  options.signal.addEventListener('abort', end, { once: true });
  async function* iterate() {
    for (;;) {
      const item = items.shift();
      if (item !== undefined) yield item;
      else if (ended || options.signal.aborted) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return {
    push(item) {
      if (ended) return;
      if (items.length >= options.max) items.shift();
      items.push(item);
      notify();
    },
    end,
    [Symbol.asyncIterator]: iterate,
  };
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
