import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposedName } from './naming.ts';

const slug = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/)
  .filter((text) => !text.includes('__') && !text.endsWith('_'));

describe('an exposed name', () => {
  test('is slug and name where they fit', () => {
    expect(exposedName('git', 'create_issue')).toBe('git__create_issue');
  });

  test('has at most 64 characters that every client takes', () => {
    fc.assert(
      fc.property(slug, fc.string({ unit: 'binary', maxLength: 200 }), (server, name) => {
        expect(exposedName(server, name)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      }),
    );
  });

  test('is the same whenever it is asked for, and tells servers and tools apart', () => {
    const item = fc.tuple(slug, fc.string({ minLength: 1, maxLength: 120 }));
    fc.assert(
      fc.property(item, item, ([slugA, a], [slugB, b]) => {
        expect(exposedName(slugA, a)).toBe(exposedName(slugA, a));
        if (slugA !== slugB || a !== b) expect(exposedName(slugA, a)).not.toBe(exposedName(slugB, b));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['a name with other characters', 'get weather!', 'get-weather?'],
    ['a long name', `${'x'.repeat(80)}a`, `${'x'.repeat(80)}b`],
    ['a name in another script', '天气', '新闻'],
  ])('of %s is cut, cleaned and marked, and differs from its neighbour', (_what, one, other) => {
    expect(exposedName('srv', one)).toMatch(/^srv__[A-Za-z0-9_-]*_[0-9a-f]{8}$/);
    expect(exposedName('srv', one)).not.toBe(exposedName('srv', other));
  });

  test('of a long name begins as the name does', () => {
    expect(exposedName('srv', 'x'.repeat(100))).toMatch(/^srv__x{50}_[0-9a-f]{8}$/);
  });
});
