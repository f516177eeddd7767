import { expect, test } from 'vitest';
import { createIntake } from './definitions/intake.ts';
import { createNotes } from './definitions/notes.ts';
import { LineSplitter } from './upstream/links/lines.ts';
import { createEventParser } from './upstream/links/sse-parser.ts';
import { createMask } from './upstream/mask.ts';

/** Megabytes on which work that grows with the square takes minutes and more. */

function split(text: string, carriageReturns: boolean, size = text.length): void {
  const sink = { limit: 1_000_000, carriageReturns, line: () => undefined, oversize: () => undefined };
  const splitter = new LineSplitter(sink);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
}

function parse(text: string): void {
  createEventParser({ limit: 10_000_000, event: () => undefined, oversize: () => undefined }).push(Buffer.from(text));
}

function take(item: unknown): void {
  void createIntake('tool', { left: 1e9 }, createNotes()).take(item);
}

function tool(inputSchema: unknown, outputSchema: unknown = { type: 'object' }) {
  return {
    name: 't',
    inputSchema,
    outputSchema,
  };
}
function many(count: number, value: unknown) {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, value]));
}

const wide = tool({ type: 'object', properties: many(200_000, true) });
const long = Array.from({ length: 4_000_000 }, () => 1);

test.each<[string, () => void]>([
  ['line ends', () => split('\n'.repeat(4_000_000), true)],
  ['carriage returns before one line end', () => split(`${'\r'.repeat(4_000_000)}\n`, true)],
  ['line ends before one carriage return', () => split(`${'\n'.repeat(4_000_000)}\r`, true)],
  ['pieces of one line', () => split('x'.repeat(2_000_000), false, 16)],
  ['lines of one event', () => parse('data:x\n'.repeat(500_000))],
  [
    'values of a mask',
    () => createMask(Array.from({ length: 500 }, (_, at) => `${'a'.repeat(100)}${at}`))('a'.repeat(4_000_000), 8192),
  ],
  [
    'references',
    () =>
      take(
        tool({ type: 'object' }, { type: 'object', properties: many(4000, { $ref: `#/${'properties/'.repeat(3)}` }) }),
      ),
  ],
  [
    'references that end',
    () =>
      take(
        tool({ type: 'object' }, { type: 'object', $defs: { a: {} }, properties: many(8000, { $ref: '#/$defs/a' }) }),
      ),
  ],
  ['properties', () => take(wide)],
  ['entries', () => take(long)],
])('megabytes of %s are done soon', (_what, work) => {
  const begun = process.cpuUsage();
  work();
  expect(process.cpuUsage(begun).user).toBeLessThan(10_000_000);
});
