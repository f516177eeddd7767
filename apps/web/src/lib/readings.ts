/** What a container uses, reading by reading. */
export interface Reading {
  time: number;
  /** 100 is one whole processor. */
  cpuPercent: number;
  memoryBytes: number;
  memoryLimitBytes: number;
  /** Bytes a second since the reading before. */
  receivedPerSecond: number;
  sentPerSecond: number;
  readPerSecond: number;
  writtenPerSecond: number;
  pids: number;
}

interface Stats {
  time: string;
  cpuPercent: number;
  memoryBytes: number;
  memoryLimitBytes: number;
  networkReceivedBytes: number;
  networkSentBytes: number;
  blockReadBytes: number;
  blockWrittenBytes: number;
  pids: number;
}

/** Two minutes, a reading a second. */
export const keptReadings = 120;

function perSecond(before: number, now: number, ms: number): number {
  return ms <= 0 || now < before ? 0 : ((now - before) * 1000) / ms;
}

function toReading(stats: Stats, before: Stats): Reading {
  const time = Date.parse(stats.time);
  const ms = time - Date.parse(before.time);
  function rate(of: (each: Stats) => number) {
    return perSecond(of(before), of(stats), ms);
  }
  return {
    time,
    cpuPercent: stats.cpuPercent,
    memoryBytes: stats.memoryBytes,
    memoryLimitBytes: stats.memoryLimitBytes,
    receivedPerSecond: rate((each) => each.networkReceivedBytes),
    sentPerSecond: rate((each) => each.networkSentBytes),
    readPerSecond: rate((each) => each.blockReadBytes),
    writtenPerSecond: rate((each) => each.blockWrittenBytes),
    pids: stats.pids,
  };
}

const none: readonly Reading[] = [];

/** Keeps the last readings of several containers; whoever shows one is told only of that one. */
export function createReadings() {
  const last = new Map<string, Stats>();
  const kept = new Map<string, readonly Reading[]>();
  const listeners = new Set<() => void>();
  return {
    add(items: readonly { id: string; stats: Stats }[]): void {
      for (const { id, stats } of items) {
        const before = last.get(id);
        last.set(id, stats);
        // The first one has nothing to be compared with: it would show as no use at all.
        if (before === undefined) continue;
        const reading = toReading(stats, before);
        if (!Number.isNaN(reading.time)) kept.set(id, [...(kept.get(id) ?? none), reading].slice(-keptReadings));
      }
      for (const tell of listeners) tell();
    },
    /** Forgets all but these. */
    keep(ids: readonly string[]): void {
      for (const id of [...kept.keys()].filter((each) => !ids.includes(each))) {
        kept.delete(id);
        last.delete(id);
      }
    },
    of: (id: string): readonly Reading[] => kept.get(id) ?? none,
    subscribe(tell: () => void): () => void {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
  };
}

export type Readings = ReturnType<typeof createReadings>;
