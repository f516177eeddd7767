import { posix } from 'node:path';
import type { CallOptions, Connection } from '../engine/connection.ts';
import { DockerError } from '../errors.ts';
import { bounded, readHeaders, type TarHeader } from './container-archive.ts';
import {
  explainPath,
  followPath,
  isAbsent,
  openArchive,
  statPath,
  type PathStat,
  type PathType,
} from './container-paths.ts';
import type { Exec } from './exec.ts';

export interface FileEntry {
  /** Its name in the directory. */
  path: string;
  type: PathType;
  bytes: number;
  /** Permission bits. */
  mode: number;
  /** RFC 3339. */
  modified: string;
  /** Of a link: what it leads to, as it is written or, where only the engine was asked, in the end. */
  linkTarget: string | null;
  /** Of a link: the type of its target. `missing`: none, or a circle; `unknown`: not checked. */
  targetType: 'file' | 'directory' | 'other' | 'missing' | 'unknown' | null;
}

export interface FolderListing {
  entries: FileEntry[];
  /** False where the limits were reached before the end of the directory. */
  complete: boolean;
}

export interface ListLimits {
  /**
   * The most bytes of the directory's archive that are read before a program of the running container is asked; default
   * 32 MB.
   */
  quickBytes?: number;
  /** The most bytes that are read of it at all; default 8 GB. */
  mostBytes?: number;
  /** Default 20,000. */
  mostEntries?: number;
  /** How long it may take altogether; default 20 s. */
  maxMs?: number;
}

interface ListedFolder {
  connection: Connection;
  exec: Pick<Exec, 'run'>;
  id: string;
  /** Absolute, and no link. */
  path: string;
  options: CallOptions;
}

const defaultQuickBytes = 32 * 1024 * 1024;
const defaultMostBytes = 8 * 1024 ** 3;
const defaultMostEntries = 20_000;
const mostMs = 20_000;
/** Entries that the engine is asked about one by one, and at once. */
const mostLooked = 2_000;
const mostLinks = 400;
const atOnce = 8;
/** For all programs together: one that hangs is not waited for twice. */
const programsMs = 3_000;

/**
 * Lists a directory. The engine has no request for that: it sends the whole directory as an archive, of which only the
 * headers are read. For a large one, a program of the running container lists the names and the engine is asked about
 * each; without such a program the archive is read on, within limits. None of it is stored.
 */
export async function listFolder(
  at: Omit<ListedFolder, 'path'>,
  path: string,
  limits: ListLimits = {},
): Promise<FolderListing> {
  const {
    quickBytes = defaultQuickBytes,
    mostBytes = defaultMostBytes,
    mostEntries = defaultMostEntries,
    maxMs = mostMs,
  } = limits;
  const { path: real, stat } = await followPath(at.connection, at.id, path, at.options);
  if (stat.type !== 'directory') throw new DockerError('conflict', `${path} is no directory.`);
  const place = { ...at, path: real };
  const endsAt = Date.now() + maxMs;
  const first = await scan(place, { maxBytes: quickBytes, mostEntries, endsAt });
  const found = first.complete || first.entries.size >= mostEntries ? first : await more(place, first, endsAt);
  return { entries: await withTargets(place, found.entries), complete: found.complete };

  async function more(large: ListedFolder, begun: Scanned, until: number): Promise<Scanned> {
    const programsEndAt = Date.now() + programsMs;
    for (const program of programs) {
      const timeoutMs = programsEndAt - Date.now();
      const names = timeoutMs > 0 ? await namesBy(program, large, timeoutMs) : null;
      const all = names && (await looked(large, begun, names, until));
      if (all !== null) return all;
    }
    return await scan(large, { maxBytes: mostBytes, mostEntries, endsAt: until });
  }
}

interface Scanned {
  entries: Map<string, FileEntry>;
  complete: boolean;
}

function inside(path: string, name: string): string {
  return `${path === '/' ? '' : path.replace(/\/$/, '')}/${name}`;
}

/** Reads headers of the directory's archive until its end or a limit. */
async function scan(
  { connection, id, path, options }: ListedFolder,
  { maxBytes, mostEntries, endsAt }: { maxBytes: number; mostEntries: number; endsAt: number },
): Promise<Scanned> {
  const entries = new Map<string, FileEntry>();
  const source = bounded(await openArchive(connection, id, inside(path, '.'), options), maxBytes);
  const slow = new DockerError('timeout', 'The directory takes too long to read.');
  const timer = setTimeout(() => source.destroy(slow), Math.max(0, endsAt - Date.now()));
  let full = false;
  try {
    await readHeaders(source, connection.host, (header) => {
      const entry = toEntry(header);
      if (entry !== null) entries.set(entry.path, entry);
      full = entries.size >= mostEntries;
      return full ? 'enough' : undefined;
    });
    return { entries, complete: !full };
  } catch (error) {
    if (error === slow || (error instanceof DockerError && error.code === 'too_large')) {
      return { entries, complete: false };
    }
    throw explainPath(error, path);
  } finally {
    clearTimeout(timer);
  }
}

