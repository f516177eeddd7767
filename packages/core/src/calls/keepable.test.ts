import { describe, expect, it } from 'vitest';
import { keepable } from './keepable.ts';

const token = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;

describe('keepable', () => {
  it.each([
    ['a JSON web token', token],
    ['one after another without a space', `${token},${token}`],
    ['one after another', `${token} ${token}`],
    ['a key of the hub', `sbk_${'x'.repeat(30)}`],
    ['a bearer header', `Bearer ${'x'.repeat(30)}`],
    ['a key of a service', `sk-${'x'.repeat(30)}`],
  ])('takes out %s', (_what, text) => {
    const kept = JSON.stringify(keepable({ text: `before ${text} after` }, []));
    expect(kept).toMatch(/before (\*\*\*[ ,]?)+ after/);
  });

  it('takes out a secret that begins within what is kept and ends beyond', () => {
    const kept = JSON.stringify(keepable(`${'x '.repeat(2040)}${token}${' y'.repeat(10_000)}`, []));
    expect(kept).not.toContain('eyJ');
  });

  it('takes out secrets of the server that a cut would leave in part', () => {
    const secret = 'tell-nobody-of-this';
    for (let before = 4060; before <= 4100; before += 1) {
      const kept = JSON.stringify(keepable(`${'x'.repeat(before)}${secret}${'y'.repeat(20_000)}`, [secret]));
      expect(kept).not.toContain('tell-n');
    }
  });

  it('keeps the beginning of a long text and says how long it was', () => {
    expect(keepable('x'.repeat(50_000), [])).toBe(`${'x'.repeat(4096)}… (50000 characters)`);
    expect(keepable('x'.repeat(4096), [])).toBe('x'.repeat(4096));
  });

  it('looks at a bounded part of a value, whatever it consists of', () => {
    const many = (entry: unknown): unknown[] => Array.from({ length: 1000 }, () => entry);
    const worst = [
      '-eyJ'.repeat(2_000_000),
      'Bearer '.repeat(1_000_000),
      many('-eyJ'.repeat(2000)),
      many(many(many(1))),
      Object.fromEntries(many(0).map((_, index) => [`${'sk-'.repeat(3000)}${index}`, 1])),
    ];
    const begun = performance.now();
    for (const value of worst) expect(JSON.stringify(keepable(value, [])).length).toBeLessThan(40_000);
    // Without a bound one of them alone takes hours.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
