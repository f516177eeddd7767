import type { TokenizerAndRendererExtension, Tokens } from 'marked';

export interface MathsToken {
  type: 'maths';
  raw: string;
  tex: string;
  /** A line of its own. */
  display: boolean;
}

/** A longer formula is text. */
const mostChars = 2_000;

/** The formula from an opening mark to its closing one, both at most `mostChars` apart. */
function between(src: string, open: string, close: string): MathsToken | null {
  if (!src.startsWith(open)) return null;
  const end = src.slice(0, open.length + mostChars).indexOf(close, open.length);
  const tex = end < 0 ? '' : src.slice(open.length, end).trim();
  if (tex === '') return null;
  return { type: 'maths', raw: src.slice(0, end + close.length), tex, display: open === '$$' || open === '\\[' };
}

/**
 * Whether what stands between two dollars is a formula. Prices and shell variables are not: "$5 and $6", "$HOME/$USER".
 * A formula touches both of its marks, nothing that a number or name could go on with follows it, and where it is more
 * than one word it has a sign of mathematics.
 */
function isFormula(tex: string, after: string): boolean {
  if (tex.trim() !== tex || tex.includes('\n') || /^[0-9A-Za-z$]/.test(after)) return false;
  return /[\\^_=<>{}+*]/.test(tex) || /^[A-Za-z]'?$/.test(tex) || /^\d*[A-Za-z]$/.test(tex);
}

function inDollars(src: string): MathsToken | null {
  if (!src.startsWith('$') || src.startsWith('$$')) return null;
  const end = src.slice(0, mostChars).indexOf('$', 1);
  if (end < 2) return null;
  const tex = src.slice(1, end);
  if (!isFormula(tex, src.slice(end + 1, end + 2))) return null;
  return { type: 'maths', raw: src.slice(0, end + 1), tex, display: false };
}

/** Where the first of the marks stands before the next empty line. */
function firstOf(src: string, marks: readonly string[]): number | undefined {
  const far = src.slice(0, 2 * mostChars);
  const end = far.indexOf('\n\n');
  const near = end < 0 ? far : far.slice(0, end);
  const found = marks.map((mark) => near.indexOf(mark)).filter((at) => at >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}

function blockMaths(src: string): MathsToken | null {
  const found = between(src, '$$', '$$') ?? between(src, '\\[', '\\]');
  if (!found) return null;
  const rest = /^[ \t]*(?:\n|$)/.exec(src.slice(found.raw.length));
  return rest && { ...found, raw: found.raw + rest[0] };
}

function inlineMaths(src: string): MathsToken | null {
  return between(src, '$$', '$$') ?? between(src, '\\(', '\\)') ?? between(src, '\\[', '\\]') ?? inDollars(src);
}

function asToken(found: MathsToken | null): Tokens.Generic | undefined {
  return found ? { ...found } : undefined;
}

/** `$$…$$`, `\[…\]`, `\(…\)` and `$…$` as tokens of their own. */
export const mathsExtensions: TokenizerAndRendererExtension[] = [
  {
    name: 'maths',
    level: 'block',
    start: (src) => firstOf(src, ['\n$$', '\n\\[']),
    tokenizer: (src) => asToken(blockMaths(src)),
  },
  {
    name: 'mathsInline',
    level: 'inline',
    start: (src) => firstOf(src, ['$', '\\(', '\\[']),
    tokenizer: (src) => asToken(inlineMaths(src)),
  },
];
