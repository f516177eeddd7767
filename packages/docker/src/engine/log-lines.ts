import { StringDecoder } from 'node:string_decoder';
import type { Frame, OutputStream } from './frames.ts';

export interface LogLine {
  stream: OutputStream;
  /** When the engine took it, RFC 3339 with nanoseconds; null where it did not say. */
  time: string | null;
  text: string;
}

export interface LineReader {
  push(frame: Frame): LogLine[];
  end(): LogLine[];
}

/** The most characters of one piece of a longer line. */
const longestLine = 1024 * 1024;
const stampBytes = 64;
const stampPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;
/** The most bytes of a longer line that the engine stores as one entry. */
const entryBytes = 16 * 1024;
const space = 32;
const newLine = 10;

interface Pending {
  time: string | null;
  text: string;
  decoder: StringDecoder;
}

/**
 * Joins log output to lines. The engine splits long lines into several entries and, with `stamped`, writes a time
 * before each of them: only there a time is the engine's. Framed output has one entry a frame; the output of a terminal
 * has no such marks, and its entries are recognised by their length.
 */
export function createLineReader({ framed, stamped }: { framed: boolean; stamped: boolean }): LineReader {
  const pending = new Map<OutputStream, Pending>();
  const entries = framed || !stamped ? null : createEntryReader();

  function take(stream: OutputStream, bytes: Buffer, stamp: string | null): LogLine[] {
    const state = pending.get(stream) ?? { time: null, text: '', decoder: new StringDecoder('utf8') };
    pending.set(stream, state);
    state.time ??= stamp;
    const pieces = state.decoder.write(bytes).split('\n');
    const rest = pieces.pop() ?? '';
    const lines = pieces.map((piece) => {
      const line = { stream, time: state.time, text: withoutReturn(state.text + piece) };
      state.text = '';
      state.time = null;
      return line;
    });
    state.text += rest;
    if (state.text.length > longestLine) {
      lines.push({ stream, time: state.time, text: state.text });
      state.text = '';
    }
    return lines;
  }

  return {
    push: ({ stream, data }) => {
      if (entries !== null) return entries.push(data).flatMap(({ bytes, stamp }) => take(stream, bytes, stamp));
      // Before decoding: a character may be cut in two, with the next entry's stamp in between.
      const { bytes, stamp } = stamped ? withoutStamp(data) : { bytes: data, stamp: null };
      return take(stream, bytes, stamp);
    },
    end: () => [
      ...(entries?.end() ?? []).flatMap(({ bytes, stamp }) => take('stdout', bytes, stamp)),
      ...[...pending].flatMap(([stream, state]) => {
        const text = state.text + state.decoder.end();
        return text === '' ? [] : [{ stream, time: state.time, text: withoutReturn(text) }];
      }),
    ],
  };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** Bytes that follow one another in an entry, and the time before them where they are its first. */
interface LogPiece {
  bytes: Buffer;
  stamp: string | null;
}

function withoutStamp(data: Buffer): LogPiece {
  const match = stampPattern.exec(data.toString('latin1', 0, stampBytes));
  if (match === null) return { bytes: data, stamp: null };
  return { bytes: data.subarray(match[0].length), stamp: match[1] ?? null };
}

/** Takes the stamps out of a terminal's output, whose entries end with a line or at the length of an entry. */
function createEntryReader(): { push(data: Buffer): LogPiece[]; end(): LogPiece[] } {
  /** The beginning of an entry, as far as it may still be a stamp; null within an entry. */
  let head: Buffer | null = Buffer.alloc(0);
  let left = entryBytes;

  /** The rest of an entry, as far as it has arrived; the bytes behind it stay in `data`. */
  function within(data: Buffer): { bytes: Buffer; ended: boolean } {
    const line = data.subarray(0, left).indexOf(newLine);
    const bytes = data.subarray(0, line === -1 ? left : line + 1);
    left -= bytes.length;
    return { bytes, ended: line !== -1 || left === 0 };
  }

  return {
    push: (data) => {
      const pieces: LogPiece[] = [];
      for (let rest = data; rest.length > 0;) {
        let stamp: string | null = null;
        if (head !== null) {
          const begun: Buffer = head.length === 0 ? rest : Buffer.concat([head, rest]);
          const start = begun.subarray(0, stampBytes);
          if (start.length < stampBytes && !start.includes(space) && !start.includes(newLine)) {
            head = begun;
            break;
          }
          head = null;
          left = entryBytes;
          ({ bytes: rest, stamp } = withoutStamp(begun));
        }
        const { bytes, ended } = within(rest);
        pieces.push({ bytes, stamp });
        rest = rest.subarray(bytes.length);
        if (ended) head = Buffer.alloc(0);
      }
      return pieces;
    },
    end: () => (head === null || head.length === 0 ? [] : [withoutStamp(head)]),
  };
}
