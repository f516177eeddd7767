import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { say } from '../../reasons.ts';
import { createBudget, deepest, unreadable, type Budget, type ConfigValue } from './value.ts';

/**
 * JSON as clients write it: comments and trailing commas are allowed, and the outer braces may be missing, as in
 * READMEs. Throws `invalid` with the place and the problem.
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
  const what = (first && problems[printParseErrorCode(first.error)]) ?? say('jsonOther');
  const column = (before.at(-1)?.length ?? 0) + 1;
  throw unreadable(say('configAtInvalid', { line: before.length, column, what }));
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
    if (depth > deepest) throw unreadable(say('configTooDeep', { most: deepest }));
  }
}

const problems: Readonly<Record<string, Reason>> = {
  InvalidSymbol: say('jsonOddSymbol'),
  InvalidNumberFormat: say('jsonOddNumber'),
  PropertyNameExpected: say('jsonNameMissing'),
  ValueExpected: say('jsonValueMissing'),
  ColonExpected: say('jsonMissing', { sign: ':' }),
  CommaExpected: say('jsonMissing', { sign: ',' }),
  CloseBraceExpected: say('jsonMissing', { sign: '}' }),
  CloseBracketExpected: say('jsonMissing', { sign: ']' }),
  EndOfFileExpected: say('jsonSeveral'),
  UnexpectedEndOfComment: say('jsonOpenComment'),
  UnexpectedEndOfString: say('jsonOpenText'),
  UnexpectedEndOfNumber: say('jsonOpenNumber'),
  InvalidUnicode: say('jsonOddUnicode'),
  InvalidEscapeCharacter: say('jsonOddEscape'),
  InvalidCharacter: say('jsonControl'),
};
