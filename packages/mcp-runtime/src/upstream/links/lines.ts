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
  /** Told once when a line has no end after so many bytes. */
  endless?: { bytes: number; tell: () => void };
}

export interface LineSplitter {
  push: (chunk: Buffer) => void;
  /** Tells the unfinished last line, if there is one. */
  end: () => void;
  /** Bytes held of the unfinished line. */
  pending: () => number;
}

/** How much is kept of each end of a line over the limit. */
export const KEPT_EDGE = 4096;

/**
 * Splits a byte stream into lines. A line may arrive in any number of chunks: each byte is looked at once and copied
 * at most once. A line over the limit is dropped while it arrives; only its two ends are kept.
 */
export function createLineSplitter(options: LineOptions): LineSplitter {
  const current = createLine(options.limit);
  let afterReturn = false;
  let told = false;

  const finish = (last: Buffer) => {
    if (current.isEmpty() && last.length <= options.limit) {
      options.line(last);
      return;
    }
    current.add(last);
    const line = current.take();
    if (Buffer.isBuffer(line)) options.line(line);
    else options.oversize(line);
  };

  const push = (chunk: Buffer) => {
    let start = afterReturn && chunk[0] === LF ? 1 : 0;
    if (chunk.length > 0) afterReturn = false;
    let nextReturn = options.carriageReturns ? chunk.indexOf(CR, start) : -1;
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
    if (start < chunk.length) current.add(chunk.subarray(start));
    if (told || options.endless === undefined || current.size() <= options.endless.bytes) return;
    told = true;
    options.endless.tell();
  };

  return {
    push,
    end: () => {
      if (!current.isEmpty()) finish(Buffer.alloc(0));
    },
    pending: current.held,
  };
}

/** A line that is still arriving. */
function createLine(limit: number) {
  let parts: Buffer[] = [];
  let size = 0;
  let ends: { head: Buffer; tail: Buffer } | null = null;
  return {
    isEmpty: () => size === 0,
    size: () => size,
    held: () => (ends === null ? size : ends.head.length + ends.tail.length),
    add: (part: Buffer) => {
      if (part.length === 0) return;
      size += part.length;
      if (ends !== null) {
        ends.tail = lastBytes([ends.tail, part]);
      } else if (size <= limit) {
        parts.push(part);
      } else {
        parts.push(part);
        // Copies: a slice would keep the whole chunk alive.
        ends = { head: firstBytes(parts), tail: lastBytes(parts) };
        parts = [];
      }
    },
    take: (): Buffer | OversizeLine => {
      const line = ends === null ? joined(parts) : { bytes: size, ...ends };
      parts = [];
      size = 0;
      ends = null;
      return line;
    },
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
