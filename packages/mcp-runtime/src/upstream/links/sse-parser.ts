import { createLineSplitter, KEPT_EDGE, type OversizeLine } from './lines.ts';

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
  push: (chunk: Buffer) => void;
  /** The last event id the stream has told, null where it told none. */
  lastEventId: () => string | null;
  /** The reconnection time the stream has asked for in milliseconds. */
  retryMs: () => number | null;
}

const COLON = 58;
const SPACE = 32;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Parses `text/event-stream` from bytes, so that a character split over two chunks needs no care. An unfinished last event is dropped. */
export function createEventParser(options: EventParserOptions): EventParser {
  const current = createEvent(options);
  let pendingId: string | null = null;
  let lastId: string | null = null;
  let retry: number | null = null;
  let first = true;

  const line = (bytes: Buffer) => {
    const marked = first && bytes.subarray(0, 3).equals(BOM);
    first = false;
    const { name, value } = fieldOf(marked ? bytes.subarray(3) : bytes);
    switch (name) {
      case null:
        lastId = pendingId ?? lastId;
        current.dispatch();
        break;
      case 'data':
        current.add(value);
        break;
      case 'event':
        current.name(value.toString('utf8'));
        break;
      case 'id':
        if (!value.includes(0)) pendingId = value.toString('utf8');
        break;
      case 'retry':
        if (/^\d+$/.test(value.toString('latin1'))) retry = Number(value.toString('latin1'));
        break;
      default:
    }
  };

  const splitter = createLineSplitter({
    // Room for the field's name, so that only the data counts.
    limit: options.limit + 8,
    carriageReturns: true,
    line,
    oversize: (found) => {
      first = false;
      const { name, value } = fieldOf(found.head);
      // A comment, or a field that matters to nobody, is dropped and no more.
      if (name === 'data') current.tooLarge({ ...found, head: value });
    },
  });

  return { push: splitter.push, lastEventId: () => lastId, retryMs: () => retry };
}

const NOTHING = Buffer.alloc(0);

/** A line's field; the name is null for the empty line and '' for a comment. */
function fieldOf(line: Buffer): { name: string | null; value: Buffer } {
  if (line.length === 0) return { name: null, value: NOTHING };
  const colon = line.indexOf(COLON);
  if (colon === -1) return { name: line.toString('latin1'), value: NOTHING };
  const start = line[colon + 1] === SPACE ? colon + 2 : colon + 1;
  return { name: line.toString('latin1', 0, colon), value: line.subarray(start) };
}

/** An event that is still arriving. */
function createEvent(options: EventParserOptions) {
  let name = '';
  let data: string[] = [];
  let size = 0;
  let dropped: OversizeLine | null = null;

  const tooLarge = (line: OversizeLine) => {
    dropped ??= line;
    data = [];
  };
  return {
    name: (value: string) => {
      name = value;
    },
    add: (value: Buffer) => {
      size += value.length;
      if (dropped !== null) return;
      data.push(value.toString('utf8'));
      if (size <= options.limit) return;
      const text = Buffer.from(data.join('\n'));
      tooLarge({ bytes: size, head: text.subarray(0, KEPT_EDGE), tail: text.subarray(-KEPT_EDGE) });
    },
    tooLarge,
    dispatch: () => {
      const event = { event: name === '' ? 'message' : name, data: data.join('\n') };
      const found = dropped;
      const some = data.length > 0;
      name = '';
      data = [];
      size = 0;
      dropped = null;
      if (found !== null) options.oversize(found);
      else if (some) options.event(event);
    },
  };
}
