import type { Readable } from 'node:stream';
import { odd } from './shape.ts';

export type OutputStream = 'stdout' | 'stderr';

/** A piece of a container's output as the engine stored or sent it: one log entry, or part of a longer one. */
export interface Frame {
  stream: OutputStream;
  data: Buffer;
}

const header = 8;
/** In bytes; engines cut what containers write into frames of some KB. */
const largestFrame = 64 * 1024 * 1024;
const streams: readonly (OutputStream | undefined)[] = ['stdout', 'stdout', 'stderr'];

/**
 * Takes the engine's multiplexed format apart: eight bytes of header (stream, length), then the data. Holds no more
 * than the unfinished frame. Throws DockerError `failed` where a frame is larger than 64 MB.
 */
export function createDemuxer(): (chunk: Buffer) => Frame[] {
  let parts: Buffer[] = [];
  let held = 0;
  let wanted = header;
  let stream: OutputStream | null = null;

  function take(): Buffer {
    const all = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts, held);
    const taken = all.subarray(0, wanted);
    parts = [all.subarray(wanted)];
    held = all.length - wanted;
    return taken;
  }

  return (chunk) => {
    const frames: Frame[] = [];
    parts.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const bytes = take();
      if (stream === null) {
        stream = streams[bytes.readUInt8(0)] ?? 'stdout';
        wanted = bytes.readUInt32BE(4);
        if (wanted > largestFrame) throw odd('output of a container');
      } else {
        frames.push({ stream, data: bytes });
        stream = null;
        wanted = header;
      }
    }
    return frames;
  };
}

/** Reads output as frames, no faster than they are taken. With a terminal there are no frames: all of it is stdout. */
export async function* readFrames(source: Readable, tty: boolean): AsyncGenerator<Frame> {
  const demux = createDemuxer();
  for await (const chunk of source) {
    if (tty) yield { stream: 'stdout', data: chunk as Buffer };
    else yield* demux(chunk as Buffer);
  }
}
