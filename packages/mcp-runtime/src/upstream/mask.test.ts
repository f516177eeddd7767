import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RpcError } from '../rpc.ts';
import { http } from '../testing.ts';
import { hidden } from './hidden.ts';
import { createMask } from './mask.ts';

describe('a mask', () => {
  test('takes out what a pattern of all values would, the longest first', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 6, maxLength: 12 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), text, (values, given) => {
        const parts = values.map((each) => each.trim()).filter((each) => each.length >= 6);
        const pattern = new RegExp(parts.toSorted((a, b) => b.length - a.length).join('|'), 'g');
        expect(createMask(values)(given)).toBe(parts.length === 0 ? given : given.replace(pattern, '***'));
      }),
    );
  });

  test('leaves no value in part, however much was masked before it', () => {
    const long = 'y'.repeat(203);
    const text = `${'sk-12345-longer'.repeat(10)}${'.'.repeat(3)}${long}`;
    expect(createMask(['sk-12345-longer', long])(text, 100)).not.toContain('y');
  });

  test('looks at megabytes soon, whatever the values have in common, and masks what it does not get to', () => {
    const values = Array.from({ length: 200 }, (_, at) => `${'a'.repeat(100 + at)}b`);
    const begun = process.cpuUsage();
    const masked = createMask(values)(`. ${'a'.repeat(4_000_000)}${values[0] ?? ''}`);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5_000);
    expect(masked).toMatch(/^\. a{1,10000}\*\*\*$/);
  });
});

test('a failure is no longer than people can use', () => {
  const told = hidden(http(), new RpcError(-32000, 'x'.repeat(10_000_000), { kept: true }));
  expect(told).toMatchObject({ code: -32000, data: { kept: true } });
  expect((told as Error).message.length).toBeLessThan(100_000);
});
