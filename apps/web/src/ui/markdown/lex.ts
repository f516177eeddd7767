import { Lexer, Marked, Tokenizer, type MarkedToken, type Token } from 'marked';
import { mathsExtensions, type MathsToken } from './maths.ts';

/** What the renderer knows; a token of another type is shown as its text. */
export type MarkdownToken = MarkedToken | MathsToken;

export interface Lexed {
  blocks: MarkdownToken[];
  /** Addresses that the text names once and uses by name: where these change, every block may. */
  links: string;
  /** What a run of text consists of, found out when it is first asked for. */
  inline(tokens: Token[]): MarkdownToken[];
}

/** A longer text is shown as it is. */
const mostChars = 200_000;
/** So many blocks, entries of lists and cells of tables. */
const mostParts = 10_000;
/** Blocks within blocks, and emphasis within emphasis: deeper ones are text. */
const mostNested = 12;
/** A longer run without a line between is text. */
const mostInlineChars = 50_000;
/** Emphasis takes marks times length: 4 ms at this product. Seven pages in one paragraph stay below it. */
const mostMarksTimesLength = 1_000_000;

const options = new Marked({ gfm: true, extensions: mathsExtensions }).defaults;

type Rule<Args extends unknown[], Result> = (...args: Args) => Result | undefined;

/** A tokenizer that goes only so deep; the lexer calls itself for what stands within a block or emphasis. */
function boundedTokenizer(): Tokenizer {
  const tokenizer = new Tokenizer(options);
  function bounded<Args extends unknown[], Result>(rule: Rule<Args, Result>): Rule<Args, Result> {
    let depth = 0;
    return (...args) => {
      if (depth >= mostNested) return undefined;
      depth += 1;
      try {
        return rule.apply(tokenizer, args);
      } finally {
        depth -= 1;
      }
    };
  }
  tokenizer.blockquote = bounded(tokenizer.blockquote.bind(tokenizer));
  tokenizer.list = bounded(tokenizer.list.bind(tokenizer));
  tokenizer.emStrong = bounded(tokenizer.emStrong.bind(tokenizer));
  tokenizer.del = bounded(tokenizer.del.bind(tokenizer));
  tokenizer.link = bounded(tokenizer.link.bind(tokenizer));
  return tokenizer;
}

function marksIn(text: string): number {
  let marks = 0;
  for (const char of text) if (char === '*' || char === '_' || char === '~') marks += 1;
  return marks;
}

function isTooCostly(text: string): boolean {
  return text.length > mostInlineChars || marksIn(text) * text.length > mostMarksTimesLength;
}

function partsIn(tokens: readonly MarkdownToken[]): number {
  let parts = tokens.length;
  for (const token of tokens) {
    if (token.type === 'list') {
      parts += token.items.length;
      for (const item of token.items) parts += partsIn(item.tokens as MarkdownToken[]);
    } else if (token.type === 'blockquote') {
      parts += partsIn(token.tokens as MarkdownToken[]);
    } else if (token.type === 'table') {
      parts += (token.rows.length + 1) * token.header.length;
    }
  }
  return parts;
}

function lexWithin(text: string): Lexed | null {
  const lexer = new Lexer({ ...options, tokenizer: boundedTokenizer() });
  const blocks = lexer.blockTokens(text.replaceAll('\r\n', '\n'), []) as MarkdownToken[];
  if (partsIn(blocks) > mostParts) return null;
  const runs = new Map(lexer.inlineQueue.map(({ tokens, src }) => [tokens, src]));
  return {
    blocks,
    links: JSON.stringify(lexer.tokens.links),
    inline(tokens) {
      const text = runs.get(tokens);
      if (text === undefined) return tokens as MarkdownToken[];
      runs.delete(tokens);
      if (isTooCostly(text)) tokens.push({ type: 'text', raw: text, text });
      else lexer.inlineTokens(text, tokens);
      return tokens as MarkdownToken[];
    },
  };
}

/** The blocks of a Markdown text; null where it is to be shown as it is: too long, or made to be costly. */
export function lexMarkdown(text: string): Lexed | null {
  if (text.length > mostChars) return null;
  try {
    return lexWithin(text);
  } catch {
    return null;
  }
}
