import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOf } from './nesting.ts';

function nestsDeeperThan(text: string, depth: number): boolean {
  return excessOf(text, { depth, values: 1e9 }) !== null;
}

/** How deep a value nests, by walking it. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the nesting of a JSON text', () => {
  it('is that of the value it stands for', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('\\', '"', '{', '[', ']', '}', 'ś', 'ŝ') }));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'medium' }, text, fc.integer(), fc.constant(null), tie('list'), tie('map')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      map: fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 6 }), (made, limit) => {
        expect(nestsDeeperThan(JSON.stringify(made, null, 1), limit)).toBe(depthOf(made) > limit);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends its search at the limit, however long the text is', () => {
    expect(nestsDeeperThan('['.repeat(30_000_000), 256)).toBe(true);
    expect(nestsDeeperThan(`${'['.repeat(256)}${']'.repeat(256)}`, 256)).toBe(false);
    expect(nestsDeeperThan(`${'['.repeat(257)}${']'.repeat(257)}`, 256)).toBe(true);
  });

  it('and the number of its values are told apart', () => {
    function values(count: number) {
      return `{"a":[${Array.from({ length: count }, () => '{"b,[{":1}').join(',')}],"c":"${' '.repeat(20)}"}`;
    }
    const bounds = { depth: 4, values: 100 };
    expect(excessOf(values(48), bounds)).toBeNull();
    expect(excessOf(values(60), bounds)).toBe('has more than 100 values');
    expect(excessOf(`[[[[[${' '.repeat(20)}]]]]]`, bounds)).toBe('is nested deeper than 4 levels');
  });

  it('is found in time that grows with the text alone', () => {
    for (const text of [`"${'\\'.repeat(4_000_000)}"`, '"'.repeat(4_000_000), '\\"'.repeat(2_000_000)]) {
      expect(nestsDeeperThan(`${text}${'{'.repeat(300)}`, 256)).toBeTypeOf('boolean');
    }
  });
});
