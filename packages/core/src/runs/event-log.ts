/** An entry with its place; places count from 1. */
export type Placed<Entry> = Entry & { seq: number };

/** Entries before the next one that are gone. */
export interface Gap {
  type: 'gap';
  seq: number;
  missed: number;
}

/** What somebody tells, for any number of followers at any time; the oldest is dropped beyond its bounds. */
export interface EventLog<Entry> {
  bytes(): number;
  push(entry: Entry): Placed<Entry>;
  /** Nothing follows any more. */
  close(): void;
  /** What came after a place, then what comes, until the log is closed or the signal aborts. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<Placed<Entry> | Gap>;
}

function jsonBytes(entry: object): number {
  return Buffer.byteLength(JSON.stringify(entry));
}

/** `kept`: what a log begins with, in order; `before`: the place that its first one follows. `sizeOf`: bytes of an entry, where it need not be exact. */
export function createEventLog<Entry extends object>(
  most: { events: number; bytes: number; sizeOf?: (entry: Entry) => number },
  { kept = [], before: start = 0 }: { kept?: readonly Placed<Entry>[]; before?: number } = {},
): EventLog<Entry> {
  const entries: { entry: Placed<Entry>; bytes: number }[] = [];
  const waiting = new Set<() => void>();
  let last = start;
  let sum = 0;
  let closed = false;

  function wakeAll() {
    for (const wake of waiting) wake();
    waiting.clear();
  }
  function add(entry: Placed<Entry>) {
    const bytes = (most.sizeOf ?? jsonBytes)(entry);
    entries.push({ entry, bytes });
    sum += bytes;
    last = entry.seq;
    while (entries.length > most.events || (sum > most.bytes && entries.length > 1)) sum -= entries.shift()?.bytes ?? 0;
  }
  for (const entry of kept) add(entry);

  return {
    bytes: () => sum,
    push(entry) {
      const placed = { ...entry, seq: last + 1 };
      add(placed);
      wakeAll();
      return placed;
    },
    close() {
      closed = true;
      wakeAll();
    },
    async *follow(after, signal) {
      let at = Math.min(after, last);
      let wake: () => void = () => undefined;
      function onAbort() {
        wake();
      }
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        while (!signal.aborted) {
          const before = (entries[0]?.entry.seq ?? last + 1) - 1;
          const next = entries[at - before];
          if (at < before) {
            yield { type: 'gap', seq: before, missed: before - at };
            at = before;
          } else if (next) {
            at = next.entry.seq;
            yield next.entry;
          } else if (closed) {
            return;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
              waiting.add(wake);
            });
            waiting.delete(wake);
          }
        }
      } finally {
        waiting.delete(wake);
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
