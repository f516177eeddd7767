import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandLaunch, expandText } from './expand.ts';

const values: Record<string, string> = { SET: 'value', EMPTY: '' };
function lookup(name: string) {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

describe('expandText', () => {
  it.each([
    ['${SET}', 'value'],
    ['a${SET}b${SET}', 'avaluebvalue'],
    ['${EMPTY}', ''],
    ['${UNSET:-default}', 'default'],
    ['${EMPTY:-default}', 'default'],
    ['${SET:-default}', 'value'],
    ['${SET:+given}', 'given'],
    ['${UNSET:+given}', ''],
    ['${UNSET:-}', ''],
    ['$SET ${1X} ${} $${', '$SET ${1X} ${} $${'],
    ['${constructor:-none}', 'none'],
  ])('makes %s into %s', (text, expected) => expect(expandText(text, lookup)).toEqual({ text: expected, missing: [] }));

  it('tells what nothing provides', () => {
    expect(expandText('${UNSET}-${OTHER:-x}', lookup)).toEqual({ text: '-x', missing: ['UNSET'] });
  });

  it('does not expand what it put in', () => {
    expect(expandText('${A}', () => '${A}${A}').text).toBe('${A}${A}');
  });

  it('leaves texts without placeholders alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'));
        expect(expandText(text, lookup).text).toBe(text);
      }),
    );
  });
});

describe('expandLaunch', () => {
  const launch = { command: 'x', args: [], env: {}, cwd: null, url: null, headers: {}, secrets: {} };

  it('lets headers read an entry that reads a passed-through name', () => {
    const expanded = expandLaunch(
      {
        ...launch,
        env: { TOKEN: '${HOST_TOKEN}' },
        headers: { Authorization: 'Bearer ${TOKEN}' },
        secrets: { KEY: '${TOKEN}' },
      },
      { HOST_TOKEN: 'abc' },
    );
    expect(expanded).toMatchObject({ headers: { Authorization: 'Bearer abc' }, secrets: { KEY: 'abc' }, missing: [] });
  });

  it('reads a name from outside where an entry names itself', () => {
    expect(expandLaunch({ ...launch, env: { A: '${A}' } }, { A: 'host' }).env).toEqual({ A: 'host' });
    expect(expandLaunch({ ...launch, env: { A: '${A}' } }, {}).missing).toEqual(['A']);
  });

  it('stays small whatever refers to whatever', () => {
    const env = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`V${n}`, `\${V${(n + 1) % 50}}`.repeat(5_000)]),
    );
    const { env: expanded } = expandLaunch({ ...launch, env }, {});
    for (const value of Object.values(expanded)) expect(value.length).toBeLessThan(600_000);
  });
});
