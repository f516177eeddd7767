import { answerBounds, type Bounds } from './bounds.ts';
import { createEvents, type StreamEvent } from './events.ts';

/** The receiver of an answer's body: called piece by piece for a stream, once for a whole. */
export interface BodySink {
  event(event: StreamEvent): void;
  /** The body is one JSON text. */
  whole(text: string): void;
  /** The body is neither: `beginning` is what it starts with. */
  foreign(beginning: string): void;
  tooLarge(limit: string): void;
}

export interface Body {
  push(chunk: Buffer): void;
  /** The end of the body. */
  end(): void;
}

/** The most white space before a body: some gateways send it while they wait. */
const mostBlank = 1024 * 1024;

/**
 * Reads an answer's body and detects its format by the first character, because headers are wrong too often: JSON with
 * the type of a stream, streams as plain text. Any other start is a page or a text for people.
 */
export function createBody(sink: BodySink, bounds: Bounds = answerBounds): Body {
  let reader: Body | null = null;
  let blank = 0;
  let bytes = 0;
  return {
    push(chunk) {
      bytes += chunk.length;
      if (bytes > bounds.answerBytes) return sink.tooLarge(`${bounds.answerBytes} bytes`);
      if (reader !== null) return reader.push(chunk);
      const at = firstSign(chunk);
      if (at === -1) {
        blank += chunk.length;
        if (blank > mostBlank) sink.tooLarge('white space');
        return;
      }
      reader = readerOf(chunk[at] ?? 0, sink, bounds);
      reader.push(at === 0 ? chunk : chunk.subarray(at));
    },
    end: () => reader?.end(),
  };
}

const brace = 0x7b;
const bracket = 0x5b;
/** The fields of an event stream begin with these: comments, data, event, id, retry. */
const ofEvents = new Set(Array.from(':deir', (sign) => sign.charCodeAt(0)));

function readerOf(first: number, sink: BodySink, { eventLength, refusalBytes }: Bounds): Body {
  if (first === brace || first === bracket) return createText(sink, eventLength);
  return ofEvents.has(first) ? createEvents(sink, eventLength) : createPage(sink, refusalBytes);
}

/** The index of the first character that is neither white space nor a byte order mark. */
function firstSign(chunk: Buffer): number {
  return chunk.findIndex((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
}

function createText(sink: BodySink, most: number): Body {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    push(chunk) {
      bytes += chunk.length;
      if (bytes > most) sink.tooLarge(`${most} bytes in one piece`);
      else chunks.push(chunk);
    },
    end: () => sink.whole(Buffer.concat(chunks).toString('utf8')),
  };
}

/** Needs no more than a page's beginning. */
function createPage(sink: BodySink, most: number): Body {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let told = false;
  function end() {
    if (!told) sink.foreign(Buffer.concat(chunks).subarray(0, most).toString('utf8'));
    told = true;
  }
  return {
    push(chunk) {
      if (told) return;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= most) end();
    },
    end,
  };
}
