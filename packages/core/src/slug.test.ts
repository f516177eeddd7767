import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReserved, reservedNames } from './reserved-names.ts';
import { assertNotReserved, hashedSlug, isSlug, losesLetters, randomSlug, slugFor, slugify } from './slug.ts';

describe('isSlug', () => {
  it.each(['a', 'A-b_c', 'x'.repeat(32), '0', 'a-', 'minimax-mcp'])('takes %s', (text) =>
    expect(isSlug(text)).toBe(true),
  );
  it.each(['', '-a', '_a', 'a_', 'a__b', 'x'.repeat(33), 'a b', 'a/b', 'é', 'a\n', '../x'])('refuses %j', (text) =>
    expect(isSlug(text)).toBe(false),
  );
});

describe('slugify', () => {
  it('gives a slug or nothing, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const slug = slugify(name);
        expect(slug === '' || isSlug(slug)).toBe(true);
        expect(isSlug(slugFor(name))).toBe(true);
      }),
    );
  });

  it('leaves what is a slug as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/), (name) => {
        fc.pre(isSlug(name));
        expect(slugify(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['My Server (v2)', 'My-Server-v2'],
    ['Café', 'Cafe'],
    ['@scope/pkg.name', 'scope-pkg-name'],
    ['a__b_', 'a_b'],
    ['文件 files', 'files'],
    ['新服务器', ''],
  ])('makes %s into %s', (name, slug) => expect(slugify(name)).toBe(slug));

  it('gives random names where nothing remains', () => {
    expect(slugFor('新服务器')).toMatch(/^server-[a-z2-7]{6}$/);
    expect(randomSlug()).not.toBe(randomSlug());
  });

  it('gives the same slug for the same text, whatever stands before it', () => {
    expect(hashedSlug('新服务器')).toBe(hashedSlug('新服务器'));
    expect(hashedSlug('新服务器')).not.toBe(hashedSlug('高德地图'));
    for (const prefix of ['server', 'x'.repeat(32), 'x'.repeat(24) + '-y']) {
      expect(isSlug(hashedSlug('新服务器', prefix))).toBe(true);
    }
  });

  it.each([
    ['My Server (v2)', false],
    ['Café + €', true],
    ['Café', false],
    ['文件 files', true],
    ['🙂', true],
    ['a__b_', false],
  ])('knows whether the slug of %s says all its letters', (name, loses) => expect(losesLetters(name)).toBe(loses));
});

describe('reserved names', () => {
  it('are refused whatever their case', () => {
    for (const word of reservedNames) {
      expect(isReserved(word.toUpperCase())).toBe(true);
      expect(() => assertNotReserved(word)).toThrow(/reserved/);
    }
    expect(() => assertNotReserved('files')).not.toThrow();
  });
});
