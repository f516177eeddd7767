import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecrets, sameText, sha256 } from './secrets.ts';

const key = randomBytes(32);
const secrets = createSecrets(key);
const place = { table: 'servers', row: 'files', column: 'env' };

describe('secrets', () => {
  it('open what they sealed, and show nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), (plain) => {
        const sealed = secrets.seal(place, plain);
        expect(secrets.open(place, sealed)).toBe(plain);
        expect(sealed).not.toContain(plain);
      }),
    );
  });

  it('seal the same text differently each time', () => {
    expect(secrets.seal(place, 'x')).not.toBe(secrets.seal(place, 'x'));
  });

  it.each([
    { ...place, table: 'x' },
    { ...place, row: 'x' },
    { ...place, column: 'headers' },
  ])('do not open at another place: %j', (other) => {
    expect(() => secrets.open(other, secrets.seal(place, 'x'))).toThrow(/cannot be read/);
  });

  it('do not open what was tampered with, cut, or sealed with another key', () => {
    const sealed = secrets.seal(place, 'text');
    const flipped = sealed.slice(0, -2) + (sealed.endsWith('A') ? 'BB' : 'AA');
    for (const wrong of [flipped, sealed.slice(0, 20), 'v2.' + sealed.slice(3), '']) {
      expect(() => secrets.open(place, wrong)).toThrow(/cannot be read/);
    }
    expect(() => createSecrets(randomBytes(32)).open(place, sealed)).toThrow(/cannot be read/);
  });

  it('derive different keys for different purposes, always the same ones', () => {
    const again = createSecrets(key);
    expect(again.fingerprint).toBe(secrets.fingerprint);
    expect(again.tokenKey).toEqual(secrets.tokenKey);
    expect(Buffer.from(secrets.tokenKey).toString('hex')).not.toContain(secrets.fingerprint);
    expect(createSecrets(randomBytes(32)).fingerprint).not.toBe(secrets.fingerprint);
  });

  it('refuse a key that is too short', () => {
    expect(() => createSecrets(randomBytes(16))).toThrow('SECRET_KEY must be 32 bytes in base64; it has 16.');
  });
});

describe('sameText', () => {
  it('compares', () => {
    expect([sameText('a', 'a'), sameText('a', 'b'), sameText('a', 'ab'), sameText(sha256('x'), sha256('x'))]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
