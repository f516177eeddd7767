import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEnv } from './env-grammar.ts';
import { envNames, keepMasked, maskEnv, maskOf } from './env-text.ts';

const pem = '-----BEGIN KEY-----\nMIIabcdef\n-----END KEY-----';
const text = `# about\nPLAIN=value one\nexport TOKEN = "quoted value"\nEMPTY=\nKEY="${pem}"\nLAST='single'\n`;

/** A value that stands in no name, comment or other value. */
const secret = fc.nat({ max: 1_000_000 }).map((number) => `s3cr${number}t`);
const name = fc.constantFrom(
  'PLAIN', 'A_B', '2FA_KEY', '密码', 'A[0]', '.DOT', '-D', 'ключ', 'a.b-c', 'LOWER', 'lower', '_X',
); // prettier-ignore
const line = fc.oneof(
  fc.tuple(name, fc.constantFrom('=', ' = ', ': ', ':', '=\t'), secret).map(([key, sign, value]) => key + sign + value),
  fc.tuple(name, secret, secret).map(([key, one, two]) => `export ${key}='${one}\\'${two}'`),
  fc
    .tuple(name, secret, secret)
    .map(([key, one, two]) => `${key}="${one}\n${two} # no comment\\n\\" $X \${Y:-${two}}"`),
  fc.tuple(name, secret).map(([key, value]) => `${key}=${value} # about it`),
  fc.tuple(name, name, secret, secret).map(([key, more, one, two]) => `${key}="${one}" ${more}='${two}'`),
  fc.tuple(name, secret).map(([key, value]) => `${key}="${value}\\\\" # ${value}`),
  fc.tuple(name, secret).map(([key, value]) => `# ${key}=${value}`),
  secret.map((value) => `#TOKEN: ${value}`),
  // What Compose takes from elsewhere, or a line of a value that lost its quotes.
  secret,
  fc.constantFrom('# a comment: nothing more', '#', '', '   ', 'EMPTY=', 'EMPTY=""', "E=''"),
);
const file = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([mark, lines, end, closed]) => mark + lines.join(end) + (closed ? end : ''));
/** What Compose refuses: everything from there on counts as a value. */
const brokenFile = fc.tuple(file, fc.constantFrom('a b=', 'X="', "X='", '!', '= ', '***x', '/'), secret, file);

test('shows names and comments, no value, however many lines it has', () => {
  const masked = maskEnv(text);
  expect(masked).toBe('# about\nPLAIN=***\nexport TOKEN = ***\nEMPTY=***\nKEY=***\nLAST=***\n');
  expect(envNames(text)).toEqual(['PLAIN', 'TOKEN', 'EMPTY', 'KEY', 'LAST']);
  expect(envNames(null)).toEqual([]);
});

test('hides the value of every spelling that Compose reads', () => {
  const spellings =
    "\ufeffBOM=secret1\n2FA_KEY=secret2\nYAML: secret3\n密码=secret4\nK='abc\\'secret5'\nA[0]=secret6\n.DOT=secret7\n" +
    '-D=secret8\n# OLD=secret9\nsecret10\n';
  const masked = maskEnv(spellings);
  expect(masked).toBe(
    '\ufeffBOM=***\n2FA_KEY=***\nYAML: ***\n密码=***\nK=***\nA[0]=***\n.DOT=***\n-D=***\n# OLD=***\n***\n',
  );
  expect(keepMasked(masked, spellings)).toBe(spellings);
  const mask = maskOf(spellings);
  for (const value of [1, 2, 3, 4, 6, 7, 8, 9, 10]) expect(mask(`it says secret${value}.`)).toBe('it says ***.');
  expect(mask("it says abc'secret5.")).toBe('it says ***.');
});

test('no value can be read in any masked text, and writing it back changes nothing', () => {
  fc.assert(
    fc.property(file, (env) => {
      const masked = maskEnv(env);
      expect(masked).not.toMatch(/s3cr\d+t/);
      expect(keepMasked(masked, env)).toBe(env);
      expect(readEnv(env).map(({ raw }) => raw).join('')).toBe(env); // prettier-ignore
    }),
    { numRuns: 500 },
  );
});

