import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, type OversizeLine } from './lines.ts';

function split(chunks: readonly Buffer[], options: { limit?: number; carriageReturns?: boolean } = {}) {
  const lines: string[] = [];
  const oversize: OversizeLine[] = [];
  const splitter = new LineSplitter({
    limit: options.limit ?? 1_000_000,
    carriageReturns: options.carriageReturns ?? false,
    line: (bytes) => lines.push(bytes.toString('utf8')),
    oversize: (line) => oversize.push(line),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, oversize };
}

/** Cuts text into chunks at the given places, also in the middle of characters. */
function cut(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((place, index) => bytes.subarray(place, sorted[index] ?? bytes.length));
}

describe('lines', () => {
  it('are the same however the bytes are cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '新', '👋', '\n', '\r'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (source, places) => {
        const expected = source.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(split(cut(source, places)).lines).toEqual(expected);
      }),
    );
  });

  it('end at any of CR, LF and CRLF where carriage returns count', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '新', '\n', '\r', '\r\n'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (source, places) => {
        const expected = source.split(/\r\n|\r|\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(split(cut(source, places), { carriageReturns: true }).lines).toEqual(expected);
      }),
    );
  });

  it('over the limit are dropped, with their two ends kept, and the next one is whole', () => {
    const text = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(text, fc.array(fc.nat(100)), ([before, long, after], places) => {
        const source = `${'a'.repeat(before)}\n${'b'.repeat(long)}\n${'c'.repeat(after)}\n`;
        const { lines, oversize } = split(cut(source, places), { limit: 20 });
        const all = ['a'.repeat(before), 'b'.repeat(long), 'c'.repeat(after)];
        expect(lines).toEqual(all.filter((line) => line.length <= 20));
        const dropped = all.filter((line) => line.length > 20);
        expect(oversize.map(({ bytes, tail }) => [bytes, tail.toString()])).toEqual(
          dropped.map((line) => [line.length, line]),
        );
        for (const { head } of oversize) expect(head.toString()).toMatch(/^(?:a{20,}|b{20,}|c{20,})$/);
      }),
    );
  });

  it('keep only 4 KB of each end of an endless line', () => {
    const held = [];
    const splitter = new LineSplitter({ limit: 10_000, carriageReturns: false, line: () => {}, oversize: () => {} });
    for (let index = 0; index < 1_000; index += 1) {
      splitter.push(Buffer.alloc(1_000, 'x'));
      held.push(splitter.pending());
    }
    expect(Math.max(...held)).toBeLessThanOrEqual(10_000);
    expect(held.at(-1)).toBe(8_192);
  });
});
