import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepSource, memberText, textOf } from './source-text.ts';

describe('the text of a member', () => {
  test('is that of the value a parser reads', () => {
    const members = fc.array(fc.tuple(fc.constantFrom('result', 'id', 'jsonrpc', 'x'), fc.jsonValue()), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(members, fc.constantFrom('', ' ', '\n\t'), (pairs, space) => {
        const parts = pairs.map(([key, value]) => `${space}"${key}"${space}:${space}${JSON.stringify(value)}${space}`);
        const text = `${space}{${parts.join(',')}}${space}`;
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const found = memberText(text, 'result');
        expect(found === null ? undefined : JSON.parse(found)).toEqual(parsed['result']);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '{"r\\u0065sult":{"a":1},"result":{"b":1}}',
    '{"result":{"a":1},"\\u0072esult":{"b":1}}',
    '[1]',
    '{}',
    '7',
  ])('is not guessed: %s', (text) => {
    expect(memberText(text, 'result')).toBeNull();
  });
});

describe('the text of a result', () => {
  const large = 'x'.repeat(300_000);
  function of(text: string) {
    const { result } = JSON.parse(text) as { result: object };
    keepSource(result, text);
    return result;
  }

  test('is passed on as it came where it is large, and written anew where it was changed', () => {
    const result = of(`{"result":{ "text":"${large}","n":1.0e2 },"id":1}`);
    expect(textOf(result)).toBe(`{ "text":"${large}","n":1.0e2 }`);
    expect(textOf({ ...result, n: 2 })).toBe(JSON.stringify({ text: large, n: 2 }));
  });

  test('is written anew where it is small', () => {
    expect(textOf(of('{"result":{ "n":1.0e2 },"id":1}'))).toBe('{"n":100}');
  });
});
