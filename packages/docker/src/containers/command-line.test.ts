import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinCommand, splitCommand } from './command-line.ts';

describe('splitting a command', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  ', []],
    ['nginx', ['nginx']],
    ['nginx  -g "daemon off;"', ['nginx', '-g', 'daemon off;']],
    [`sh -c 'echo "a b" $HOME'`, ['sh', '-c', 'echo "a b" $HOME']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`'' ""`, ['', '']],
    [String.raw`a\ b c\\d`, ['a b', String.raw`c\d`]],
    [String.raw`"a\"b" "c\d"`, ['a"b', String.raw`c\d`]],
    ['echo $(id); rm -rf *', ['echo', '$(id);', 'rm', '-rf', '*']],
    ['新\t服务\n器', ['新', '服务', '器']],
  ])('%j', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it.each([
    [`sh -c 'echo`, 'character 7'],
    ['a "b', 'character 3'],
    ['a\\', 'escapes nothing'],
  ])('refuses %j', (text, message) => {
    expect(() => splitCommand(text)).toThrow(message);
  });

  it('gives back what was joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        expect(splitCommand(joinCommand(words))).toEqual(words);
      }),
    );
  });
});
