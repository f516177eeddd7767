import type { Parser, Tree } from '@lezer/common';
import { classHighlighter, highlightCode } from '@lezer/highlight';

export interface Piece {
  text: string;
  /** Null for plain text. */
  className: string | null;
}

/** Longer code is shown in one colour. */
const mostChars = 50_000;
/** As is code that takes longer than this to read. */
const mostMs = 40;

function parseWithin(parser: Parser, code: string): Tree | null {
  const until = performance.now() + mostMs;
  const parse = parser.startParse(code);
  for (;;) {
    const tree = parse.advance();
    if (tree) return tree;
    if (performance.now() > until) return null;
  }
}

/** Code in pieces of one look each; null where it stays in one colour. */
export function highlight(code: string, parser: Parser): Piece[] | null {
  if (code.length > mostChars) return null;
  const tree = parseWithin(parser, code);
  if (!tree) return null;
  const pieces: Piece[] = [];
  function put(text: string, classes: string) {
    pieces.push({ text, className: classes === '' ? null : classes });
  }
  highlightCode(code, tree, classHighlighter, put, () => put('\n', ''));
  return pieces;
}
