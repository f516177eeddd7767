import type { Readable, Writable } from 'node:stream';
import type { JsonRpcMessage, LogLevel } from '../../types.ts';
import { LinkError, type LinkContext, type LinkEvents } from '../link.ts';
import { createComplaints } from './complaints.ts';
import { admit } from './gate.ts';
import { guarded } from './guarded.ts';
import { LineSplitter } from './lines.ts';
import { createOutputLog } from './output-log.ts';
import { downloadSigns } from './package-runners.ts';
import { createReceiver, unrelated } from './receiver.ts';

/** Most characters that wait for a child which does not read its input. */
const waitingLimit = 16 * 1024 * 1024;
/** Log text read per window; a child that writes more has to wait. */
const logBytes = 2 * 1024 * 1024;
const logWindowMs = 100;
/** A longer line will have no end: everything behind it would be lost. */
const endlessBytes = 256 * 1024 * 1024;

/** Characters of a line that is quoted. */
const quoted = 120;

export interface MessageReader {
  /** Tells the unfinished last line. */
  end(): void;
  /** The beginning of the first line that was no message; null where there was none. */
  stray(): string | null;
}

/**
 * Reads messages from a child's output; lines that are none are logged. `onFault` gets the reason why the child has to
 * be ended: its output cannot be read.
 */
export function readMessages(
  stdout: Readable,
  context: LinkContext,
  events: LinkEvents,
  onFault: (why: string) => void,
): MessageReader {
  let stray: string | null = null;
  const garbage = createOutputLog({ level: 'warn', log: (level, text) => events.log(level, 'stdout', text) });
  const sink = unrelated(events);
  const slow = createThrottle(stdout);
  const splitter = new LineSplitter({
    limit: context.messageLimit,
    carriageReturns: false,
    line: (bytes) => {
      const text = bytes.toString('utf8');
      if ((text.startsWith('{') || /^\s*[{[]/.test(text)) && admit(text, sink)) return;
      if (stray === null && text.trim() !== '') stray = text.trim().slice(0, quoted).toWellFormed();
      garbage.line(bytes);
      slow(bytes.length);
    },
    oversize: createReceiver(context, events).oversize,
    endless: {
      bytes: endlessBytes,
      tell: () => onFault(`The server wrote more than ${endlessBytes} bytes without the end of a line.`),
    },
  });
  stdout.on(
    'data',
    guarded((chunk: Buffer) => splitter.push(chunk), onFault),
  );
  stdout.on('error', () => {});
  const end = guarded(() => {
    splitter.end();
    garbage.end();
  }, onFault);
  return { end, stray: () => stray };
}

/**
 * Logs a child's stderr and keeps the best explanation of its end. `command` is the started command, where it is known:
 * a package manager reports its downloads.
 */
export function readComplaints(stderr: Readable, events: LinkEvents, onFault: (why: string) => void, command = '') {
  const complaints = createComplaints(command);
  const isDownload = downloadSigns(command);
  const output = createOutputLog({
    level: null,
    log: (level: LogLevel, text: string) => {
      complaints.line(text);
      events.log(level, 'stderr', text);
      if (isDownload(text)) events.downloading?.();
    },
  });
  const slow = createThrottle(stderr);
  function take(chunk: Buffer) {
    output.push(chunk);
    slow(chunk.length);
  }
  stderr.on('data', guarded(take, onFault));
  stderr.on('error', () => {});
  return { end: guarded(output.end, onFault), last: complaints.best, cause: complaints.cause };
}

/** Lets a stream that carries only log text rest when it brings more than anybody could read. */
function createThrottle(stream: Readable): (bytes: number) => void {
  let bytes = 0;
  let windowEnd = 0;
  return (more) => {
    const now = performance.now();
    if (now >= windowEnd) {
      bytes = 0;
      windowEnd = now + logWindowMs;
    }
    bytes += more;
    if (bytes < logBytes || stream.isPaused()) return;
    stream.pause();
    setTimeout(() => stream.resume(), windowEnd - now + 1);
  };
}

const done = Promise.resolve();
const separators = /[\u2028\u2029]/g;

/** A message as one line, also for servers whose line reader takes Unicode's separators for line ends (node:readline). */
function toLine(message: JsonRpcMessage): string {
  const text = JSON.stringify(message);
  return `${text.replace(separators, (found) => (found === '\u2028' ? '\\u2028' : '\\u2029'))}\n`;
}

export interface MessageWriter {
  write: (message: JsonRpcMessage) => Promise<void>;
  /** Ends the child's input. */
  end: () => void;
  /** Refuses what comes later with this error. */
  stop: (error: LinkError) => void;
}

/** Writes messages to a child; those of one turn of the event loop go out in one system call. */
export function writeMessages(stdin: Writable): MessageWriter {
  let queued = '';
  let stopped: LinkError | null = null;
  function flush() {
    const text = queued;
    queued = '';
    if (text !== '') stdin.write(text);
  }
  stdin.on('error', () => {
    stopped ??= new LinkError('closed', 'The program has closed its input.');
  });
  return {
    write: (message) => {
      if (stopped !== null) return Promise.reject(stopped);
      const text = toLine(message);
      const waiting = stdin.writableLength + queued.length;
      if (waiting > 0 && waiting + text.length > waitingLimit) {
        const reason = `The program does not read its input: ${waiting} bytes wait for it.`;
        return Promise.reject(new LinkError('unreachable', reason));
      }
      if (queued === '') setImmediate(flush);
      queued += text;
      return done;
    },
    end: () => {
      flush();
      stdin.end();
      stopped ??= new LinkError('closed', 'The server is being stopped.');
    },
    stop: (error) => {
      stopped = error;
      queued = '';
    },
  };
}
