interface Entry {
  stream: string;
  seq: number;
  data: string;
  at: number;
}

const maxEvents = 1000;
const maxChars = 1024 * 1024;

/**
 * The last messages of a session by stream, for `Last-Event-ID` (specification: resumability). Bounded by
 * 1,000 messages and 1 Mi characters (one larger message is kept alone); the oldest go first.
 */
export interface EventLog {
  /** Remembers a message and gives its event id. */
  add(stream: string, data: string): string;
  /** An id before the stream's next message. */
  start(stream: string): string;
  /** The stream an id belongs to and what came after it; null for an id that is not one of ours. */
  after(id: string): { stream: string; events: { id: string; data: string }[] } | null;
  /** Forgets what is older. */
  prune(before: number): void;
}

export function createEventLog(now: () => number): EventLog {
  let entries: Entry[] = [];
  let chars = 0;
  let seq = 0;
  return {
    add(stream, data) {
      entries.push({ stream, seq: ++seq, data, at: now() });
      chars += data.length;
      while (entries.length > maxEvents || (chars > maxChars && entries.length > 1)) {
        chars -= entries.shift()?.data.length ?? 0;
      }
      return `${stream}_${seq}`;
    },
    start: (stream) => `${stream}_${seq}`,
    after(id) {
      const match = /^([a-z0-9]{1,16})_(\d{1,15})$/.exec(id);
      if (match === null) return null;
      const [, stream = '', from = '0'] = match;
      if (Number(from) > seq) return null;
      const events = entries
        .filter((entry) => entry.stream === stream && entry.seq > Number(from))
        .map((entry) => ({ id: `${entry.stream}_${entry.seq}`, data: entry.data }));
      return { stream, events };
    },
    prune(before) {
      const kept = entries.filter((entry) => entry.at >= before);
      if (kept.length === entries.length) return;
      entries = kept;
      chars = kept.reduce((sum, entry) => sum + entry.data.length, 0);
    },
  };
}
