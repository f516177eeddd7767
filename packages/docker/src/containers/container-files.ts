import { posix } from 'node:path';
import { PassThrough, pipeline, Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { DockerError, toDockerError } from '../errors.ts';
import { bounded, contentOf, gather, readHeaders, relativePath, tooLarge, unpack } from './container-archive.ts';
import type { ContainerInfo } from './container-info.ts';
import { listFolder, type FolderListing, type ListLimits } from './container-listing.ts';
import {
  absolute,
  explainPath,
  followPath,
  isAbsent,
  openArchive,
  statPath,
  type PathStat,
} from './container-paths.ts';
import type { Exec } from './exec.ts';

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

/** Links are followed, as programs in the container would, but never out of it. */
export interface ContainerFiles {
  /** The entry at a path; a link is described itself. */
  stat(reference: string, path: string, options?: CallOptions): Promise<PathStat>;
  /** A file or directory as a tar archive, of any size. */
  copyOut(reference: string, path: string, options?: CallOptions): Promise<Readable>;
  /** Begins to read one file, of any size. */
  openFile(reference: string, path: string, options?: CallOptions): Promise<OpenFile>;
  /** One file's content. */
  readFile(reference: string, path: string, options?: CopyLimit): Promise<Buffer>;
  /** Lists a directory of any size, within limits of entries and time. */
  listFiles(reference: string, path: string, options?: CallOptions & ListLimits): Promise<FolderListing>;
  /** Writes files into a directory that exists; where a link has a file's name, its target is written. */
  writeFiles(reference: string, directory: string, files: readonly FileInput[], options?: CopyLimit): Promise<void>;
  /**
   * Unpacks a tar archive into a directory that exists; entries that lead out of it are refused. As `tar` does, an entry
   * takes the place of a link.
   */
  copyIn(reference: string, directory: string, archive: Readable | Buffer, options?: CopyLimit): Promise<void>;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Copies files into and out of containers, running or not. */
export function createContainerFiles(
  connection: Connection,
  get: (reference: string, options?: CallOptions) => Promise<ContainerInfo>,
  exec: Pick<Exec, 'run'>,
): ContainerFiles {
  async function copyOut(reference: string, path: string, options: CallOptions = {}): Promise<Readable> {
    const { id } = await get(reference, options);
    const { path: real } = await followPath(connection, id, path, options);
    const source = await openArchive(connection, id, real, options);
    // The reader gets the end of the request by the signal.
    return pipeline(source, new PassThrough(), () => {});
  }

  async function openFile(reference: string, path: string, options: CallOptions = {}): Promise<OpenFile> {
    const source = await copyOut(reference, path, options);
    const reader = unpack(source);
    const entries = reader[Symbol.asyncIterator]();
    function leave() {
      source.destroy();
      reader.destroy();
    }
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
  }

  async function putArchive(id: string, directory: string, archive: Buffer, options: CallOptions) {
    const query = { path: absolute(directory), noOverwriteDirNonDir: true };
    await connection
      .call((signal) => connection.docker.getContainer(id).putArchive(archive, withSignal(query, signal)), options)
      .catch((error: unknown) => {
        throw explainPath(error, directory);
      });
  }

  return {
    copyOut,
    openFile,
    stat: async (reference, path, options = {}) => {
      const { id } = await get(reference, options);
      return await statPath(connection, id, path, options);
    },
    readFile: async (reference, path, options = {}) => {
      const maxBytes = options.maxBytes ?? defaultMaxBytes;
      const { bytes, content } = await openFile(reference, path, options);
      if (bytes > maxBytes) {
        await content.return?.();
        throw tooLarge(maxBytes);
      }
      return await gather(content);
    },
    listFiles: async (reference, path, options = {}) => {
      const { id } = await get(reference, options);
      return await listFolder({ connection, exec, id, options }, path, options);
    },
    writeFiles: async (reference, directory, files, options = {}) => {
      const maxBytes = options.maxBytes ?? defaultMaxBytes;
      const total = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
      if (total > maxBytes) throw tooLarge(maxBytes);
      const { id } = await get(reference, options);
      // Every place is known before anything is written.
      const placed: (FileInput & FileTarget)[] = [];
      for (const file of files) {
        placed.push({ ...file, ...(await placeOf(connection, id, directory, relativePath(file.path), options)) });
      }
      for (const [folder, group] of Map.groupBy(placed, (file) => file.folder)) {
        await putArchive(id, folder, await packed(group), options);
      }
    },
    copyIn: async (reference, directory, archive, options = {}) => {
      const source = Buffer.isBuffer(archive) ? Readable.from([archive]) : archive;
      const bytes = await gather(bounded(source, options.maxBytes ?? defaultMaxBytes));
      await readHeaders(Readable.from([bytes]), connection.host, ({ name, type, linkname }) => {
        relativePath(name);
        if (type === 'link') relativePath(linkname ?? '');
      });
      const { id } = await get(reference, options);
      await putArchive(id, directory, bytes, options);
    },
  };
}

/** The place of a written file: a folder that exists, and the path in it. */
interface FileTarget {
  folder: string;
  path: string;
}

/** Of a link the place it leads to. Throws `conflict` where no file can be written there. */
async function placeOf(
  connection: Connection,
  id: string,
  folder: string,
  path: string,
  options: CallOptions,
): Promise<FileTarget> {
  const full = posix.join(absolute(folder), path);
  function look(at: string) {
    return statPath(connection, id, at, options).catch((error: unknown) => {
      if (isAbsent(error)) return null;
      throw error;
    });
  }
  const stat = await look(full);
  if (stat?.type !== 'link') return { folder, path };
  const target = stat.linkTarget ?? '/';
  const behind = await look(target);
  const parent = posix.dirname(target);
  if (behind === null && (await look(parent))?.type !== 'directory') {
    throw new DockerError('conflict', `${full} is a link to ${target}, and there is no directory ${parent}.`);
  }
  if (behind !== null && behind.type !== 'file') {
    throw new DockerError('conflict', `${full} is a link to ${target}, which is no file: nothing was written.`);
  }
  return { folder: parent, path: posix.basename(target) };
}

async function packed(files: readonly FileInput[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, content, mode = 0o644 } of files) {
    archive.entry({ name: path, mode, mtime: new Date() }, Buffer.from(content));
  }
  archive.finalize();
  return await gather(archive);
}
