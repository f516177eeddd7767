import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { LinkError } from '../link.ts';

/** The receiver of a decoded answer. */
export interface DecodedSink {
  data(chunk: Buffer): void;
  /** The decoder takes more, after `push` has given false. */
  drained(): void;
  /** All of it has been decoded. */
  end(): void;
  /** The answer cannot be decoded; no further call follows. */
  failed(error: LinkError): void;
}

/** Takes content codings off an answer while it arrives. */
export interface Decoder {
  /** False where it wants no more until `drained` is called. */
  push(chunk: Buffer): boolean;
  /** The end of the answer. */
  end(): void;
  stop(): void;
}

/** Codings of one answer: each has a window of its own in memory. */
const mostCodings = 3;
/** Bytes an answer may have when it is decoded, however few arrived; more than a message may have. */
const freeBytes = 64 * 1024 * 1024;
/** Bytes that each byte which arrived may become beyond that. */
const mostGrowth = 100;
/** The window that RFC 9659 grants zstd over HTTP: 8 MB. */
const zstdWindowLog = 23;
const chunkBytes = 64 * 1024;

// A cut-off answer is recognised by its content, so the end of the coded bytes is no error.
const sync = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: chunkBytes };
const { BROTLI_OPERATION_FLUSH: flush, ZSTD_e_continue, ZSTD_d_windowLogMax } = constants;
const brotli = { flush, finishFlush: flush, chunkSize: chunkBytes };
const zstd = {
  flush: ZSTD_e_continue,
  finishFlush: ZSTD_e_continue,
  chunkSize: chunkBytes,
  params: { [ZSTD_d_windowLogMax]: zstdWindowLog },
};

/** By coding: the stream that takes it off; `first` is the beginning of what is coded. */
const readers = {
  gzip: () => createGunzip(sync),
  'x-gzip': () => createGunzip(sync),
  // Some servers mean the bare format by it; the header of the other one has method 8.
  deflate: (first: Buffer) => (((first[0] ?? 0) & 0x0f) === 8 ? createInflate(sync) : createInflateRaw(sync)),
  br: () => createBrotliDecompress(brotli),
  zstd: () => createZstdDecompress(zstd),
} satisfies Record<string, (first: Buffer) => Transform>;

type Coding = keyof typeof readers;

function isReadable(name: string): name is Coding {
  return Object.hasOwn(readers, name);
}

/** The codings that a `Content-Encoding` names, in the order they were applied; none for `identity`. */
export function codingsOf(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  return String(header)
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
}

/** Whether bytes begin as JSON, an event stream or a page does: a byte order mark, white space, or a sign of ASCII. */
function beginsAsText([first = 0]: Buffer): boolean {
  return first === 0xef || (first >= 0x09 && first <= 0x0d) || (first >= 0x20 && first < 0x7f);
}

/**
 * The reason why an answer with these codings and this start is not read; null where it is. A header for plain text
 * that means something else ("utf-8", "none") is ignored, as HTTP clients do.
 */
function unreadable(codings: readonly string[], first: Buffer): string | null {
  const unknown = codings.find((name) => !isReadable(name));
  if (unknown !== undefined) {
    if (codings.length === 1 && beginsAsText(first)) return null;
    return `The server's answer has the content coding "${unknown.slice(0, 40)}", which the hub does not read: it reads gzip, deflate, br and zstd.`;
  }
  if (codings.length <= mostCodings) return null;
  return `The server's answer has ${codings.length} content codings; the hub takes off ${mostCodings} at most.`;
}

/**
 * Decodes an answer while it arrives: memory is that of the codings' windows, and an answer that grows beyond its
 * bounds fails. An unreadable one fails with its first byte, because there may be none.
 */
export function createDecoder(codings: readonly string[], sink: DecodedSink): Decoder {
  let arrived = 0;
  let over = false;
  function stop() {
    over = true;
    outermost.stop();
  }
  function failed(text: string, code: 'protocol' | 'too_large' = 'protocol') {
    if (over) return;
    stop();
    sink.failed(new LinkError(code, text));
  }
  // Each coding counts: one may make much of little, and the next one nothing of much.
  function grown(bytes: number) {
    if (bytes <= freeBytes + arrived * mostGrowth) return;
    failed(`The server's answer of ${arrived} bytes has more than ${bytes} when it is decoded.`, 'too_large');
  }
  const outermost = codings
    .filter(isReadable)
    .reduce<Stage>((to, coding) => createStage(coding, to, { grown, failed }), {
      push(chunk) {
        if (!over) sink.data(chunk);
        return true;
      },
      end() {
        if (!over) sink.end();
      },
      stop: () => {},
      onDrain: () => {},
    });
  outermost.onDrain(() => {
    if (!over) sink.drained();
  });
  return {
    push(chunk) {
      const refusal = arrived === 0 ? unreadable(codings, chunk) : null;
      if (refusal !== null) failed(refusal);
      if (over) return true;
      arrived += chunk.length;
      return outermost.push(chunk);
    },
    end() {
      if (!over) outermost.end();
    },
    stop,
  };
}

interface Stage extends Decoder {
  onDrain(drained: () => void): void;
}

/** Takes one coding off; its stream is made with the first bytes, for an answer may have none. */
function createStage(
  coding: Coding,
  to: Stage,
  told: { grown(bytes: number): void; failed(text: string): void },
): Stage {
  let stream: Transform | null = null;
  let drained: () => void = () => {};
  let bytes = 0;
  function open(first: Buffer): Transform {
    const opened = readers[coding](first);
    opened.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      told.grown(bytes);
      if (!to.push(chunk)) opened.pause();
    });
    opened.on('drain', () => drained());
    opened.on('end', () => to.end());
    opened.on('error', (error) => told.failed(`The server's answer is not the ${coding} it says: ${error.message}.`));
    return opened;
  }
  to.onDrain(() => stream?.resume());
  return {
    push(chunk) {
      stream ??= open(chunk);
      return stream.write(chunk);
    },
    end() {
      if (stream === null) to.end();
      else stream.end();
    },
    stop() {
      stream?.destroy();
      to.stop();
    },
    onDrain(listener) {
      drained = listener;
    },
  };
}
