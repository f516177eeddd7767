import { expect, test } from 'vitest';
import { moment, momentOrAgo, wholeNumber, wordList, wordOf } from './words.ts';

test.each([
  ['2024-01-31', '2024-01-31T00:00:00.000Z'],
  ['2024-01-31T12:00', '2024-01-31T12:00:00.000Z'],
  ['2024-01-31T12:00:05.5Z', '2024-01-31T12:00:05.500Z'],
  ['2024-01-31T12:00:00+02:00', '2024-01-31T10:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is a moment', (text, instant) => {
  expect(moment.parse(text).toISOString()).toBe(instant);
});

test.each(['', 'yesterday', '2023-02-29', '2024-13-01', '2024-1-1', '2024-01-31 12:00', '1700000000'])(
  '%j is none',
  (text) => {
    expect(moment.safeParse(text).success).toBe(false);
  },
);

test('how long ago is a moment too', () => {
  expect(Date.now() - momentOrAgo.parse('15m').getTime()).toBeCloseTo(15 * 60_000, -3);
  expect(momentOrAgo.safeParse('15 minutes').success).toBe(false);
});

test('a word list takes allowed words only', () => {
  const schema = wordList(['running', 'stopped']);
  expect(schema.parse('running, stopped')).toEqual(['running', 'stopped']);
  expect(schema.safeParse('running,asleep').success).toBe(false);
});

test('words may be in any case', () => {
  expect(wordList(['running', 'streamable-http']).parse('Running,STREAMABLE-HTTP')).toEqual([
    'running',
    'streamable-http',
  ]);
  expect(wordOf(['warn', 'error'], { warning: 'warn' }).parse('Warning')).toBe('warn');
  expect(wordOf(['warn', 'error']).safeParse('warning').success).toBe(false);
});

test.each(['0', '0x10', '1e2', '+1', ' 1', '1.0', '', '٣', '1'.repeat(16), '11'])(
  '%j is no number of 1 to 10',
  (text) => {
    expect(wholeNumber(1, 10).safeParse(text).success).toBe(false);
  },
);
