import { describe, expect, it } from 'vitest';
import { said } from '../reasons.ts';
import { keepable, keepableFailure } from './keepable.ts';

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
    const kept = JSON.stringify(keepable(`${'x '.repeat(24_568)}${token}${' y'.repeat(10_000)}`, []));
    expect(kept).not.toContain('eyJ');
  });

  it('takes out secrets of the server that a cut would leave in part', () => {
    const secret = 'tell-nobody-of-this';
    for (let before = 49_116; before <= 49_156; before += 1) {
      const kept = JSON.stringify(keepable(`${'x'.repeat(before)}${secret}${'y'.repeat(60_000)}`, [secret]));
      expect(kept).not.toContain('tell-n');
    }
  });

  it('keeps the beginning of a long text and says how long it was', () => {
    expect(keepable('x'.repeat(80_000), [])).toBe(`${'x'.repeat(49_152)}… (80000 characters)`);
    expect(keepable('x'.repeat(49_152), [])).toBe('x'.repeat(49_152));
  });

  it('looks at a bounded part of a value, whatever it consists of', () => {
    function many(entry: unknown): unknown[] {
      return Array.from({ length: 1000 }, () => entry);
    }
    const worst = [
      '-eyJ'.repeat(2_000_000),
      'Bearer '.repeat(1_000_000),
      many('-eyJ'.repeat(2000)),
      many(many(many(1))),
      Object.fromEntries(many(0).map((_, index) => [`${'sk-'.repeat(3000)}${index}`, 1])),
    ];
    const begun = process.cpuUsage();
    for (const value of worst) expect(JSON.stringify(keepable(value, [])).length).toBeLessThan(150_000);
    // Without a bound one of them alone takes hours.
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(10_000);
  });
});

describe('what a call was given under secret names', () => {
  const given = {
    user: 'anna',
    password: 'hunter2',
    nested: { api_key: 'k"e\\y', pins: 1 },
    tokenSecret: ['abc1', 99887766],
  };
  function kept(value: unknown): string {
    return JSON.stringify(keepable(value, [], given));
  }

  it('is masked in the arguments, in lists too, and where another of them quotes it', () => {
    expect(keepable({ ...given, note: 'hunter2 is my password' }, [], given)).toEqual({
      user: 'anna',
      password: '***',
      nested: { api_key: '***', pins: 1 },
      tokenSecret: ['***', '***'],
      note: '*** is my password',
    });
  });

  it('is masked in the result, as text, as JSON within a text, and as a value of its own', () => {
    const text = `Echo: ${JSON.stringify(given)} and hunter2`;
    const result = { content: [{ type: 'text', text }], structuredContent: { said: 'hunter2', number: 99887766 } };
    expect(kept(result)).not.toMatch(/hunter2|k\\+"e|abc1|99887766/);
    expect(kept(result)).toContain('anna');
    expect(keepable({ said: 'ab' }, [], { password: 'ab' })).toEqual({ said: '***' });
    expect(keepable({ said: 'abacus' }, [], { password: 'ab' })).toEqual({ said: 'abacus' });
  });

  it('is masked where the text ends within it', () => {
    let chance = 1;
    const password = Array.from({ length: 60_000 }, () => {
      chance = (chance * 48_271) % 2_147_483_647;
      return String.fromCharCode(97 + (chance % 26));
    }).join('');
    for (const before of [0, 10, 49_000, 49_150]) {
      const text = JSON.stringify(keepable(`${'-'.repeat(before)}${password}`, [], { password }));
      expect(text).not.toMatch(/[a-z]{30}/);
    }
  });

  it('is masked in the text of an error', () => {
    function told(outcome: 'error' | 'tool_error') {
      const errorMessage = 'No login with hunter2';
      return keepableFailure({ outcome, errorMessage, errorReason: said(errorMessage), given }, []);
    }
    const masked = { errorMessage: 'No login with ***', errorReason: said('No login with ***') };
    expect(told('error')).toEqual(masked);
    expect(told('tool_error')).toEqual(masked);
  });

  it('leaves nothing that may quote it where there is too much of it', () => {
    const many = { users: Array.from({ length: 1_000 }, (_, index) => ({ id: index, password: `pass-${index}` })) };
    expect(keepable({ text: 'pass-999' }, [], many)).toBe('***');
    const failed = { outcome: 'error', errorMessage: 'pass-999', errorReason: said('pass-999'), given: many } as const;
    expect(keepableFailure(failed, [])).toEqual({ errorMessage: '***', errorReason: null });
    expect(JSON.stringify(keepable(many, [], many))).not.toContain('pass-');
  });

  it('costs little, whatever it is', () => {
    const hostile = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`password${index}`, `${'a'.repeat(index + 4)}b`]),
    );
    const begun = process.cpuUsage();
    keepable({ text: Array.from({ length: 40 }, () => 'a'.repeat(8_192)) }, [], hostile);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5_000);
  });
});

describe('JSON within a text', () => {
  it.each([
    ['{"login":"anna","password":"hunter2"}', '{"login":"anna","password":"***"}'],
    ['Answer: {"api_key" : "a\\"b", "id": 7}', 'Answer: {"api_key" : "***", "id": 7}'],
    ['{"accessToken": 12345, "count": 2}', '{"accessToken": "***", "count": 2}'],
    ['{"secrets": ["one", "two"], "names": ["one"]}', '{"secrets": ["***", "***"], "names": ["one"]}'],
    ['{"password": {"length": 8}}', '{"password": {"length": 8}}'],
    ['{"password": "cut o', '{"password": "***"'],
    ['A 5" disk: {"password": "hunter2", "size": "5"}', 'A 5" disk: {"password": "***", "size": "5"}'],
    ['"', '"'],
    ['ends with "', 'ends with "'],
    ['no JSON: "password" is a word', 'no JSON: "password" is a word'],
  ])('has no values under secret names: %s', (text, expected) => {
    expect(keepable(text, [])).toBe(expected);
  });
});
