import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { createBudget, deepest, unreadable, type Budget, type ConfigValue } from './value.ts';

/**
 * JSON as clients write it: comments and trailing commas may stand, and the outer braces may be missing, as in what
 * READMEs show. Throws `invalid` with the place and what is wrong there.
 */
export function readJson(text: string): ConfigValue {
  assertShallow(text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined && tree !== undefined) return valueOf(tree, createBudget());
  const whole = /^\s*"/.test(text) ? inBraces(text) : undefined;
  if (whole !== undefined) return valueOf(whole, createBudget());
  const before = text.slice(0, first?.offset ?? 0).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const what = (first && problems[printParseErrorCode(first.error)]) ?? 'stands something that does not belong there';
  throw unreadable(`It is not valid JSON: at ${place} ${what}.`);
}

function valueOf({ type, value, children = [] }: Node, budget: Budget, depth = 0): ConfigValue {
  budget.spend(depth);
  if (type === 'array') return children.map((child) => valueOf(child, budget, depth + 1));
  if (type !== 'object') return value as ConfigValue;
  return {
    pairs: children.flatMap(({ children: [key, inner] = [] }): [string, ConfigValue][] =>
      key && inner ? [[String(key.value), valueOf(inner, budget, depth + 1)]] : [],
    ),
  };
}

function inBraces(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(`{${text}}`, errors, { allowTrailingComma: true });
  return errors.length === 0 ? tree : undefined;
}

/** The parser calls itself for every level. */
function assertShallow(text: string): void {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > deepest) throw unreadable(`It is nested more than ${deepest} levels deep.`);
  }
}

const problems: Readonly<Record<string, string>> = {
  InvalidSymbol: 'stands something that is no JSON (text needs double quotes)',
  InvalidNumberFormat: 'stands a number that is none',
  PropertyNameExpected: 'a name in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a ":" is missing',
  CommaExpected: 'a "," is missing',
  CloseBraceExpected: 'a "}" is missing',
  CloseBracketExpected: 'a "]" is missing',
  EndOfFileExpected: 'stands more than one value',
  UnexpectedEndOfComment: 'a comment has no end',
  UnexpectedEndOfString: 'a text has no closing quote',
  UnexpectedEndOfNumber: 'a number has no end',
  InvalidUnicode: 'stands a \\u that is none',
  InvalidEscapeCharacter: 'stands a "\\" before a character that needs none (write \\\\ for one)',
  InvalidCharacter: 'stands a control character (write \\n or \\t)',
};
