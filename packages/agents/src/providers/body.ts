import { bounds } from './bounds.ts';
import { createEvents, type StreamEvent } from './events.ts';

/** What an answer's body turned out to be; told piece by piece for a stream, once for a whole. */
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
  /** Nothing more arrives. */
  end(): void;
}

/** Bytes of white space that may stand before a body: some gateways send it while they wait. */
const mostBlank = 1024 * 1024;

/**
 * Reads an answer's body and finds out by its first character what it is, since what headers say is wrong too often: JSON
 * with the type of a stream, streams as plain text. What begins like neither is a page or a text for people.
 */
export function createBody(sink: BodySink): Body {
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
      reader = readerOf(chunk[at] ?? 0, sink);
      reader.push(at === 0 ? chunk : chunk.subarray(at));
    },
    end() {
      if (reader === null) createEvents(sink).end();
      else reader.end();
    },
  };
}

const brace = 0x7b;
const bracket = 0x5b;
/** The fields of an event stream begin with these: comments, data, event, id, retry. */
const ofEvents = new Set(Array.from(':deir', (sign) => sign.charCodeAt(0)));

function readerOf(first: number, sink: BodySink): Body {
  if (first === brace || first === bracket) return createText(sink.whole);
  return ofEvents.has(first) ? createEvents(sink) : createPage(sink.foreign);
}

/** Where the first character stands that is neither white space nor of a byte order mark. */
function firstSign(chunk: Buffer): number {
  return chunk.findIndex((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
}

function createText(done: (text: string) => void): Body {
  const chunks: Buffer[] = [];
  return { push: (chunk) => void chunks.push(chunk), end: () => done(Buffer.concat(chunks).toString('utf8')) };
}

/** Needs no more than a page's beginning. */
function createPage(done: (text: string) => void): Body {
  let told = false;
  let beginning = Buffer.alloc(0);
  function end() {
    if (!told) done(beginning.toString('utf8'));
    told = true;
  }
  return {
    push(chunk) {
      if (told) return;
      beginning = Buffer.concat([beginning, chunk.subarray(0, bounds.refusalBytes)]);
      if (beginning.length >= bounds.refusalBytes) end();
    },
    end,
  };
}
