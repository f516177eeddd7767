import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { dial, type CallOptions, type Connection } from '../engine/connection.ts';
import { number, record, text } from '../engine/shape.ts';
import { DockerError, invalid } from '../errors.ts';

export type PathType = 'file' | 'directory' | 'link' | 'other';

/** An entry at a path of a container. */
export interface PathStat {
  type: PathType;
  bytes: number;
  /** Permission bits. */
  mode: number;
  /** RFC 3339. */
  modified: string;
  /** Of a link: where it leads in the end, absolute; null of anything else. */
  linkTarget: string | null;
}

// The engine encodes modes as Go's os.FileMode.
const directory = 2 ** 31;
const symlink = 2 ** 27;
/** Devices, pipes, sockets and whatever else is no file. */
const irregular = 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19;
const specialBits = [
  [2 ** 23, 0o4000],
  [2 ** 22, 0o2000],
  [2 ** 20, 0o1000],
] as const;

function archiveOf(id: string, path: string) {
  return {
    path: `/containers/${id}/archive`,
    query: { path: absolute(path) },
    stream: true,
  };
}

/** The entry at a path; a link is described itself. Copies nothing. Rejects with `not_found` where there is none. */
export async function statPath(
  connection: Connection,
  id: string,
  path: string,
  options: CallOptions = {},
): Promise<PathStat> {
  const request = { ...archiveOf(id, path), method: 'HEAD' } as const;
  try {
    const answer = await dial<IncomingMessage>(connection, request, options);
    answer.resume();
    return readStat(answer.headers['x-docker-container-path-stat']);
  } catch (error) {
    // An answer to HEAD has no words; the same request as GET says why.
    if (error instanceof DockerError && (error.status ?? 0) >= 500) {
      (await openArchive(connection, id, path, options)).destroy();
    }
    throw explainPath(error, path);
  }
}

/** A file or directory as a tar archive, which is read no faster than it is taken; a link as a link. */
export async function openArchive(
  connection: Connection,
  id: string,
  path: string,
  options: CallOptions = {},
): Promise<Readable> {
  return await dial<Readable>(connection, archiveOf(id, path), options).catch((error: unknown) => {
    throw explainPath(error, path);
  });
}

/** The entry at a path, behind the link where it is one, and its path. */
export async function followPath(
  connection: Connection,
  id: string,
  path: string,
  options: CallOptions = {},
): Promise<{ path: string; stat: PathStat }> {
  const stat = await statPath(connection, id, path, options);
  if (stat.type !== 'link') return { path, stat };
  // The engine has followed every link on the way already.
  const target = stat.linkTarget ?? '/';
  const found = await statPath(connection, id, target, options).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
    throw new DockerError('not_found', `${path} is a link to ${target}, where nothing lies.`, { status: 404 });
  });
  return { path: target, stat: found };
}

export function isAbsent(error: unknown): boolean {
  return error instanceof DockerError && error.code === 'not_found';
}

/** Checks a path in a container that is to be read or written. */
export function absolute(path: string): string {
  if (!path.startsWith('/') || path.includes('\0'))
    throw invalid('path', `"${path}" has to be an absolute path in the container.`);
  if (path.split('/').includes('..')) throw invalid('path', `"${path}" must not hold "..".`);
  return path;
}

/** An error of the engine about a path, without the paths of the engine's own machine that it names. */
export function explainPath(error: unknown, path: string): unknown {
  if (!(error instanceof DockerError)) return error;
  const told = { cause: error, ...(error.status !== null && { status: error.status }) };
  if (/too many links/i.test(error.message)) {
    return new DockerError('conflict', `${path} is, or lies behind, a link that leads in a circle.`, told);
  }
  const absent = error.code === 'not_found' || /: not a directory$/i.test(error.message.trim());
  return absent ? new DockerError('not_found', `There is no ${path} in the container.`, told) : error;
}

function readStat(header: unknown): PathStat {
  const raw = record(typeof header === 'string' ? parsed(header) : null);
  const mode = number(raw['mode']);
  function has(bits: number) {
    return Math.floor(mode / bits) % 2 === 1;
  }
  const type = typeOf(has(symlink), has(directory), (mode & irregular) !== 0);
  const special = specialBits.reduce((sum, [bits, mine]) => sum + (has(bits) ? mine : 0), 0);
  const modified = new Date(text(raw['mtime']));
  return {
    type,
    bytes: type === 'file' ? number(raw['size']) : 0,
    mode: special + (mode & 0o777),
    modified: (Number.isNaN(modified.getTime()) ? new Date(0) : modified).toISOString(),
    linkTarget: type === 'link' ? text(raw['linkTarget']) : null,
  };
}

function typeOf(isLink: boolean, isDirectory: boolean, isIrregular: boolean): PathType {
  if (isLink) return 'link';
  if (isDirectory) return 'directory';
  return isIrregular ? 'other' : 'file';
}

function parsed(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString());
  } catch {
    return null;
  }
}
