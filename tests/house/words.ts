import { parseSync } from 'oxc-parser';
import { files, isTest, read } from './source.ts';

/** Which words of the page its files ask for. */
export interface Asked {
  file: string;
  /** As it is written, with ${} where a name is put in. */
  key: string;
  /** What it may stand for: a word that is counted has two forms. */
  fits: RegExp;
  /** Given to `t`, so it is a key and no other text. */
  isKey: boolean;
}

const web = 'apps/web/src/';

/** Files of the page that show something. */
const speaking = files.filter(
  (file) => file.startsWith(web) && !file.startsWith(`${web}locales/`) && !/\.(en|zh)\.ts$/.test(file) && !isTest(file),
);

function isNode(value: unknown): value is Record<string, unknown> & { type: string } {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';
}

/** Text of a literal, with ${} where a template has a hole. */
function textOf(node: Record<string, unknown>): string | undefined {
  if (node['type'] === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node['type'] !== 'TemplateLiteral') return undefined;
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('${}');
}

function isTranslating({ type, callee }: Record<string, unknown>): boolean {
  return (
    type === 'CallExpression' &&
    isNode(callee) &&
    (callee['name'] === 't' || Reflect.get(Object(callee['property']), 'name') === 't')
  );
}

/** Parts of an expression that may be its value. */
const values: Readonly<Record<string, readonly string[]>> = {
  ConditionalExpression: ['consequent', 'alternate'],
  LogicalExpression: ['left', 'right'],
  TSAsExpression: ['expression'],
};

function patternOf(key: string): RegExp {
  const parts = key.split('${}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}(?:_one|_other)?$`);
}

function* askedIn(file: string, node: unknown, isKey: boolean): Iterable<Asked> {
  if (Array.isArray(node)) for (const each of node) yield* askedIn(file, each, false);
  if (!isNode(node)) return;
  const key = textOf(node);
  if (key !== undefined && (isKey || /^\w+\./.test(key))) yield { file, key, fits: patternOf(key), isKey };
  for (const [name, child] of Object.entries(node)) {
    if (name === 'arguments' && isTranslating(node)) {
      const [first, ...others] = child as unknown[];
      yield* askedIn(file, first, true);
      yield* askedIn(file, others, false);
    } else yield* askedIn(file, child, isKey && values[node.type]?.includes(name) === true);
  }
}

export const asked: readonly Asked[] = speaking.flatMap((file) => [
  ...askedIn(file, parseSync(file, read(file)).program, false),
]);
