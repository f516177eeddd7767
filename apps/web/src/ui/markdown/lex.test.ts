import { expect, it } from 'vitest';
import { lexMarkdown, type MarkdownToken } from './lex.ts';

function blocks(text: string): MarkdownToken[] {
  const lexed = lexMarkdown(text);
  if (!lexed) throw new Error('It is shown as it is.');
  return lexed.blocks.filter(({ type }) => type !== 'space');
}

/** The runs of the first block. */
function inline(text: string): MarkdownToken[] {
  const lexed = lexMarkdown(text);
  const [first] = lexed?.blocks ?? [];
  if (!lexed || first?.type !== 'paragraph') throw new Error('The text begins with another block.');
  return lexed.inline(first.tokens);
}

function formulas(text: string): string[] {
  return inline(text).flatMap((token) => (token.type === 'maths' ? [token.tex] : []));
}

function depthOf(tokens: readonly { type: string; tokens?: unknown }[]): number {
  const below = tokens.map(({ tokens: within }) => (Array.isArray(within) ? 1 + depthOf(within) : 0));
  return Math.max(0, ...below);
}

it('shows a fence that is still open as code', () => {
  for (const text of ['```', '```ts', '```ts\nconst a', '~~~~\na\n~~~\n']) {
    expect(blocks(text).map(({ type }) => type)).toEqual(['code']);
  }
  expect(blocks('```py\nprint(1)')).toEqual([expect.objectContaining({ lang: 'py', text: 'print(1)' })]);
});

it('gives the same blocks, but the last, when a text grows', () => {
  const text = '# Title\n\nWords *of* one.\n\n- a\n- b\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n```js\nlet a\n```\n\nEnd.';
  const whole = blocks(text).map(({ raw }) => raw);
  for (let length = 1; length < text.length; length += 1) {
    const grown = blocks(text.slice(0, length)).map(({ raw }) => raw.trimEnd());
    expect(whole.slice(0, grown.length - 1).map((raw) => raw.trimEnd())).toEqual(grown.slice(0, -1));
  }
});

it('finds formulas', () => {
  expect(blocks('Before\n\n$$\n\\frac{a}{b}\n$$\n\nAfter')[1]).toMatchObject({ tex: '\\frac{a}{b}', display: true });
  expect(blocks('So\n\\[ x^2 \\]\nis')).toMatchObject([{}, { type: 'maths', tex: 'x^2' }, {}]);
  expect(formulas('With \\(a+b\\), $x$, $2x$ and $E = mc^2$.')).toEqual(['a+b', 'x', '2x', 'E = mc^2']);
  expect(formulas('$a_1 * b_1$ and $a_2 * b_2$')).toEqual(['a_1 * b_1', 'a_2 * b_2']);
});

it.each([
  'It costs $5 and $6.',
  'From $5-$10 a month',
  '$5/unit, or 10$/box',
  '$HOME/$USER and $PATH',
  'US$ 5 or CA$ 6',
  'between $20 and 30$',
  'a $ b $ c',
  '$1,000 and $2,000',
  'Run `echo $A_B` or `echo $C_D`',
])('takes %j for no formula', (text) => {
  expect(formulas(text)).toEqual([]);
});

const long = 60_000;
it.each<[string, string]>([
  ['quotes', '>'.repeat(long)],
  ['quotes with spaces', '> '.repeat(long / 2)],
  ['brackets', '['.repeat(long)],
  ['images', '!['.repeat(long / 2)],
  ['lists in a line', '- '.repeat(long / 2)],
  ['numbered lists in a line', '1. '.repeat(long / 3)],
  ['lists in quotes', '> - '.repeat(long / 4)],
  ['lists that go deeper', Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join('')],
  ['stars around a letter', `${'*'.repeat(long / 2)}a${'*'.repeat(long / 2)}`],
  ['emphasis that overlaps', '***a** '.repeat(long / 7)],
  ['underscores', 'a_'.repeat(long / 2)],
  ['formulas that do not end', '\\[a\n\n'.repeat(long / 5)],
  ['dollars', '$'.repeat(long)],
])('goes only so deep into %s', (_, text) => {
  const lexed = lexMarkdown(text);
  // What is too much is null: the text is shown as it is.
  for (const block of lexed?.blocks ?? []) if ('tokens' in block && block.tokens) lexed?.inline(block.tokens);
  expect(depthOf(lexed?.blocks ?? [])).toBeLessThan(40);
});

it('shows a text as it is that has too many parts or is too long', () => {
  expect(lexMarkdown('a\n\n'.repeat(20_000))).toBeNull();
  expect(lexMarkdown(`${'|a'.repeat(200)}|\n${'|-'.repeat(200)}|\n${`${'|a'.repeat(200)}|\n`.repeat(100)}`)).toBeNull();
  expect(lexMarkdown('a '.repeat(150_000))).toBeNull();
});
