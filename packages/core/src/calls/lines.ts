/** Room for the lines of one insert; a line that needs more gets a batch of its own. */
const roomyBytes = 256 * 1024;
const mostLines = 500;
/** Between lines: a character that no field keeps, one byte in UTF-8. */
export const lineEnd = '\u001e';
const lineEndByte = 0x1e;
/** Bytes UTF-8 takes for one UTF-16 unit at most. */
const widest = 3;
/** Rooms kept for the next lines. */
const mostSpare = 4;

/** Lines that are written to the database together. */
export class Batch {
  lines = 0;
  readonly room: Buffer;
  private used = 0;

  constructor(room: Buffer) {
    this.room = room;
  }

  /** False where there is no room left. */
  add(line: string): boolean {
    if (this.lines === mostLines || this.used + needOf(line) > this.room.length) return false;
    if (this.lines > 0) this.room[this.used++] = lineEndByte;
    this.used += this.room.write(line, this.used);
    this.lines += 1;
    return true;
  }

  text(): string {
    return this.room.toString('utf8', 0, this.used);
  }
}

function needOf(line: string): number {
  return line.length * widest + 1;
}

/**
 * Lines that wait to be written. As strings they would live just long enough for the collection of garbage to copy
 * them twice, which cost a call more than its permissions do: they are kept as bytes outside the heap.
 */
export class WaitingLines {
  /** Lines that wait. */
  count = 0;
  /** Memory they hold. */
  bytes = 0;
  private readonly batches: Batch[] = [];
  private readonly spare: Buffer[] = [];

  get batchCount(): number {
    return this.batches.length;
  }

  add(line: string): void {
    this.count += 1;
    if (this.batches.at(-1)?.add(line)) return;
    const batch = new Batch(this.roomFor(needOf(line)));
    batch.add(line);
    this.batches.push(batch);
    this.bytes += batch.room.length;
  }

  /** Drops the oldest batch and gives how many lines it had. */
  dropOldest(): number {
    const oldest = this.take();
    if (!oldest) return 0;
    this.giveBack(oldest);
    return oldest.lines;
  }

  /** The oldest batch; the caller releases it when it is written, or puts it back. */
  take(): Batch | undefined {
    const oldest = this.batches.shift();
    if (oldest) {
      this.count -= oldest.lines;
      this.bytes -= oldest.room.length;
    }
    return oldest;
  }

  /** Puts what was taken back to where it was. */
  putBack(batch: Batch): void {
    this.batches.unshift(batch);
    this.count += batch.lines;
    this.bytes += batch.room.length;
  }

  giveBack({ room }: Batch): void {
    if (room.length === roomyBytes && this.spare.length < mostSpare) this.spare.push(room);
  }

  private roomFor(bytes: number): Buffer {
    if (bytes > roomyBytes) return Buffer.allocUnsafeSlow(bytes);
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(roomyBytes);
  }
}