/** Null for the directory itself, and for deeper entries. */
function toEntry({ name, type, size, mode, mtime, linkname }: TarHeader): FileEntry | null {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const [path] = parts;
  if (path === undefined || parts.length > 1) return null;
  // A second name of a file (`link`) is listed without its size, so it is followed like a symbolic link.
  const isLink = type === 'symlink' || type === 'link';
  const plain = type === 'file' || type === 'contiguous-file' ? 'file' : type === 'directory' ? 'directory' : 'other';
  return {
    path,
    type: isLink ? 'link' : plain,
    bytes: size ?? 0,
    mode: (mode ?? 0) & 0o7777,
    modified: (mtime ?? new Date(0)).toISOString(),
    linkTarget: isLink && type === 'symlink' ? (linkname ?? '') : null,
    targetType: isLink ? 'unknown' : null,
  };
}

interface Program {
  words(path: string): string[];
  /** Between names. */
  end: string;
}

/** BusyBox's `ls` writes `?` for letters other than ASCII, so `find` comes first. */
const programs: readonly Program[] = [
  { words: (path) => ['find', inside(path, '.'), '-mindepth', '1', '-maxdepth', '1', '-print0'], end: '\0' },
  { words: (path) => ['ls', '-1A', '--', path], end: '\n' },
];

/** Names by a program of the container; null where it has none, or does not run. */
async function namesBy(
  { words, end }: Program,
  { exec, id, path, options }: ListedFolder,
  timeoutMs: number,
): Promise<string[] | null> {
  const { signal } = options;
  const limits = { timeoutMs, maxBytes: 1024 * 1024, ...(signal !== undefined && { signal }) };
  const ended = await exec.run(id, words(path), limits).catch(() => null);
  signal?.throwIfAborted();
  if (ended === null || ended.exitCode !== 0) return null;
  const names = ended.stdout.split(end).map((name) => name.slice(name.lastIndexOf('/') + 1));
  return names.filter((name) => name !== '' && name !== '.' && name !== '..');
}

/** Asks the engine about each name; null where one does not exist, because the list is then unreliable. */
async function looked(
  place: ListedFolder,
  begun: Scanned,
  names: readonly string[],
  endsAt: number,
): Promise<Scanned | null> {
  const { connection, id, path, options } = place;
  const entries = new Map(begun.entries);
  const fresh = [...new Set(names)].filter((name) => !entries.has(name));
  let complete = fresh.length <= mostLooked;
  let wrong = false;
  await eachOf(fresh.slice(0, mostLooked), async (name) => {
    if (wrong) return;
    if (Date.now() > endsAt) {
      complete = false;
      return;
    }
    const stat = await statPath(connection, id, inside(path, name), options).catch((error: unknown) => {
      if (isAbsent(error)) return null;
      if (error instanceof DockerError && error.code === 'conflict') return circle;
      throw error;
    });
    if (stat === null) wrong = true;
    else entries.set(name, { path: name, ...stat, targetType: stat.type === 'link' ? 'unknown' : null });
  });
  return wrong ? null : { entries, complete };
}

const circle: PathStat = { type: 'link', bytes: 0, mode: 0o777, modified: new Date(0).toISOString(), linkTarget: null };

/** Says of each link what it leads to, and gives second names of a file what the file has. */
async function withTargets(place: ListedFolder, entries: ReadonlyMap<string, FileEntry>): Promise<FileEntry[]> {
  const { connection, id, path, options } = place;
  const done = new Map(entries);
  const asked: FileEntry[] = [];
  for (const entry of entries.values()) {
    if (entry.targetType !== 'unknown') continue;
    const beside = entry.linkTarget === null ? undefined : entries.get(entry.linkTarget);
    if (beside !== undefined && beside.type !== 'link') {
      done.set(entry.path, { ...entry, targetType: beside.type });
    } else if (asked.length < mostLinks) asked.push(entry);
  }
  await eachOf(asked, async (entry) => {
    const target = await followPath(connection, id, inside(path, entry.path), options).catch((error: unknown) => {
      if (error instanceof DockerError && ['not_found', 'conflict', 'invalid'].includes(error.code)) return null;
      throw error;
    });
    done.set(entry.path, told(entry, target));
  });
  return [...done.values()];

  function told(entry: FileEntry, target: { path: string; stat: PathStat } | null): FileEntry {
    if (target === null) return { ...entry, targetType: leadsToKernel(entry.linkTarget, path) ? 'other' : 'missing' };
    // No link at all: another name of the same file.
    if (target.path === inside(path, entry.path)) return { path: entry.path, ...target.stat, targetType: null };
    return { ...entry, targetType: target.stat.type === 'link' ? 'unknown' : target.stat.type };
  }
}

/** Entries that the kernel provides there are visible to programs of the container only, not to the engine. */
function leadsToKernel(target: string | null, folder: string): boolean {
  return target !== null && /^\/(?:proc|sys|dev)\//.test(posix.resolve(folder, target));
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  async function worker() {
    for (const item of left) await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
