import { createLineSplitter, type OversizeLine } from './lines.ts';

export interface ServerSentEvent {
  /** `message` where the stream names none. */
  event: string;
  data: string;
}

export interface EventParserOptions {
  /** Largest event in bytes. */
  limit: number;
  event: (event: ServerSentEvent) => void;
  /** An event that was larger than the limit and was dropped. */
  oversize: (line: OversizeLine) => void;
}

export interface EventParser {
  push(chunk: Buffer): void;
  /** The last event id the stream has told, null where it told none. */
  lastEventId(): string | null;
  /** The reconnection time the stream has asked for in milliseconds. */
  retryMs(): number | null;
}

const COLON = 58;
const SPACE = 32;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Parses `text/event-stream` from bytes, so that a character split over two chunks needs no care. An unfinished last event is dropped. */
export function createEventParser(options: EventParserOptions): EventParser {
  let name = '';
  let data: string[] = [];
  let size = 0;
  let tooLarge: OversizeLine | null = null;
  let pendingId: string | null = null;
  let lastId: string | null = null;
  let retry: number | null = null;
  let first = true;

  const dispatch = () => {
    if (pendingId !== null) lastId = pendingId;
    const parts = data;
    const event = name === '' ? 'message' : name;
    const dropped = tooLarge;
    name = '';
    data = [];
    size = 0;
    tooLarge = null;
    if (dropped !== null) options.oversize(dropped);
    else if (parts.length > 0) options.event({ event, data: parts.join('\n') });
  };

  const addData = (bytes: Buffer, start: number) => {
    size += bytes.length - start;
    if (tooLarge !== null) return;
    if (size <= options.limit) {
      data.push(bytes.toString('utf8', start));
      return;
    }
    const head = data.length > 0 ? Buffer.from(data.join('\n').slice(0, 4096)) : bytes.subarray(start, start + 4096);
    tooLarge = { bytes: size, head, tail: bytes.subarray(Math.max(start, bytes.length - 4096)) };
    data = [];
  };

  const line = (bytes: Buffer) => {
    let content = bytes;
    if (first) {
      first = false;
      if (bytes.subarray(0, 3).equals(BOM)) content = bytes.subarray(3);
    }
    if (content.length === 0) return dispatch();
    const colon = content.indexOf(COLON);
    if (colon === 0) return;
    const end = colon === -1 ? content.length : colon;
    const start = colon === -1 ? content.length : content[colon + 1] === SPACE ? colon + 2 : colon + 1;
    const field = content.toString('latin1', 0, end);
    if (field === 'data') addData(content, start);
    else if (field === 'event') name = content.toString('utf8', start);
    else if (field === 'id') {
      const id = content.toString('utf8', start);
      if (!id.includes('\0')) pendingId = id;
    } else if (field === 'retry') {
      const text = content.toString('utf8', start);
      if (/^\d+$/.test(text)) retry = Number(text);
    }
  };

  const splitter = createLineSplitter({
    limit: options.limit + 64,
    carriageReturns: true,
    line,
    oversize: (found) => {
      first = false;
      const start = /^data: ?/.exec(found.head.toString('latin1', 0, 6))?.[0].length;
      // A comment or a field that matters to nobody.
      if (start === undefined) return;
      tooLarge = { bytes: found.bytes, head: found.head.subarray(start), tail: found.tail };
      data = [];
    },
  });

  return {
    push: (chunk) => splitter.push(chunk),
    lastEventId: () => lastId,
    retryMs: () => retry,
  };
}
