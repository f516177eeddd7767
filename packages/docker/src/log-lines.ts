import { StringDecoder } from 'node:string_decoder';
import type { Frame, OutputStream } from './frames.ts';

export interface LogLine {
  stream: OutputStream;
  /** When the engine took it, RFC 3339 with nanoseconds; null where it did not say. */
  time: string | null;
  text: string;
}

/** A longer line is told in pieces of this many characters. */
const LONGEST_LINE = 1024 * 1024;
const STAMP_BYTES = 64;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;

interface Pending {
  time: string | null;
  text: string;
  decoder: StringDecoder;
}

/**
 * Puts log frames with timestamps together to lines. The engine cuts long lines into several entries and stamps each of
 * them, so only a stamp at the beginning of a frame is one.
 */
export function createLineReader(options: { framed: boolean }): { push(frame: Frame): LogLine[]; end(): LogLine[] } {
  const pending = new Map<OutputStream, Pending>();

  const flush = (stream: OutputStream, state: Pending, text: string): LogLine => {
    const line = { stream, time: state.time, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    state.time = null;
    return line;
  };

  const push = ({ stream, data }: Frame): LogLine[] => {
    const state = pending.get(stream) ?? { time: null, text: '', decoder: new StringDecoder('utf8') };
    pending.set(stream, state);
    const lines: LogLine[] = [];
    // Before decoding: a character may be cut in two, with the next entry's stamp in between.
    const bytes = options.framed ? data.subarray(takeStamp(data.toString('latin1', 0, STAMP_BYTES), state)) : data;
    const pieces = state.decoder.write(bytes).split('\n');
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const whole = state.text + piece;
      state.text = '';
      lines.push(flush(stream, state, options.framed ? whole : withoutStamp(whole, state)));
    }
    state.text += rest;
    if (state.text.length > LONGEST_LINE) {
      const whole = options.framed ? state.text : withoutStamp(state.text, state);
      state.text = '';
      lines.push({ stream, time: state.time, text: whole });
    }
    return lines;
  };

  return {
    push,
    end: () =>
      [...pending].flatMap(([stream, state]) => {
        const text = state.text + state.decoder.end();
        state.text = '';
        return text === '' ? [] : [flush(stream, state, options.framed ? text : withoutStamp(text, state))];
      }),
  };
}

function withoutStamp(text: string, state: Pending): string {
  return text.slice(takeStamp(text.slice(0, STAMP_BYTES), state));
}

/** Remembers the first stamp of a line; tells how long it is. */
function takeStamp(start: string, state: Pending): number {
  const match = STAMP.exec(start);
  if (match === null) return 0;
  state.time ??= match[1] ?? null;
  return match[0].length;
}
