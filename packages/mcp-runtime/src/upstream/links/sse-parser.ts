import { keptEdge, type LineSink, LineSplitter, type OversizeLine } from './lines.ts';

export interface ServerSentEvent {
  /** `message` where the stream names none. */
  event: string;
  data: string;
}

/** The receiver of the events. */
export interface EventSink {
  /** Largest event in bytes. */
  readonly limit: number;
  event(event: ServerSentEvent): void;
  /** An event that was larger than the limit and was dropped. */
  oversize(line: OversizeLine): void;
}

export interface EventParser {
  push(chunk: Buffer): void;
  /** The last event id of the stream, null for none. */
  lastEventId(): string | null;
  /** The reconnection time the stream has asked for in milliseconds. */
  retryMs(): number | null;
}

const colonByte = 58;
const spaceByte = 32;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
/** Room for the field's name, so that only the data counts. */
const longestName = 8;

/** Parses `text/event-stream` from bytes, so that a character split over two chunks needs no care. An unfinished last event is dropped. */
export function createEventParser(sink: EventSink): EventParser {
  return new Parser(sink);
}

/** A class, for a server of the reference SDK answers each call with a stream of its own. */
class Parser implements EventParser, LineSink {
  readonly limit: number;
  readonly carriageReturns = true;
  private readonly sink: EventSink;
  private readonly splitter: LineSplitter;
  private pendingId: string | null = null;
  private lastId: string | null = null;
  private retry: number | null = null;
  private first = true;
  /** The event that is still arriving. */
  private name = '';
  private data: string | null = null;
  private size = 0;
  private dropped: OversizeLine | null = null;

  constructor(sink: EventSink) {
    this.sink = sink;
    this.limit = sink.limit + longestName;
    this.splitter = new LineSplitter(this);
  }

  push(chunk: Buffer): void {
    this.splitter.push(chunk);
  }

  lastEventId(): string | null {
    return this.lastId;
  }

  retryMs(): number | null {
    return this.retry;
  }

  line(given: Buffer): void {
    const marked = this.first && given[0] === bom[0] && given.subarray(0, 3).equals(bom);
    const bytes = marked ? given.subarray(3) : given;
    this.first = false;
    if (bytes.length === 0) {
      this.lastId = this.pendingId ?? this.lastId;
      return this.dispatch();
    }
    const colon = bytes.indexOf(colonByte);
    const end = colon === -1 ? bytes.length : colon;
    const start = valueStart(bytes, colon);
    switch (bytes.toString('latin1', 0, end)) {
      case 'data':
        return this.add(bytes, start);
      case 'event':
        this.name = bytes.toString('utf8', start);
        return;
      case 'id': {
        const id = bytes.toString('utf8', start);
        if (!id.includes('\0')) this.pendingId = id;
        return;
      }
      case 'retry': {
        const text = bytes.toString('latin1', start);
        if (/^\d+$/.test(text)) this.retry = Number(text);
        return;
      }
      default:
    }
  }

  oversize(found: OversizeLine): void {
    this.first = false;
    const { head } = found;
    const colon = head.indexOf(colonByte);
    // A comment, or a field that matters to nobody, is dropped and no more.
    if (head.toString('latin1', 0, colon === -1 ? head.length : colon) !== 'data') return;
    this.drop({ ...found, head: head.subarray(valueStart(head, colon)) });
  }

  private add(bytes: Buffer, start: number): void {
    // With the line end: empty lines take room too.
    this.size += bytes.length - start + (this.data === null ? 0 : 1);
    if (this.dropped !== null) return;
    const text = bytes.toString('utf8', start);
    const data = this.data === null ? text : `${this.data}\n${text}`;
    this.data = data;
    if (this.size <= this.sink.limit) return;
    const all = Buffer.from(data);
    this.drop({ bytes: this.size, head: all.subarray(0, keptEdge), tail: all.subarray(-keptEdge) });
  }

  private drop(line: OversizeLine): void {
    this.dropped ??= line;
    this.data = null;
  }

  private dispatch(): void {
    const { name, data, dropped } = this;
    this.name = '';
    this.data = null;
    this.size = 0;
    this.dropped = null;
    if (dropped !== null) this.sink.oversize(dropped);
    else if (data !== null) this.sink.event({ event: name === '' ? 'message' : name, data });
  }
}

/** The start of a field's value: after the colon and the space that may follow it. */
function valueStart(line: Buffer, colon: number): number {
  if (colon === -1) return line.length;
  return line[colon + 1] === spaceByte ? colon + 2 : colon + 1;
}
