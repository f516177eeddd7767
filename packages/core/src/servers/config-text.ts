import { createScanner, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { DomainError } from '../errors.ts';

export type Json = { [key: string]: unknown };

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const example = '{"mcpServers": {"name": {"command": "npx", "args": ["-y", "some-server"]}}}';

export const unreadable = (reason: string): DomainError =>
  new DomainError('invalid', `The config cannot be read. ${reason}`, {
    field: 'text',
    reason,
    errors: [{ field: 'text', message: reason }],
  });

const deepest = 64;

/**
 * A client's config as a tree. Comments and trailing commas may stand, a Markdown fence around it, and the outer
 * braces may be missing, as in what READMEs show. Throws `invalid` with the place and what is wrong there.
 */
export const readConfig = (text: string): Node => {
  const plain = unwrapped(text);
  if (plain.trim() === '') throw unreadable(`It is empty: paste a config such as ${example}.`);
  assertShallow(plain);
  const errors: ParseError[] = [];
  const tree = parseTree(plain, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined && tree !== undefined) return tree;
  const whole = /^\s*"/.test(plain) ? inBraces(plain) : undefined;
  if (whole !== undefined) return whole;
  const before = plain.slice(0, first?.offset ?? 0).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const what = (first && problems[printParseErrorCode(first.error)]) ?? 'stands something that does not belong there';
  throw unreadable(`It is not valid JSON: at ${place} ${what}.`);
};

/** Without the mark at its start, and without the fence around it; lines keep their numbers. */
const unwrapped = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/^\s*```[\w-]*(?=[ \t]*\r?\n)/, '')
    .replace(/```\s*$/, '');

const inBraces = (text: string): Node | undefined => {
  const errors: ParseError[] = [];
  const tree = parseTree(`{${text}}`, errors, { allowTrailingComma: true });
  return errors.length === 0 ? tree : undefined;
};

/** The parser calls itself for every level. */
const assertShallow = (text: string): void => {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > deepest) throw unreadable(`It is nested more than ${deepest} levels deep.`);
  }
};

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

/** Keys under which clients keep their servers: Claude and Cursor, VS Code, Zed. */
const mapKeys = ['mcpServers', 'servers', 'context_servers'] as const;

/** Names and entries in their order, a name that stands twice included. */
export const findServers = (tree: Node): [name: string, raw: unknown][] => {
  if (tree.type !== 'object') throw unreadable(`It must be a JSON object, for example ${example}.`);
  for (const holder of [tree, childOf(tree, 'mcp'), childOf(tree, 'amp')]) {
    for (const key of mapKeys) {
      const servers = holder && childOf(holder, key);
      if (servers === undefined) continue;
      if (servers.type !== 'object') throw unreadable(`"${key}" must be an object of servers by name.`);
      return entriesOf(servers);
    }
  }
  if (looksLikeServer(getNodeValue(tree))) {
    throw unreadable('This is one server without a name: write {"name": {…}} around it.');
  }
  const entries = entriesOf(tree);
  if (entries.every(([, raw]) => isObject(raw)) && entries.some(([, raw]) => looksLikeServer(raw))) return entries;
  throw unreadable('No servers were found in it: it should have "mcpServers", "servers" or "context_servers".');
};

const entriesOf = ({ children = [] }: Node): [string, unknown][] =>
  children.flatMap(({ children: [key, value] = [] }) =>
    key && value ? [[String(key.value), getNodeValue(value)] as [string, unknown]] : [],
  );

/** What stands under a key; of several the last, as JSON has it. */
export const childOf = ({ type, children = [] }: Node, key: string): Node | undefined =>
  type === 'object' ? children.findLast((each) => each.children?.[0]?.value === key)?.children?.[1] : undefined;

const looksLikeServer = (value: unknown): boolean =>
  isObject(value) && ['command', 'url', 'serverUrl', 'httpUrl', 'container'].some((key) => key in value);
