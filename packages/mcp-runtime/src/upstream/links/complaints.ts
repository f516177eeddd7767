import type { Reason } from '../../reasons.ts';
import { guessLevel } from './output-log.ts';
import { causeOf } from './start-causes.ts';

/** Lines that are kept, and characters of each. */
const mostLines = 100;
const longest = 1_000;

/** Lines that say that something failed, and not what; and what the hub says of lines that it dropped. */
const noCause =
  /^\d+ more lines \(|^(?:Run|See|Try) '[^']{1,60} --help'|^npm (?:notice|http)\b|^npm (?:error|ERR!) (?:A complete log of this run|code |errno |syscall )/;

export interface Complaints {
  /** Takes a line of the error output. */
  line(text: string): void;
  /** Why the program cannot start, in words; null where nothing known was said. */
  cause(): Reason | string | null;
  /** The best explanation of the program's end: the cause, else the last error, else the last line. */
  best(): Reason | string;
}

/** Remembers the end of a program's error output. */
export function createComplaints(command: string): Complaints {
  const lines: string[] = [];
  let lastLine = '';
  let lastError = '';
  function cause() {
    return causeOf(lines, command);
  }
  return {
    line(text) {
      const kept = text.slice(0, longest);
      lines.push(kept);
      if (lines.length > mostLines) lines.shift();
      if (/^\s/.test(kept) || noCause.test(kept)) return;
      lastLine = kept;
      if (guessLevel(kept) === 'error') lastError = kept;
    },
    cause,
    best: () => cause() ?? (lastError || lastLine),
  };
}
