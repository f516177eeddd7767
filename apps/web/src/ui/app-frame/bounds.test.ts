import { describe, expect, test } from 'vitest';
import { createMeter, isReadable } from './bounds.ts';

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((value) => [value], 1);
}

describe('a message of an interface', () => {
  test.each([null, 1, 'text', true, undefined, {}, [], { a: [1, { b: null }] }])('may be %j', (message) => {
    expect(isReadable(message)).toBe(true);
  });

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a big number', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['something of a class inside', { a: [new URL('https://example.com')] }],
    ['a window-like object', Object.create({ parent: 1 })],
  ])('may not be %s', (_name, message) => {
    expect(isReadable(message)).toBe(false);
  });

  test.each([
    [64, true],
    [65, false],
    // No recursion goes deeper than what is read.
    [5_000, false],
  ])('may be %i levels deep: %s', (depth, expected) => {
    expect(isReadable(nested(depth))).toBe(expected);
  });

  test.each([
    ['text', 'x'.repeat(1_000_000), true],
    ['more text', 'x'.repeat(1_000_001), false],
    ['text in keys', { ['k'.repeat(600_000)]: 'v'.repeat(600_000) }, false],
    ['values', Array.from({ length: 49_999 }, () => 0), true],
    ['more values', Array.from({ length: 50_000 }, () => 0), false],
  ])('may hold so much %s', (_name, message, expected) => {
    expect(isReadable(message)).toBe(expected);
  });
});

describe('messages of an interface', () => {
  test('are taken in a burst, then as many a second as an app that follows a pointer sends', () => {
    let at = 0;
    const meter = createMeter(() => at);
    const first = Array.from({ length: 201 }, meter);
    expect(first.filter((each) => each === 'taken')).toHaveLength(200);
    expect(first.at(-1)).toBe('dropped');
    at = 1_000;
    expect(Array.from({ length: 81 }, meter).filter((each) => each === 'taken')).toHaveLength(80);
  });

  test('end the interface where they never stop', () => {
    const meter = createMeter(() => 0);
    const all = Array.from({ length: 2_201 }, meter);
    expect(all[2_199]).toBe('dropped');
    expect(all[2_200]).toBe('flood');
  });

  test('come back to a full burst after a pause, and to no more', () => {
    let at = 0;
    const meter = createMeter(() => at);
    for (let sent = 0; sent < 200; sent += 1) meter();
    at = 3_600_000;
    expect(Array.from({ length: 300 }, meter).filter((each) => each === 'taken')).toHaveLength(200);
  });
});
