import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readJsonLines } from './json-lines.ts';

function read(chunks: Iterable<Buffer>) {
  return Array.fromAsync(readJsonLines(Readable.from(chunks)));
}

it('lines of JSON come whole, however they are cut, and the last one without its end', async () => {
  const bytes = Buffer.from('{"a":"ü"}\n\nno JSON\n[1]\r\n{"b":2}');
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    expect(await read(chunks), String(size)).toEqual([{ a: 'ü' }, [1], { b: 2 }]);
  }
});

it('a line that does not end is refused, in time that grows with its length only', { timeout: 5_000 }, async () => {
  const chunk = Buffer.from('x'.repeat(1_000));
  function* endless() {
    for (;;) yield chunk;
  }
  await expect(read(endless())).rejects.toMatchObject({ code: 'failed', message: /not a line of JSON/ });
});
