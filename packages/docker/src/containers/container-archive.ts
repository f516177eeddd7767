import { pipeline, Transform, type Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { DockerError, invalid, toDockerError } from '../errors.ts';

/** Reads and bounds tar archives, which is what an engine takes and gives files as. */

export interface TarHeader {
  name: string;
  type?: string | null | undefined;
  size?: number | undefined;
  mode?: number | undefined;
  mtime?: Date | undefined;
  linkname?: string | null | undefined;
}

/** The entries of an archive, one after the other; an error of the source comes out of them. */
export function unpack(source: Readable): ReturnType<typeof extract> {
  const reader = extract();
  source.on('error', (error) => reader.destroy(error));
  source.pipe(reader);
  return reader;
}

/** Calls `entry` with each entry's header; contents are passed over unless it reads them. */
export async function readHeaders(
  source: Readable,
  host: string,
  entry: (header: TarHeader) => void | 'enough',
): Promise<void> {
  try {
    for await (const file of unpack(source)) {
      file.resume();
      if (entry(file.header) === 'enough') return;
    }
  } catch (error) {
    throw toDockerError(error, host);
  } finally {
    source.destroy();
  }
}

/** No generator: what was opened and never read has to be closed too. */
export function contentOf(
  entry: AsyncIterable<unknown>,
  host: string,
  leave: () => void,
): AsyncIterableIterator<Buffer> {
  const chunks = entry[Symbol.asyncIterator]();
  const content: AsyncIterableIterator<Buffer> = {
    [Symbol.asyncIterator]: () => content,
    next: async () => {
      try {
        const { done, value } = await chunks.next();
        if (done !== true) return { done: false, value: value as Buffer };
      } catch (error) {
        leave();
        throw toDockerError(error, host);
      }
      leave();
      return { done: true, value: undefined };
    },
    return: async () => {
      leave();
      return { done: true, value: undefined };
    },
  };
  return content;
}

/** The same stream; beyond `maxBytes` it ends with `too_large`. */
export function bounded(source: Readable, maxBytes: number): Readable {
  let seen = 0;
  const counted = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      seen += chunk.length;
      if (seen > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  return pipeline(source, counted, () => {});
}

export async function gather(source: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Checks a path inside an archive. */
export function relativePath(path: string): string {
  const parts = path.replace(/^\.\//, '').split('/');
  if (path === '' || path.startsWith('/') || path.includes('\0') || parts.includes('..')) {
    throw invalid('path', `"${path}" has to lie inside the directory that is written to.`);
  }
  return path;
}

export function tooLarge(maxBytes: number): DockerError {
  return new DockerError('too_large', `There is more to copy than the limit of ${maxBytes} bytes.`);
}
