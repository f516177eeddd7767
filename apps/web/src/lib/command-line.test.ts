import { expect, it } from 'vitest';
import { joinArgs, shellQuote, splitArgs } from './command-line.ts';

it.each([
  ['-y @scope/pkg /tmp', ['-y', '@scope/pkg', '/tmp']],
  [`--name "two words" 'it"s'`, ['--name', 'two words', 'it"s']],
  [String.raw`"a \" b" C:\dir`, ['a " b', String.raw`C:\dir`]],
  [`  `, []],
  [`''`, ['']],
])('splits %s', (text, args) => {
  expect(splitArgs(text)).toEqual(args);
});

it.each([
  [[]],
  [['', ' ', '\t\n']],
  [['--name', 'two words', "it's", 'say "hi"', `both ' and "`]],
  [['C:\\dir', '\\', '\\"', "\\'", '$HOME', '新 服务']],
])('reads back what it wrote: %j', (args) => {
  expect(splitArgs(joinArgs(args))).toEqual(args);
});

it('quotes for a shell only where it must', () => {
  expect(shellQuote('https://a.b/c')).toBe('https://a.b/c');
  expect(shellQuote("it's $HOME")).toBe(String.raw`'it'\''s $HOME'`);
});
