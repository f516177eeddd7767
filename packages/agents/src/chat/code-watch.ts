import { isSpace } from './markup.ts';

/** Knows of a text that arrives in pieces whether its end is inside of code. */
export interface CodeWatch {
  see(text: string): void;
  isInCode(): boolean;
}

interface OpenFence {
  char: string;
  length: number;
  isFence: boolean;
  /** It was opened in this line. */
  isNew: boolean;
}

const leastOfFence = 3;

/** The characters before a fence that is quoted, or in a list. */
function isMarker(char: string): boolean {
  return '>-*+.)'.includes(char) || (char >= '0' && char <= '9');
}

/**
 * Follows fenced blocks and inline code of Markdown. It goes by what came so far, as nobody knows what follows: inline code
 * that is not closed lasts to the end of its line, a fence to the end of the text.
 */
export function createCodeWatch(): CodeWatch {
  let open: OpenFence | null = null;
  /** Adjacent backticks or tildes, and whether a fence may start or end with them. */
  let run = { char: '', length: 0, isFirst: false };
  /** Only markers came in this line. */
  let isAtStart = true;
  let before = '\n';
  let isEscaped = false;
  /** This line ends the fence, where nothing else comes in it. */
  let isClosing = false;

  function endRun() {
    const { char, length, isFirst } = run;
    if (length === 0) return;
    run = { char: '', length: 0, isFirst: false };
    const mayBeFence = isFirst && length >= leastOfFence;
    if (open === null) {
      if (mayBeFence || char === '`') open = { char, length, isFence: mayBeFence, isNew: true };
      return;
    }
    // A fence of backticks has none behind it in its line: this is inline code.
    if (open.isNew && open.char === '`' && char === '`') open.isFence = false;
    if (open.isFence) isClosing = !open.isNew && isFirst && char === open.char && length >= open.length;
    else if (char === open.char && length === open.length) open = null;
  }
  function endLine() {
    if (open !== null && (!open.isFence || isClosing)) open = null;
    if (open !== null) open.isNew = false;
    isAtStart = true;
    isClosing = false;
    isEscaped = false;
  }
  function look(char: string) {
    // In code, a backslash is one.
    if (!isEscaped && (char === '`' || char === '~')) {
      if (run.char !== char) {
        endRun();
        run = { char, length: 0, isFirst: isAtStart && (isSpace(before) || before === '>') };
      }
      run.length += 1;
      isAtStart = false;
      return;
    }
    endRun();
    if (char === '\n') return endLine();
    isEscaped = char === '\\' && !isEscaped && open === null;
    if (isSpace(char)) return;
    isClosing = false;
    isAtStart &&= open?.isFence === true ? char === '>' : isMarker(char);
  }
  return {
    see(text) {
      for (const char of text) {
        look(char);
        before = char;
      }
    },
    isInCode() {
      endRun();
      return open !== null;
    },
  };
}
