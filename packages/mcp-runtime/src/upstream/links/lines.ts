const lf = 10;
const cr = 13;

/** The rest of a line that exceeded the limit: enough to recognise it. */
export interface OversizeLine {
  bytes: number;
  head: Buffer;
  tail: Buffer;
}

/** The receiver of the lines. */
export interface LineSink {
  /** Longest line in bytes that is kept. */
  readonly limit: number;
  /** True where a carriage return ends a line too (server-sent events). */
  readonly carriageReturns: boolean;
  line(bytes: Buffer): void;
  oversize(line: OversizeLine): void;
  /** Told once when a line has no end after so many bytes. */
  readonly endless?: { bytes: number; tell: () => void };
}

/** How much is kept of each end of a line over the limit. */
export const keptEdge = 4096;

/**
 * Splits a byte stream into lines. A line may arrive in any number of chunks: each byte is read once and copied at most
 * once. A line over the limit is dropped while it arrives; only its two ends are kept.
 */
export class LineSplitter {
  private readonly sink: LineSink;
  private readonly current: Line;
  private afterReturn = false;
  private told = false;

  constructor(sink: LineSink) {
    this.sink = sink;
    this.current = new Line(sink.limit);
  }

  push(chunk: Buffer): void {
    let start = this.afterReturn && chunk[0] === lf ? 1 : 0;
    if (chunk.length > 0) this.afterReturn = false;
    let nextReturn = this.sink.carriageReturns ? chunk.indexOf(cr, start) : -1;
    let nextFeed = chunk.indexOf(lf, start);
    while (nextFeed !== -1 || nextReturn !== -1) {
      const byReturn = nextReturn !== -1 && (nextFeed === -1 || nextReturn < nextFeed);
      const at = byReturn ? nextReturn : nextFeed;
      this.finish(at === start ? nothing : chunk.subarray(start, at));
      start = at + 1;
      if (byReturn && start === chunk.length) this.afterReturn = true;
      if (byReturn && chunk[start] === lf) start += 1;
      if (nextFeed !== -1 && nextFeed < start) nextFeed = chunk.indexOf(lf, start);
      if (byReturn) nextReturn = chunk.indexOf(cr, start);
    }
    if (start < chunk.length) this.current.add(chunk.subarray(start));
    const { endless } = this.sink;
    if (this.told || endless === undefined || this.current.size <= endless.bytes) return;
    this.told = true;
    endless.tell();
  }

  /** Tells the unfinished last line, if there is one. */
  end(): void {
    if (this.current.size > 0) this.finish(nothing);
  }

  /** Bytes held of the unfinished line. */
  pending(): number {
    return this.current.held();
  }

  private finish(last: Buffer): void {
    const { current, sink } = this;
    if (current.size === 0 && last.length <= sink.limit) return sink.line(last);
    current.add(last);
    const line = current.take();
    if (Buffer.isBuffer(line)) sink.line(line);
    else sink.oversize(line);
  }
}

const nothing = Buffer.alloc(0);

/** A line that is still arriving. */
class Line {
  size = 0;
  private parts: Buffer[] = [];
  private ends: { head: Buffer; tail: Buffer } | null = null;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  held(): number {
    return this.ends === null ? this.size : this.ends.head.length + this.ends.tail.length;
  }

  add(part: Buffer): void {
    if (part.length === 0) return;
    this.size += part.length;
    if (this.ends !== null) {
      this.ends.tail = lastBytes([this.ends.tail, part]);
      return;
    }
    this.parts.push(part);
    if (this.size <= this.limit) return;
    // Copies: a slice would keep the whole chunk alive.
    this.ends = { head: firstBytes(this.parts), tail: lastBytes(this.parts) };
    this.parts = [];
  }

  take(): Buffer | OversizeLine {
    const line = this.ends === null ? joined(this.parts) : { bytes: this.size, ...this.ends };
    this.parts = [];
    this.size = 0;
    this.ends = null;
    return line;
  }
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
    if (size >= keptEdge) break;
    const start = part.subarray(0, keptEdge - size);
    kept.push(start);
    size += start.length;
  }
  return Buffer.concat(kept, size);
}

function lastBytes(parts: readonly Buffer[]): Buffer {
  const kept: Buffer[] = [];
  let size = 0;
  for (const part of parts.toReversed()) {
    if (size >= keptEdge) break;
    const end = part.length <= keptEdge - size ? part : part.subarray(part.length - (keptEdge - size));
    kept.unshift(end);
    size += end.length;
  }
  return Buffer.concat(kept, size);
}
