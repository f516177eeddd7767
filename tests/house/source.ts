import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

/** The project's own TypeScript, read once: what the rules of the house and its numbers are taken from. */

const root = path.join(import.meta.dirname, '../..');
const skipped = new Set(['node_modules', 'dist', 'migrations', 'data', '.turbo', '.cache', '.git']);

function sourceFiles(directory: string): string[] {
  return readdirSync(path.join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(directory, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(name);
    return /\.tsx?$/.test(entry.name) && !/\.(gen|local)\.ts$/.test(entry.name) ? [name] : [];
  });
}

/** Paths from the root of the project. */
export const files: readonly string[] = ['apps', 'packages', 'tests'].flatMap(sourceFiles);

const texts = new Map<string, string>();

export function read(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(path.join(root, file), 'utf8');
  texts.set(file, text);
  return text;
}

/** Tests, and what only tests use. */
export function isTest(file: string): boolean {
  return /\.test\.tsx?$|^tests\/|\/testing(-\w+)?\.ts$|\/(fixtures|testing)\//.test(file);
}

export function lineCount(text: string): number {
  return text.split('\n').length;
}

export interface Import {
  file: string;
  specifier: string;
  /** The whole statement names types only. */
  typeOnly: boolean;
}

const importPattern = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm;

export const imports: readonly Import[] = files.flatMap((file) =>
  [...read(file).matchAll(importPattern)].map((match) => ({
    file,
    specifier: match[2] ?? '',
    typeOnly: match[1] !== undefined,
  })),
);

/** A text field of servers that nothing else is called by. */
export const fieldOfServers = 'docsUrl';

/** Files that name a field: each is a place to change when such a field is added. */
export function placesOf(field: string): string[] {
  const named = new RegExp(`\\b${field}\\b`);
  return files.filter((file) => !isTest(file) && named.test(read(file)));
}

/** Groups of files that import each other, directly or through others, types counted. */
export function circles(): string[][] {
  const known = new Set(files);
  const targets = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { file, specifier } of imports) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    if (specifier.startsWith('.') && known.has(target)) targets.get(file)?.push(target);
  }
  return components(targets).filter((group) => group.length > 1);
}

/** Strongly connected components of a graph (Tarjan), without recursion: chains of imports are long. */
function components(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];

  function enter(node: string): { node: string; next: number } {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, next: 0 };
  }

  function lower(node: string, by: number): void {
    low.set(node, Math.min(low.get(node) ?? by, by));
  }

  function leave(node: string): void {
    if (low.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    for (const member of group) onStack.delete(member);
    found.push(group);
  }

  for (const start of targets.keys()) {
    if (order.has(start)) continue;
    const walk = [enter(start)];
    for (let frame = walk.at(-1); frame; frame = walk.at(-1)) {
      const target = targets.get(frame.node)?.[frame.next];
      frame.next += 1;
      if (target === undefined) {
        walk.pop();
        leave(frame.node);
        const parent = walk.at(-1);
        if (parent) lower(parent.node, low.get(frame.node) ?? 0);
      } else if (!order.has(target)) walk.push(enter(target));
      else if (onStack.has(target)) lower(frame.node, order.get(target) ?? 0);
    }
  }
  return found;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';
}

const functionTypes = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function* functionsIn(node: Node): Iterable<Node> {
  if (functionTypes.has(node.type)) yield node;
  for (const child of childrenOf(node)) yield* functionsIn(child);
}

export interface MeasuredFunction {
  /** File and line. */
  place: string;
  lines: number;
  /** Functions inside it. */
  inner: number;
  /** It returns JSX. */
  isComponent: boolean;
}

function* childrenOf(node: Node): Iterable<Node> {
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield child;
  }
}

function isJsx(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') return true;
  if (node.type === 'ParenthesizedExpression') return isJsx(node['expression']);
  if (node.type === 'ConditionalExpression') return isJsx(node['consequent']) || isJsx(node['alternate']);
  return node.type === 'LogicalExpression' && isJsx(node['right']);
}

/** Whether a function, without those inside it, returns JSX. */
function returnsJsx(node: Node): boolean {
  if (node.type === 'ReturnStatement') return isJsx(node['argument']);
  return [...childrenOf(node)].some((child) => !functionTypes.has(child.type) && returnsJsx(child));
}

/** Every function of a file, nested ones too. */
export function functionsOf(file: string): MeasuredFunction[] {
  const text = read(file);
  const { program } = parseSync(file, text);
  return [...functionsIn(program as unknown as Node)].map((node) => ({
    place: `${file}:${lineCount(text.slice(0, node.start))}`,
    lines: lineCount(text.slice(node.start, node.end)),
    inner: [...functionsIn(node)].length - 1,
    isComponent: isJsx(node['body']) || returnsJsx(node),
  }));
}

export interface Outline {
  /** Lines that hold nothing but a comment. */
  commentLines: number;
  /** Names that other files can import. */
  exports: number;
  /** Exported declarations. */
  declared: number;
  /** Those with a docstring. */
  documented: number;
}

/** What a file shows to others, and how much of it is explained. */
export function outlineOf(file: string): Outline {
  const text = read(file);
  const { program, comments } = parseSync(file, text);
  const outline: Outline = { commentLines: 0, exports: 0, declared: 0, documented: 0 };
  for (const { start, end } of comments) {
    if (text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '')
      outline.commentLines += lineCount(text.slice(start, end));
  }
  for (const node of program.body) {
    if (node.type === 'ExportNamedDeclaration' && node.declaration) {
      const { declaration } = node;
      const names = declaration.type === 'VariableDeclaration' ? declaration.declarations.length : 1;
      outline.exports += names;
      outline.declared += names;
      const isDocumented = comments.some(
        ({ type, value, end }) =>
          type === 'Block' && value.startsWith('*') && text.slice(end, node.start).trim() === '' && end <= node.start,
      );
      if (isDocumented) outline.documented += names;
    } else if (node.type === 'ExportNamedDeclaration') outline.exports += node.specifiers.length;
  }
  return outline;
}
