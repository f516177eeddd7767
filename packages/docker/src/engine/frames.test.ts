import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemuxer, readFrames, type Frame } from './frames.ts';
import { createLineReader, type LogLine } from './log-lines.ts';

function encode({ stream, data }: Frame): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream === 'stdout' ? 1 : 2, 0);
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}
function frame(text: string, stream: Frame['stream'] = 'stdout'): Frame {
  return { stream, data: Buffer.from(text) };
}

describe('multiplexed output', () => {
  it('comes out the same however the bytes are cut', () => {
    const frames = fc.array(
      fc.record({
        stream: fc.constantFrom('stdout' as const, 'stderr' as const),
        data: fc.uint8Array().map((a) => Buffer.from(a)),
      }),
    );
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (given, cuts) => {
        const bytes = Buffer.concat(given.map(encode));
        const demux = createDemuxer();
        const seen: Frame[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          seen.push(...demux(bytes.subarray(at, at + length)));
          at += length;
        }
        expect(seen).toEqual(given);
      }),
    );
  });

  it('has no frame that would fill the memory', () => {
    const header = encode(frame(''));
    header.writeUInt32BE(2 ** 32 - 1, 4);
    expect(() => createDemuxer()(header)).toThrow(/not output of a container/);
  });

  it('is taken raw from a terminal', async () => {
    const seen: string[] = [];
    for await (const { data } of readFrames(Readable.from([Buffer.from('\u0001\u0000raw')]), true))
      seen.push(String(data));
    expect(seen).toEqual(['\u0001\u0000raw']);
  });

  it('is read no faster than it is taken', async () => {
    let made = 0;
    const source = new Readable({
      highWaterMark: 64 * 1024,
      read() {
        made += 1;
        this.push(made > 10_000 ? null : encode(frame('x'.repeat(1024))));
      },
    });
    const frames = readFrames(source, false);
    await frames.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toBeLessThan(200);
    await frames.return(undefined);
    expect(source.destroyed).toBe(true);
  });
});

describe('log lines', () => {
  const stamp = '2026-01-31T12:00:00.123456789Z';
  function read(frames: Frame[], framed = true, stamped = true): LogLine[] {
    const reader = createLineReader({ framed, stamped });
    return [...frames.flatMap((one) => reader.push(one)), ...reader.end()];
  }

  it('carry their time and their stream', () => {
    expect(read([frame(`${stamp} hello\n`), frame(`${stamp} oh\n`, 'stderr'), frame(`${stamp} \n`)])).toEqual([
      { stream: 'stdout', time: stamp, text: 'hello' },
      { stream: 'stderr', time: stamp, text: 'oh' },
      { stream: 'stdout', time: stamp, text: '' },
    ]);
  });

  it('are put together from the pieces the engine cuts', () => {
    const pieces = [
      frame(`${stamp} aaa`),
      frame('2026-01-31T12:00:01Z mid\n', 'stderr'),
      frame('2026-01-31T12:00:02Z bbb\n'),
    ];
    expect(read(pieces)).toEqual([
      { stream: 'stderr', time: '2026-01-31T12:00:01Z', text: 'mid' },
      { stream: 'stdout', time: stamp, text: 'aaabbb' },
    ]);
  });

  it('keep a character that is cut between two pieces', () => {
    const [first, second] = [Buffer.from('新').subarray(0, 2), Buffer.from('新').subarray(2)];
    const pieces = [
      { stream: 'stdout' as const, data: Buffer.concat([Buffer.from(`${stamp} `), first]) },
      { stream: 'stdout' as const, data: Buffer.concat([Buffer.from(`${stamp} `), second, Buffer.from('\n')]) },
    ];
    expect(read(pieces)).toEqual([{ stream: 'stdout', time: stamp, text: '新' }]);
  });

  it('come from a terminal in chunks of any size, without carriage returns', () => {
    const text = `${stamp} one\r\n${stamp} two\r\n${stamp} thr`;
    const frames = [text.slice(0, 10), text.slice(10, 50), text.slice(50)].map((part) => frame(part));
    expect(read(frames, false)).toEqual([
      { stream: 'stdout', time: stamp, text: 'one' },
      { stream: 'stdout', time: stamp, text: 'two' },
      { stream: 'stdout', time: stamp, text: 'thr' },
    ]);
  });

  it('of a terminal lose the stamps of each piece of a long line, and nothing else', () => {
    const inner = `at ${stamp} x`;
    const body = Buffer.from(`${inner}${'新'.repeat(15_000)}`);
    const pieces = Array.from({ length: Math.ceil(body.length / 16_384) }, (_, at) =>
      body.subarray(at * 16_384, (at + 1) * 16_384),
    );
    const stored = Buffer.concat([
      ...pieces.flatMap((piece) => [Buffer.from(`${stamp} `), piece]),
      Buffer.from(`\r\n${stamp} ${stamp} last\r\n`),
    ]);
    for (const size of [1, 7, 100, 16_384, stored.length]) {
      const chunks = Array.from({ length: Math.ceil(stored.length / size) }, (_, at) => ({
        stream: 'stdout' as const,
        data: stored.subarray(at * size, (at + 1) * size),
      }));
      const expected = [
        { stream: 'stdout', time: stamp, text: body.toString() },
        { stream: 'stdout', time: stamp, text: `${stamp} last` },
      ];
      expect(read(chunks, false)).toEqual(expected);
    }
  });

  it('keep what looks like a stamp where none was asked for', () => {
    for (const framed of [true, false]) {
      expect(read([frame(`${stamp} mine\n`)], framed, false)).toEqual([
        { stream: 'stdout', time: null, text: `${stamp} mine` },
      ]);
    }
  });

  it('of a terminal are read in linear time', () => {
    const chunk = frame(`${stamp} x\r\n`.repeat(30_000));
    const started = process.cpuUsage();
    expect(read([chunk], false)).toHaveLength(30_000);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5_000);
  });

  it('are bounded', () => {
    const lines = read(Array.from({ length: 3 * 16 }, () => frame(`${stamp} ${'x'.repeat(64 * 1024)}`)));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.reduce((sum, { text }) => sum + text.length, 0)).toBe(3 * 1024 * 1024);
  });
});
