import { expect, test } from 'vitest';
import { toReadableLine } from './log.ts';

test('a readable line has time, level, message and fields', () => {
  const line = toReadableLine('{"level":40,"time":1700000000000,"server":"demo","count":2,"msg":"It failed"}');
  expect(line).toBe('22:13:20 warn  It failed server=demo count=2\n');
});
