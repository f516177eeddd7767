import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser, type Document, type Node } from 'yaml';
import type { DomainError } from '../../errors.ts';
import { say } from '../../reasons.ts';
import { createBudget, deepest, unreadable, type Budget, type ConfigValue } from './value.ts';

/** Longer texts cost the parser more than a config is worth. */
const longest = 131_072;

/** The most words, signs, spaces and line ends of the longest file, with room. */
const mostTokens = 300_000;

/**
 * YAML, in which Goose, Continue and LibreChat keep their servers; one document. Anchors and aliases are expanded
 * within a bound. Throws `invalid` with the place and the problem.
 */
export function readYaml(text: string, most = longest): ConfigValue {
  if (text.length > most) throw unreadable(say('configTooLong', { size: most / 1_024 }));
  assertSmall(text);
  return valueOf(compose(text)?.contents, { budget: createBudget(), anchors: new Map() });
}

function wrongAt(text: string, offset: number, what: string) {
  const lines = text.slice(0, offset).split('\n');
  const [line, column] = [lines.length, (lines.at(-1) ?? '').length + 1];
  const [first = ''] = what.split('\n', 1);
  return unreadable(say('configInvalid', { format: 'YAML', line, column, what: first }));
}

/** The place of an error from the composer: an offset, two of them, or a token. */
type ErrorPosition = number | readonly number[] | { offset: number };

function offsetOf(place: ErrorPosition): number {
  if (typeof place === 'number') return place;
  return 'offset' in place ? place.offset : (place[0] ?? 0);
}

/** Ends at the first thing that is wrong: a hostile text has one in each of its words, and each costs an error. */
function compose(text: string): Document | null {
  // The parser's search for repeated keys takes time that grows with the square of their number.
  const composer = new Composer({ uniqueKeys: false, logLevel: 'error', prettyErrors: false });
  // The composer catches an error that is thrown at a tag, and reports it as one of its own.
  let first: DomainError | null = null;
  function onError(place: ErrorPosition, _code: string, message: string, isWarning?: boolean): void {
    if (!isWarning) throw (first ??= wrongAt(text, offsetOf(place), message));
  }
  Object.assign(composer, { onError });
  const documents: Document[] = [];
  let begun = 0;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') throw wrongAt(text, token.offset, token.message);
    if (token.type === 'doc-end' && begun === 0) throw wrongAt(text, token.offset, 'Unexpected end of a document');
    if (token.type === 'document') begun += 1;
    if (begun > 1) throw wrongAt(text, token.offset, 'There is more than one document');
    documents.push(...composer.next(token));
  }
  documents.push(...composer.end(true, text.length));
  const [document] = documents;
  const [error] = document?.errors ?? [];
  if (error) throw wrongAt(text, error.pos[0], error.message);
  return document ?? null;
}

interface Reading {
  budget: Budget;
  /** The node of each anchor before the place that is read. */
  anchors: Map<string, Node>;
}

function valueOf(node: unknown, reading: Reading, depth = 0): ConfigValue {
  const { budget, anchors } = reading;
  budget.spend(depth);
  if (isAlias(node)) {
    const meant = anchors.get(node.source);
    if (!meant) throw unreadable(say('configMentions', { name: node.source }));
    return valueOf(meant, reading, depth + 1);
  }
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
  if (isSeq(node)) return node.items.map((item) => valueOf(item, reading, depth + 1));
  if (isMap(node)) {
    return {
      pairs: node.items.map(({ key, value }) => [
        keyOf(valueOf(key, reading, depth + 1)),
        valueOf(value, reading, depth + 1),
      ]),
    };
  }
  const value: unknown = isScalar(node) ? node.value : null;
  const isPlain = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
  return isPlain ? value : null;
}

function keyOf(key: ConfigValue): string {
  if (typeof key !== 'object') return String(key);
  throw unreadable(say('configOddKey'));
}

/** Tokens of the lexer that stand for no text. */
const withoutText: ReadonlySet<string> = new Set(['\u{feff}', '\u{2}', '\u{18}', '\u{1f}']);

/** Levels of blocks, by the columns at which they begin; one of `-` and `?` begins another on the same line. */
function createBlocks() {
  const columns: number[] = [];
  let column = 0;
  let isFirst = true;
  return {
    get depth() {
      return columns.length;
    },
    /** `counts`: it may begin a level. */
    take(token: string, counts: boolean): void {
      const line = token.lastIndexOf('\n');
      const isSpace = token.trim() === '';
      if (counts && !isSpace && (isFirst || token === '-' || token === '?')) {
        while ((columns.at(-1) ?? -1) >= column) columns.pop();
        columns.push(column);
      }
      if (!isSpace) isFirst = false;
      if (line >= 0) isFirst = true;
      column = line >= 0 ? token.length - line - 1 : column + token.length;
    },
  };
}

/** The parser calls itself for every level, and takes its time with many; it keeps an object for every token. */
function assertSmall(text: string): void {
  const blocks = createBlocks();
  let depth = 0;
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > mostTokens) throw unreadable(say('configTokens', { most: mostTokens }));
    if (withoutText.has(token)) continue;
    // Within brackets, lines may begin anywhere.
    blocks.take(token, depth === 0);
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (depth + blocks.depth > 2 * deepest || depth > deepest)
      throw unreadable(say('configTooDeep', { most: deepest }));
  }
}