test('the same holds for what Compose cannot read', () => {
  fc.assert(
    fc.property(brokenFile, ([before, odd, value, after]) => {
      const env = `${before}\n${odd}${value}\n${after}`;
      const masked = maskEnv(env);
      expect(masked).not.toMatch(/s3cr\d+t/);
      expect(keepMasked(masked, env)).toBe(env);
    }),
    { numRuns: 300 },
  );
});

test('a changed line changes no other value', () => {
  fc.assert(
    fc.property(file, secret, (env, value) => {
      expect(keepMasked(`${maskEnv(env)}\nADDED='${value}'\n# and a comment`, env)).toBe(
        `${env}\nADDED='${value}'\n# and a comment`,
      );
    }),
  );
});

test('whatever is written around a mask, a value is kept whole or the text is refused', () => {
  const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom('"', "'", '\n', 'x', '=', '#', ' ', '***')), { minLength: 1, maxLength: 3 }); // prettier-ignore
  fc.assert(
    fc.property(file, edits, (env, changes) => {
      let edited = maskEnv(env);
      for (const [where, what] of changes) {
        const at = Math.floor(where * edited.length);
        edited = edited.slice(0, at) + what + edited.slice(at);
      }
      let result: string;
      try {
        result = keepMasked(edited, env);
      } catch {
        return;
      }
      const values = new Set(readEnv(env).flatMap(({ raw, hidden }) => (hidden ? [raw] : [])));
      for (const { raw, hidden } of readEnv(result)) {
        if (hidden && /s3cr\d+t|\*\*\*/.test(raw)) expect(values).toContain(raw);
      }
    }),
    { numRuns: 500 },
  );
});

test('what was masked and is written back keeps its value; what is new or changed is taken', () => {
  expect(keepMasked(maskEnv(text), text)).toBe(text);
  expect(keepMasked('PLAIN=other\nKEY=***\nNEW=value\n', text)).toBe(`PLAIN=other\nKEY="${pem}"\nNEW=value\n`);
  expect(keepMasked('LAST: ***\nexport PLAIN=***', text)).toBe("LAST: 'single'\nexport PLAIN=value one");
  expect(keepMasked('K=***\n', null)).toBe('K=***\n');
  expect(keepMasked('K=***\n', 'K=***\n')).toBe('K=***\n');
});

test('a mask that does not tell which value it keeps is refused, and says so', () => {
  const twice = 'K=one1\nK=two2\n';
  expect(keepMasked('K=new\nK=***\n', twice)).toBe('K=new\nK=two2\n');
  expect(() => keepMasked('K=***\n', twice)).toThrow(/"K" stands there several times/);
  expect(() => keepMasked('NEW=***\n', text)).toThrow(/no value is kept under this name/);
  expect(() => keepMasked('PLAIN=***more\n', text)).toThrow(/"PLAIN" holds \*\*\* beside other text/);
  expect(() => keepMasked('PLAIN=*** # said\n', text)).toThrow(/leave \*\*\* alone on its line/);
  expect(() => keepMasked('OPEN="\nPLAIN=***\n', text)).toThrow(/"OPEN" holds \*\*\*/);
});

test('takes values out of what a program says, line by line', () => {
  const mask = maskOf(text);
  expect(mask('with value one and quoted value and MIIabcdef')).toBe('with *** and *** and ***');
  expect(maskOf('A=1\nB=ab\n')('1 ab stay')).toBe('1 ab stay');
  expect(maskOf(null)('as it is')).toBe('as it is');
  expect(
    maskOf("A=value # said\nB=\"one\\ntwo2\"\nC='it\\'s me'\nD=${A}tail\n")("value, two2, it's me, valuetail"),
  ).toBe('***, ***, ***, ******');
});

test('a text of any shape is read in time that grows with its length', () => {
  const many = 50_000;
  for (const env of ['a=""'.repeat(many), `k${' '.repeat(many)}`, '# a '.repeat(many), `#${' '.repeat(many)}a`, '"'.repeat(many), '\\"'.repeat(many), 'a\n'.repeat(many), `# a${' '.repeat(many)}=x`, 'export '.repeat(many)]) {
    expect(keepMasked(maskEnv(env), env)).toBe(env);
    maskOf(env)('a line');
  } // prettier-ignore
});
