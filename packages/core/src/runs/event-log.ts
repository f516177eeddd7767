/** An entry with its place; places count from 1. */
export type Numbered<Entry> = Entry & { seq: number };

/** Entries before the next one that are gone. */
export interface Gap {
  type: 'gap';
  seq: number;
  missed: number;
}

/** A log of events for any number of followers at any time; the oldest entries are dropped beyond its bounds. */
export interface EventLog<Entry> {
  bytes(): number;
  push(entry: Entry): Numbered<Entry>;
  /** Ends all followers. */
  close(): void;
  /** The entries after a position, then new ones, until the log is closed or the signal aborts. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<Numbered<Entry> | Gap>;
}

/** Entries that are gone are cut off where they are as many as those that are left, and so many at least. */
const fewestCutOff = 64;

function jsonBytes(entry: object): number {
  return Buffer.byteLength(JSON.stringify(entry));
}

/** `kept`: what a log begins with, in order; `before`: the place that its first one follows. `sizeOf`: bytes of an entry, where it need not be exact. */
export function createEventLog<Entry extends object>(
  most: { events: number; bytes: number; sizeOf?: (entry: Entry) => number },
  { kept = [], before: start = 0 }: { kept?: readonly Numbered<Entry>[]; before?: number } = {},
): EventLog<Entry> {
  /** Null where it is gone: to take each out at once would move all that follow. */
  let entries: ({ entry: Numbered<Entry>; bytes: number } | null)[] = [];
  let gone = 0;
  const waiting = new Set<() => void>();
  let last = start;
  let sum = 0;
  let closed = false;

  function wakeAll() {
    for (const wake of waiting) wake();
    waiting.clear();
  }
  function count(): number {
    return entries.length - gone;
  }
  function drop() {
    sum -= entries[gone]?.bytes ?? 0;
    entries[gone] = null;
    gone += 1;
  }
  function add(entry: Numbered<Entry>) {
    const bytes = (most.sizeOf ?? jsonBytes)(entry);
    entries.push({ entry, bytes });
    sum += bytes;
    last = entry.seq;
    while (count() > most.events || (sum > most.bytes && count() > 1)) drop();
    if (gone < fewestCutOff || gone * 2 < entries.length) return;
    entries = entries.slice(gone);
    gone = 0;
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
          const before = (entries[gone]?.entry.seq ?? last + 1) - 1;
          const next = entries[gone + at - before];
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
