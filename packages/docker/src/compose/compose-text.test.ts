import { describe, expect, it } from 'vitest';
import { parseComposeText } from './compose-text.ts';

describe('the content of a stack', () => {
  it.each([
    ['', 'has to be a Compose file'],
    ['just text', 'has to be a Compose file'],
    ['- a\n- b', 'has to be a Compose file'],
    ['a: b: c', 'no YAML'],
    ['services:\n  web: {image: x}\n  web: {image: y}', 'no YAML'],
    ['version: "3"', 'names no services'],
    ['services: nothing', 'names no services'],
  ])('refuses %j', (text, message) => {
    expect(() => parseComposeText(text)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['tags', `services:\n  - ${'!a '.repeat(200_000)}`],
    ['anchors', `services:\n  - ${'&a '.repeat(200_000)}`],
    ['quotes', `services: ${'"a" '.repeat(200_000)}`],
    ['brackets', `services: 1\n${'}'.repeat(200_000)}`],
  ])('refuses %s without end before the parser sees them', (_what, text) => {
    expect(() => parseComposeText(text)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringContaining('is too long') }),
    );
  });

  it('says where a text is no YAML', () => {
    expect(() => parseComposeText('services:\n  web: {image: x}\n  db: a: b')).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/no YAML: .* at line 3, column 7\.$/) }),
    );
  });

  it('may use an alias as often as Compose takes it', () => {
    const [document] = parseComposeText(
      `x-a: &a {image: x}\nx-b: [${Array.from({ length: 5_000 }, () => '*a').join(',')}]\nservices: {web: *a}`,
    );
    expect(document?.['services']).toEqual({ web: { image: 'x' } });
  });

  it('tells which key stands twice, and where', () => {
    expect(() => parseComposeText('services:\n  web: {image: x}\n  db: {image: x}\n  "web": {image: y}')).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/"web" stands twice.*line 4/) }),
    );
  });

  it.each([
    ['keys', `x-a:\n${Array.from({ length: 29_000 }, (_, index) => `  k${index}: 1\n`).join('')}services: {}`],
    ['aliases', `x-a: &a 1\nx-b: [${'*a,'.repeat(9_000)}]\nservices: {}`],
    ['lines', `${'a: 1\n'.repeat(400_000)}services: {}`],
    ['levels', `services: ${'['.repeat(50_000)}`],
    ['documents', '---\nservices: {}\n'.repeat(9_000)],
    ['keys that stand twice', `${'a: 1\n'.repeat(40_000)}services: {}`],
    [
      'one alias after the other',
      `x: &a []\n${Array.from({ length: 9_000 }, (_, i) => `x${i}: &a [*a, *a]`).join('\n')}`,
    ],
  ])('of many %s is read or refused in little time', (_what, text) => {
    const before = process.cpuUsage();
    try {
      parseComposeText(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid', field: 'content' });
    }
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(4_000);
  });

  it('is read once for many questions', () => {
    const text = `x-a:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: 1\n`).join('')}services: {}`;
    const content = parseComposeText(text);
    expect(parseComposeText(`${text} `.trim())).toBe(content);
  });

  it('may not explode', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index]},`.repeat(9)}]`),
    ];
    expect(() => parseComposeText(`${bomb.join('\n')}\nservices: {}`)).toThrow(
      expect.objectContaining({ field: 'content' }),
    );
  });
});
