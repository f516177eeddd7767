import { clockTime } from './format.ts';

/** A line that a container wrote. */
export interface OutputLine {
  seq: number;
  /** RFC 3339. */
  time: string | null;
  clock: string;
  stream: string;
  /** Which of several containers wrote it. */
  source: string | null;
  text: string;
}

export interface RawLine {
  time: string | null;
  stream: string;
  text: string;
}

export const keptLines = 5000;

// Colours and cursor movements, which programs write for terminals.
// oxlint-disable-next-line no-control-regex -- that is what an escape sequence is
const escapes = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;

/** Adds what came to what is shown, the newest kept. */
export function addLines<Line extends RawLine>(
  old: readonly OutputLine[],
  more: readonly Line[],
  sourceOf: (line: Line) => string | null,
): OutputLine[] {
  let seq = old.at(-1)?.seq ?? 0;
  const lines = more.map((line): OutputLine => {
    seq += 1;
    const { time, stream } = line;
    const clock = time === null ? '' : clockTime(Date.parse(time));
    const text = line.text
      .replace(escapes, '')
      .replace(/\r$/, '')
      .replace(/^[^]*\r/, '');
    return { seq, time, clock, stream, source: sourceOf(line), text };
  });
  return [...old, ...lines].slice(-keptLines);
}

export function toPlainText(lines: readonly OutputLine[]): string {
  return lines.map(({ time, source, text }) => [time, source, text].filter(Boolean).join(' ')).join('\n');
}
