import { expect, it } from 'vitest';
import { highlight } from './highlight.ts';
import { grammarOf } from './languages.ts';

it.each([
  ['ts', 'const a: number = 1; // one'],
  ['jsx', 'const a = <b c="d">{e}</b>;'],
  ['py', 'def a(b):\n    return "c"'],
  ['json', '{"a": [1, true]}'],
  ['html', '<p class="a">b</p>'],
  ['css', 'a { color: red; }'],
  ['yaml', 'a:\n  - b: 1'],
  ['bash', 'if [ "$a" ]; then echo b; fi'],
  ['sql', "select a from b where c = 'd'"],
  ['toml', '[a]\nb = "c"'],
  ['diff', '-a\n+b'],
])('keeps every character of %s and colours some', async (language, code) => {
  const parser = await grammarOf(language)?.();
  if (!parser) throw new Error(`${language} has no grammar.`);
  const pieces = highlight(code, parser) ?? [];
  expect(pieces.map(({ text }) => text).join('')).toBe(code);
  expect(pieces.some(({ className }) => className !== null)).toBe(true);
  expect(highlight('a '.repeat(30_000), parser)).toBeNull();
});

it('knows no grammar by names that every object has', () => {
  for (const name of ['constructor', '__proto__', 'toString', '']) expect(grammarOf(name)).toBeNull();
});
