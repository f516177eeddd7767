import { stripVTControlCharacters } from 'node:util';
import type { LogLevel } from '../../types.ts';
import { createAllowance } from '../allowance.ts';
import { LineSplitter } from './lines.ts';

export interface OutputLog {
  /** Takes bytes of a stream that holds nothing but log text. */
  push: (chunk: Buffer) => void;
  /** Takes one whole line. */
  line: (bytes: Buffer) => void;
  /** Tells the unfinished line and what was dropped. */
  end: () => void;
}

export interface OutputLogOptions {
  log: (level: LogLevel, text: string) => void;
  /** The level of every line, or null to guess it from the text. */
  level: LogLevel | null;
  now?: () => number;
}

const lineLimit = 4_096;
const burstLines = 500;
const linesPerSecond = 100;

/** Turns a child's output into log lines: at most 500 at once and 100 a second, the rest is counted and dropped. */
export function createOutputLog(options: OutputLogOptions): OutputLog {
  const allowance = createAllowance(burstLines, linesPerSecond, options.now ?? (() => performance.now()));
  let dropped = 0;
  let droppedBytes = 0;
  let previous: LogLevel = 'info';
  let reporter: NodeJS.Timeout | null = null;

  function report() {
    if (reporter !== null) clearTimeout(reporter);
    reporter = null;
    if (dropped === 0) return;
    options.log('warn', `${dropped} more lines (${droppedBytes} bytes) came too fast and were dropped.`);
    dropped = 0;
    droppedBytes = 0;
  }

  function line(bytes: Buffer, cut = 0) {
    if (!allowance.ready()) {
      dropped += 1;
      droppedBytes += bytes.length + cut;
      reporter ??= setTimeout(report, 1_000).unref();
      return;
    }
    const whole = bytes.length > lineLimit ? bytes.subarray(0, lineLimit) : bytes;
    const left = cut + bytes.length - whole.length;
    const text = stripVTControlCharacters(whole.toString('utf8')).trimEnd();
    if (text === '') return;
    allowance.spend();
    report();
    previous = options.level ?? guessLevel(text, previous);
    options.log(previous, left > 0 ? `${text} … (${left} more bytes)` : text);
  }

  const splitter = new LineSplitter({
    limit: lineLimit,
    carriageReturns: true,
    line: (bytes) => line(bytes),
    oversize: ({ bytes, head }) => line(head, bytes - head.length),
  });

  return {
    push: (chunk) => splitter.push(chunk),
    line: (bytes) => line(bytes),
    end: () => {
      splitter.end();
      report();
    },
  };
}

const levelPatterns: readonly [LogLevel, RegExp][] = [
  ['error', /\b(?:error|err|fatal|panic|critical|exception|traceback)\b|(?:Error|Exception):/i],
  ['warn', /\bwarn(?:ing)?\b/i],
  ['debug', /\b(?:debug|trace|verbose)\b/i],
];

/** Guesses a log level from a line's beginning; an indented line (a stack trace) goes with the line before it. */
export function guessLevel(text: string, previous: LogLevel = 'info'): LogLevel {
  if (/^\s/.test(text)) return previous;
  // Addresses of packages hold words of all kinds.
  if (text.startsWith('npm http ')) return text.includes(' failed with ') ? 'warn' : 'debug';
  const start = text.slice(0, 160);
  return levelPatterns.find(([, words]) => words.test(start))?.[0] ?? 'info';
}
