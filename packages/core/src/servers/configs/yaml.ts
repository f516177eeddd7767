import { isAlias, isMap, isScalar, isSeq, Lexer, parseDocument, type Node } from 'yaml';
import { say } from '../../reasons.ts';
import { createBudget, deepest, unreadable, type Budget, type ConfigValue } from './value.ts';

/** Longer texts cost the parser more than a config is worth. */
const longest = 131_072;

/**
 * YAML, as Goose, Continue and LibreChat keep their servers in; one document. Anchors and aliases are followed, as
 * long as what they stand for stays small. Throws `invalid` with the place and what is wrong there.
 */
export function readYaml(text: string, most = longest): ConfigValue {
  if (text.length > most) throw unreadable(say('configTooLong', { size: most / 1_024 }));
  assertShallow(text);
  // Looking for keys that stand twice takes the parser time that grows with the square of their number.
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error) {
    const [{ line, col } = { line: 1, col: 1 }] = error.linePos ?? [];
    const what = (error.message.split('\n', 1)[0] ?? '').split(' at line ', 1)[0] ?? '';
    throw unreadable(say('configInvalid', { format: 'YAML', line, column: col, what }));
  }
  return valueOf(document.contents, { budget: createBudget(), anchors: new Map() });
}

interface Reading {
  budget: Budget;
  /** What stood under each anchor before the place that is read. */
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

/** The parser calls itself for every level, and takes its time with many. */
function assertShallow(text: string): void {
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (depth > deepest) throw unreadable(say('configTooDeep', { most: deepest }));
  }
}
