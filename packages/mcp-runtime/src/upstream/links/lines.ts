const LF = 10;
const CR = 13;

/** What is left of a line that was longer than the limit: enough to tell what it was. */
export interface OversizeLine {
  bytes: number;
  head: Buffer;
  tail: Buffer;
}

export interface LineOptions {
  /** Longest line in bytes that is kept. */
  limit: number;
  /** True where a carriage return ends a line too (server-sent events). */
  carriageReturns: boolean;
  line: (bytes: Buffer) => void;
  oversize: (line: OversizeLine) => void;
}

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Tells the unfinished last line, if there is one. */
  end(): void;
  /** Bytes held of the unfinished line. */
  pending(): number;
}

const KEPT_EDGE = 4096;

/**
 * Splits a byte stream into lines. A line may arrive in any number of chunks: each byte is looked at once and copied
 * at most once. A line over the limit is dropped while it arrives; only its two ends are kept.
 */
export function createLineSplitter(options: LineOptions): LineSplitter {
  const { limit, carriageReturns } = options;
  let parts: Buffer[] = [];
  let size = 0;
  let head: Buffer | null = null;
  let tail: Buffer = Buffer.alloc(0);
  let afterReturn = false;

  const hold = (part: Buffer) => {
    if (part.length === 0) return;
    size += part.length;
    if (head === null && size <= limit) {
      parts.push(part);
      return;
    }
    if (head === null) {
      // Copies: a slice would keep the whole chunk alive.
      head = firstBytes([...parts, part]);
      tail = lastBytes(parts);
      parts = [];
    }
    tail = lastBytes([tail, part]);
  };

  const finish = (last: Buffer) => {
    if (size === 0 && last.length <= limit) {
      options.line(last);
      return;
    }
    hold(last);
    const lineParts = parts;
    const lineHead = head;
    const bytes = size;
    parts = [];
    size = 0;
    head = null;
    if (lineHead === null) options.line(joined(lineParts));
    else options.oversize({ bytes, head: lineHead, tail });
  };

  const push = (chunk: Buffer) => {
    let start = afterReturn && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) afterReturn = false;
    let nextReturn = carriageReturns ? chunk.indexOf(CR, start) : -1;
    let nextFeed = chunk.indexOf(LF, start);
    while (nextFeed !== -1 || nextReturn !== -1) {
      const byReturn = nextReturn !== -1 && (nextFeed === -1 || nextReturn < nextFeed);
      const at = byReturn ? nextReturn : nextFeed;
      finish(chunk.subarray(start, at));
      start = at + 1;
      if (byReturn && start === chunk.length) afterReturn = true;
      if (byReturn && chunk[start] === LF) start += 1;
      if (nextFeed !== -1 && nextFeed < start) nextFeed = chunk.indexOf(LF, start);
      if (byReturn) nextReturn = chunk.indexOf(CR, start);
    }
    if (start < chunk.length) hold(start === 0 ? chunk : chunk.subarray(start));
  };

  return {
    push,
    end: () => {
      if (size > 0) finish(Buffer.alloc(0));
    },
    pending: () => (head === null ? size : head.length + tail.length),
  };
}

/** The parts as one buffer; copies nothing where there is only one. */
export function joined(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}

function firstBytes(parts: readonly Buffer[]): Buffer {
  const kept: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    if (size >= KEPT_EDGE) break;
    const start = part.subarray(0, KEPT_EDGE - size);
    kept.push(start);
    size += start.length;
  }
  return Buffer.concat(kept, size);
}

function lastBytes(parts: readonly Buffer[]): Buffer {
  const kept: Buffer[] = [];
  let size = 0;
  for (const part of parts.toReversed()) {
    if (size >= KEPT_EDGE) break;
    const end = part.length <= KEPT_EDGE - size ? part : part.subarray(part.length - (KEPT_EDGE - size));
    kept.unshift(end);
    size += end.length;
  }
  return Buffer.concat(kept, size);
}
