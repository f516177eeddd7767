import { PassThrough, pipeline, Readable, Transform } from 'node:stream';
import { extract, pack } from 'tar-stream';
import { dial, withSignal, type CallOptions, type Connection } from './connection.ts';
import type { ContainerInfo } from './container-info.ts';
import { DockerError, invalid, toDockerError } from './errors.ts';

export interface FileEntry {
  /** Relative to the directory that was asked for. */
  path: string;
  type: 'file' | 'directory' | 'link' | 'other';
  bytes: number;
  /** Permission bits. */
  mode: number;
  /** RFC 3339. */
  modified: string;
  linkTarget: string | null;
}

export interface FileInput {
  /** Relative to the directory that is written to; folders on the way are made. */
  path: string;
  content: string | Buffer;
  /** Default 0o644. */
  mode?: number;
}

export interface CopyLimit extends CallOptions {
  /** Default 64 MB. */
  maxBytes?: number;
}

/** One file of a container, read no faster than it is taken. */
export interface OpenFile {
  bytes: number;
  /** Its `return` ends the request to the engine, read or not. */
  content: AsyncIterableIterator<Buffer>;
}

export interface ContainerFiles {
  /** A file or directory as a tar archive, of any size. */
  copyOut(reference: string, path: string, options?: CallOptions): Promise<Readable>;
  /** Begins to read one file, of any size. */
  openFile(reference: string, path: string, options?: CallOptions): Promise<OpenFile>;
  /** One file's content. */
  readFile(reference: string, path: string, options?: CopyLimit): Promise<Buffer>;
  /** What lies in a directory; reads all of it, so the limit holds here too. */
  listFiles(reference: string, path: string, options?: CopyLimit): Promise<FileEntry[]>;
  /** Writes files into a directory that exists. */
  writeFiles(reference: string, directory: string, files: readonly FileInput[], options?: CopyLimit): Promise<void>;
  /** Unpacks a tar archive into a directory that exists; entries that lead out of it are refused. */
  copyIn(reference: string, directory: string, archive: Readable | Buffer, options?: CopyLimit): Promise<void>;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Copies files into and out of containers, running or not. */
export function createContainerFiles(
  connection: Connection,
  get: (reference: string, options?: CallOptions) => Promise<ContainerInfo>,
): ContainerFiles {
  const copyOut = async (reference: string, path: string, options: CallOptions = {}): Promise<Readable> => {
    const { id } = await get(reference, options);
    const request = { path: `/containers/${id}/archive`, query: { path: absolute(path) }, stream: true };
    const source = await dial<Readable>(connection, request, options).catch((error: unknown) => {
      throw missing(error, path);
    });
    // The signal's end of the request comes out of whoever reads.
    return pipeline(source, new PassThrough(), () => {});
  };

  const openFile = async (reference: string, path: string, options: CallOptions = {}): Promise<OpenFile> => {
    const source = await copyOut(reference, path, options);
    const reader = unpack(source);
    const entries = reader[Symbol.asyncIterator]();
    const leave = () => {
      source.destroy();
      reader.destroy();
    };
    try {
      const { value: first } = await entries.next();
      if (first?.header.type !== 'file') throw new DockerError('conflict', `${path} is no file.`);
      return {
        bytes: first.header.size ?? 0,
        content: contentOf(first, connection.host, leave),
      };
    } catch (error) {
      leave();
      throw toDockerError(error, connection.host);
    }
  };

  const putArchive = async (reference: string, directory: string, archive: Buffer, options: CallOptions) => {
    const { id } = await get(reference, options);
    const query = { path: absolute(directory), noOverwriteDirNonDir: true };
    await connection
      .call((signal) => connection.docker.getContainer(id).putArchive(archive, withSignal(query, signal)), options)
      .catch((error: unknown) => {
        throw missing(error, directory);
      });
  };

  return {
    copyOut,
    openFile,
    readFile: async (reference, path, options = {}) => {
      const maxBytes = options.maxBytes ?? MAX_BYTES;
      const { bytes, content } = await openFile(reference, path, options);
      if (bytes > maxBytes) {
        await content.return?.();
        throw tooLarge(maxBytes);
      }
      return await gather(content);
    },
    listFiles: async (reference, path, options = {}) => {
      const entries: FileEntry[] = [];
      const archive = pipeline(
        await copyOut(reference, path, options),
        bounded(options.maxBytes ?? MAX_BYTES),
        () => {},
      );
      await readTar(archive, connection.host, async (header, content) => {
        content.resume();
        const [, ...rest] = header.name.replace(/\/$/, '').split('/');
        if (rest.length === 0) return;
        entries.push({
          path: rest.join('/'),
          type: typeOf(header.type),
          bytes: header.size ?? 0,
          mode: (header.mode ?? 0) & 0o7777,
          modified: (header.mtime ?? new Date(0)).toISOString(),
          linkTarget: header.linkname ?? null,
        });
      });
      return entries;
    },
    writeFiles: async (reference, directory, files, options = {}) => {
      const maxBytes = options.maxBytes ?? MAX_BYTES;
      const total = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      if (total > maxBytes) throw tooLarge(maxBytes);
      const archive = pack();
      for (const { path, content, mode = 0o644 } of files) {
        archive.entry({ name: relativePath(path), mode, mtime: new Date() }, Buffer.from(content));
      }
      archive.finalize();
      await putArchive(reference, directory, await gather(archive), options);
    },
    copyIn: async (reference, directory, archive, options = {}) => {
      const source = Buffer.isBuffer(archive) ? Readable.from([archive]) : archive;
      const bytes = await gather(pipeline(source, bounded(options.maxBytes ?? MAX_BYTES), () => {}));
      await readTar(Readable.from([bytes]), connection.host, async ({ name, type, linkname }, content) => {
        content.resume();
        relativePath(name);
        if (type === 'link') relativePath(linkname ?? '');
      });
      await putArchive(reference, directory, bytes, options);
    },
  };
}

/** The entries of an archive, one after the other; an error of the source comes out of them. */
function unpack(source: Readable): ReturnType<typeof extract> {
  const reader = extract();
  source.on('error', (error) => reader.destroy(error));
  source.pipe(reader);
  return reader;
}

interface TarHeader {
  name: string;
  type?: string | null | undefined;
  size?: number | undefined;
  mode?: number | undefined;
  mtime?: Date | undefined;
  linkname?: string | null | undefined;
}

async function readTar(
  source: Readable,
  host: string,
  entry: (header: TarHeader, content: Readable) => Promise<void>,
): Promise<void> {
  try {
    for await (const file of unpack(source)) await entry(file.header, file as unknown as Readable);
  } catch (error) {
    throw toDockerError(error, host);
  } finally {
    source.destroy();
  }
}

/** No generator: what was opened and never read has to be closed too. */
function contentOf(entry: AsyncIterable<unknown>, host: string, leave: () => void): AsyncIterableIterator<Buffer> {
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

function bounded(maxBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      seen += chunk.length;
      if (seen > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

async function gather(source: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Checks a path in a container that is to be read or written. */
export function absolute(path: string): string {
  if (!path.startsWith('/') || path.includes('\0'))
    throw invalid('path', `"${path}" has to be an absolute path in the container.`);
  if (path.split('/').includes('..')) throw invalid('path', `"${path}" must not hold "..".`);
  return path;
}

/** Checks a path inside an archive. */
export function relativePath(path: string): string {
  const parts = path.replace(/^\.\//, '').split('/');
  if (path === '' || path.startsWith('/') || path.includes('\0') || parts.includes('..')) {
    throw invalid('path', `"${path}" has to lie inside the directory that is written to.`);
  }
  return path;
}

function typeOf(type: string | null | undefined): FileEntry['type'] {
  if (type === 'file' || type === 'directory') return type;
  return type === 'symlink' || type === 'link' ? 'link' : 'other';
}

function tooLarge(maxBytes: number): DockerError {
  return new DockerError('too_large', `There is more to copy than the limit of ${maxBytes} bytes.`);
}

function missing(error: unknown, path: string): unknown {
  if (!(error instanceof DockerError) || error.code !== 'not_found') return error;
  return new DockerError('not_found', `There is no ${path} in the container.`, { status: 404 });
}
