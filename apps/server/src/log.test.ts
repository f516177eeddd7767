import { expect, test } from 'vitest';
import { toReadableLine } from './log.ts';

test('a readable line has time, level, message and fields', () => {
  const line = toReadableLine('{"level":40,"time":1700000000000,"server":"demo","count":2,"msg":"It failed"}');
  expect(line).toBe('22:13:20 warn  It failed server=demo count=2\n');
});

test('what others wrote stays on its line and moves no cursor', () => {
  const fields = { msg: 'a\nb\u001b[2J', server: 'x\r\u009b31m', error: { message: 'y\u0085\u202ez' } };
  const line = toReadableLine(JSON.stringify({ level: 30, time: 0, ...fields }));
  expect(line).toBe(
    '00:00:00 info  a\\u000ab\\u001b[2J server=x\\u000d\\u009b31m error={"message":"y\\u0085\\u202ez"}\n',
  );
});
