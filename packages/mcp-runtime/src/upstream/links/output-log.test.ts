import { expect, it } from 'vitest';
import type { LogLevel } from '../../types.ts';
import { createOutputLog, guessLevel } from './output-log.ts';

function collect(level: LogLevel | null = null) {
  const lines: [LogLevel, string][] = [];
  let time = 0;
  const log = createOutputLog({ level, log: (...line) => lines.push(line), now: () => time });
  return { log, lines, wait: (ms: number) => (time += ms) };
}

it.each([
  ['[INFO] server started', 'info'],
  ['2026-01-01T00:00:00Z ERROR could not connect', 'error'],
  ['Error: no such file', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['Traceback (most recent call last):', 'error'],
  ['(node:1) Warning: deprecated', 'warn'],
  ['DEBUG: details', 'debug'],
  ['{"level":"error","msg":"x"}', 'error'],
  ['0 errors, all is well', 'info'],
  ['terrorform loaded', 'info'],
])('takes "%s" for %s', (text, level) => {
  expect(guessLevel(text)).toBe(level);
});

it('gives a stack trace the level of what it belongs to', () => {
  const { log, lines } = collect();
  log.push(Buffer.from('Error: x\n    at y\n\nfine\n    more\n'));
  expect(lines.map(([level]) => level)).toEqual(['error', 'error', 'info', 'info']);
});

it('drops colours and empty lines, and tells the unfinished last line', () => {
  const { log, lines } = collect();
  log.push(Buffer.from('\u001B[31mred\u001B[0m\r\n\r\n  \nprogress 1\rprogress 2\nlast'));
  log.end();
  expect(lines.map(([, text]) => text)).toEqual(['red', 'progress 1', 'progress 2', 'last']);
});

it('bounds lines and floods, and says how much was dropped', () => {
  const { log, lines, wait } = collect('warn');
  log.push(Buffer.from(`${'long'.repeat(2_000)}\n`));
  expect(lines[0]).toEqual(['warn', `${'long'.repeat(1_024)} … (3904 more bytes)`]);
  log.push(Buffer.from('again\n'.repeat(10_000)));
  expect(lines).toHaveLength(500);
  wait(1_000);
  log.push(Buffer.from('later\n'));
  expect(lines.slice(-2)).toEqual([
    ['warn', '9501 more lines (47505 bytes) came too fast and were dropped.'],
    ['warn', 'later'],
  ]);
});
