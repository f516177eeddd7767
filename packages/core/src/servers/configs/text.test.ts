import { describe, expect, it } from 'vitest';
import { isDomainError } from '../../errors.ts';
import { readConfig } from './text.ts';
import { plainOf } from './value.ts';
import { readYaml } from './yaml.ts';

function read(text: string) {
  return plainOf(readConfig(text));
}

describe('readConfig', () => {
  it.each([
    ['[a]\nb = 1', { a: { b: 1 } }],
    ['# first\n\n[[a]]\nb = 1 # c', { a: [{ b: 1 }] }],
    ['a = "x"\nwhen = 2026-01-02', { a: 'x', when: '2026-01-02' }],
    ['["quoted key"]\nb = true', { 'quoted key': { b: true } }],
    ['```toml\n[a]\nb = 1\n```', { a: { b: 1 } }],
    ['a:\n  b: [1, x]\n', { a: { b: [1, 'x'] } }],
    ['---\n- name: x\n', [{ name: 'x' }]],
    ['# c\n"a": 1', { a: 1 }],
    ["'a b': ~", { 'a b': null }],
    ['a: &x { b: 1 }\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['[{"name": "x"}]', [{ name: 'x' }]],
    ['["a", 1]', ['a', 1]],
    ['// c\n{"a": 1,}', { a: 1 }],
    ['"a": {"b": 1}', { a: { b: 1 } }],
  ])('reads %j', (text, value) => expect(read(text)).toEqual(value));

  it.each([
    ['[a]\nb = = 1', /not valid TOML: line 2, column 5: /],
    ['a:\n  - b\n c: 1', /not valid YAML: line 3, column \d+: /],
    ['a: *nothing', /\*nothing.*not valid|nothing before is called &nothing/],
    ['https://h.example/mcp', /is a URL: write/],
    ['npx -y some-server', /is a command: write/],
    ['<xml/>', /XML or HTML/],
    ['just words', /not valid JSON: at line 1, column 1 stands something that is no JSON/],
    ['a: 1\n---\nb: 2', /not valid YAML/],
    // One place, told once.
    ['mcpServers:\n  - !a !a !a b', /^[^:]*: line 2, column \d+: (?!.*line)/],
  ])('says of %j what is wrong', (text, reason) => expect(() => read(text)).toThrow(reason));

  it.each([
    ['tags', `mcpServers:\n  - ${'!a '.repeat(40_000)}`],
    ['anchors', `mcpServers:\n  - ${'&a '.repeat(40_000)}`],
    ['brackets', '}\n'.repeat(250_000)],
    ['colons', ': :\n'.repeat(125_000)],
    ['directives', '%A\n'.repeat(170_000)],
    ['empty lines', '\n'.repeat(500_000)],
    ['documents', '---\n'.repeat(125_000)],
    ['ends of documents', '...\n'.repeat(125_000)],
  ])(
    'ends reading at the first of many %s that are wrong',
    (_what, text) => {
      const start = performance.now();
      expect(() => readYaml(text, 524_288)).toThrow(expect.objectContaining({ code: 'invalid' }));
      expect(performance.now() - start).toBeLessThan(5_000);
    },
    60_000,
  );

  it.each([
    ['sequences', `${'- '.repeat(20_000)}a`],
    ['keys', `${'? '.repeat(20_000)}a`],
    ['both', `${'? - '.repeat(10_000)}a`],
    ['lines', Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}k:`).join('\n')],
    ['brackets within sequences', `- ${'- ['.repeat(100)}`],
  ])('reads no deep nesting of %s', (_what, text) => {
    expect(() => readYaml(text, 524_288)).toThrow('nested');
  });

  it('takes lines that begin further in and are no deeper, and what is as deep as may be', () => {
    const siblings = Array.from({ length: 300 }, (_, n) => `k${n}:\n${' '.repeat((n % 7) + 1)}- a\n`).join('');
    expect(Object.keys(plainOf(readYaml(siblings)) as object)).toHaveLength(300);
    const written = `a: |\n${Array.from({ length: 200 }, (_, n) => ' '.repeat(n + 2)).join('x\n')}x\n`;
    expect(plainOf(readYaml(written))).toMatchObject({ a: expect.stringContaining('x') });
    const json = `${'{"a":\n'.repeat(60)}1${'}'.repeat(60)}`;
    expect(JSON.stringify(plainOf(readYaml(json)))).toContain('"a":1');
    const levels = Array.from({ length: 60 }, (_, level) => `${' '.repeat(level)}k:`).join('\n');
    expect(JSON.stringify(plainOf(readYaml(levels)))).toContain('"k":null');
  });

  function aliases(count: number) {
    return `a: &a [x, x]\n${Array.from({ length: count }, (_, at) => {
      const name = String.fromCodePoint(98 + at);
      const before = String.fromCodePoint(97 + at);
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
    }).join('\n')}`;
  }

  it.each([
    ['aliases that stand for aliases', aliases(12)],
    ['an alias of what it stands in', 'a: &a\n  b: *a'],
    ['many levels of YAML in one line', `a: ${'['.repeat(100_000)}`],
    ['many levels of dashes', `${'- '.repeat(50_000)}x`],
    ['many levels of keys', `${'? '.repeat(50_000)}x`],
    ['many levels of TOML', `a = ${'['.repeat(100_000)}`],
    ['many levels of a TOML key', `${'a.'.repeat(50_000)}a = 1`],
    ['more YAML than a config has', `a: ${'x'.repeat(200_000)}`],
    ['more values than a config has', `[${'1,'.repeat(300_000)}1]`],
  ])('refuses %s', (_what, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('reads many keys of YAML, and one that stands twice', () => {
    const keys = Array.from({ length: 9_000 }, (_, at) => `k${at}: 1`).join('\n');
    expect(Object.keys(read(keys) as object)).toHaveLength(9_000);
    expect(readConfig('a: 1\na: 2')).toEqual({
      pairs: [
        ['a', 1],
        ['a', 2],
      ],
    });
  });

  it('takes a key for a key, whatever it is called', () => {
    for (const text of ['{"__proto__": {"a": 1}}', '[__proto__]\na = 1', '__proto__:\n  a: 1']) {
      expect(Object.entries(read(text) as object)).toEqual([['__proto__', { a: 1 }]]);
    }
  });

  it('fails with a clear error or reads, whatever comes', () => {
    const pieces = [
      '[',
      ']',
      '{',
      '}',
      ':',
      ' ',
      '\n',
      '-',
      '=',
      '"',
      "'",
      '&a',
      '*a',
      '#',
      ',',
      'x',
      '|',
      '>',
      '?',
      '!',
      '1',
    ];
    let state = 7;
    function next() {
      return (state = (state * 48_271) % 2_147_483_647);
    }
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: (next() % 24) + 1 }, () => pieces[next() % pieces.length]).join('');
      try {
        read(text);
      } catch (error) {
        if (!isDomainError(error)) throw error;
      }
    }
  });
});
