import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsFor } from './uri-template.ts';

function matchesTemplate(template: string, uri: string): boolean | null {
  return fitsFor(uri)('server', template);
}

describe('a template', () => {
  test.each([
    ['file:///{path}', 'file:///a.txt'],
    ['file:///{+path}', 'file:///a/b/c.txt'],
    ['db://{table}/{id}', 'db://users/7'],
    ['x://search{?q,page}', 'x://search?q=a&page=2'],
    ['x://search{?q}', 'x://search'],
    ['x://doc{#part}', 'x://doc#top'],
    ['x://doc{/seg*}', 'x://doc/a/b'],
    ['x://a.b(c)', 'x://a.b(c)'],
    ['{+all}', 'anything at all'],
    ['x://{a}-{b}', 'x://1-2-3'],
  ])('%s fits %s', (template, uri) => {
    expect(matchesTemplate(template, uri)).toBe(true);
  });

  test.each([
    ['file:///{path}', 'file:///a/b.txt'],
    ['file:///{path}', 'file:///'],
    ['db://{table}/{id}', 'db://users'],
    ['x://search{?q}', 'x://search/more'],
    ['x://a.b', 'x://aXb'],
    ['x://{id}', 'y://1'],
    ['', 'x'],
  ])('%s does not fit %s', (template, uri) => {
    expect(matchesTemplate(template, uri)).toBe(false);
  });

  test('fits what is made from it', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$/);
    const parts = fc.array(fc.tuple(fc.stringMatching(/^[a-z/:.()*+]{1,8}$/), value), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, (list) => {
        const template = list.map(([literal], n) => `${literal}{v${n}}`).join('');
        const uri = list.map(([literal, made]) => `${literal}${made}`).join('');
        expect(matchesTemplate(template, uri)).toBe(true);
      }),
    );
  });

  test('takes any text without failing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (template, uri) => {
        expect(matchesTemplate(template, uri)).not.toBeUndefined();
      }),
    );
  });

  test.each([
    ['wild expressions in a row', '{+a}'.repeat(45), `${'a'.repeat(8000)}!`],
    ['ordinary expressions in a row', `${'{a}'.repeat(45)}/`, 'a'.repeat(8000)],
    ['optional expressions in a row', `x${'{?a}'.repeat(45)}#`, `x${'?a'.repeat(4000)}`],
    ['literals that nearly fit', `${'{+a}aaaa'.repeat(40)}b`, 'a'.repeat(8000)],
  ])('decides in time: %s', (_what, template, uri) => {
    const begun = process.cpuUsage();
    matchesTemplate(template, uri);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(2_000);
  });

  test.each([
    ['more than 50 expressions', '{a}'.repeat(101), 'a'.repeat(101)],
    ['more than 2,000 characters', 'a'.repeat(2001), 'a'.repeat(2001)],
    ['a URI of more than 8,192 characters', '{a}', 'a'.repeat(8193)],
  ])('with %s leaves it open', (_what, template, uri) => {
    expect(matchesTemplate(template, uri)).toBeNull();
  });
});

describe('many templates', () => {
  const slow = '{+a}'.repeat(48);
  const uri = `x://${'a'.repeat(8000)}`;

  test('take a bounded time for one URI, whatever their number', () => {
    const fits = fitsFor(uri);
    const begun = process.cpuUsage();
    const answers = Array.from({ length: 20_000 }, (_, index) => fits(`server ${index % 200}`, `${slow}{v${index}}`));
    expect(answers).toContain(true);
    expect(answers.at(-1)).toBeNull();
    // All of them take minutes.
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(10_000);
  });

  test('of one server leave those of another their time', () => {
    const fits = fitsFor(uri);
    for (let index = 0; index < 1000; index += 1) fits('greedy', slow);
    expect(fits('greedy', slow)).toBeNull();
    expect(fits('other', 'x://{id}')).toBe(true);
  });

  test('that begin, end or are long otherwise cost nothing', () => {
    const fits = fitsFor(uri);
    for (let index = 0; index < 20_000; index += 1) {
      expect(fits('server', `y://${slow}`)).toBe(false);
      expect(fits('server', `${slow}!`)).toBe(false);
    }
    expect(fits('server', slow)).toBe(true);
  });
});
