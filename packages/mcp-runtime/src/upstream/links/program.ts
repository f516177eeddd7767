import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  lstatSync,
  readlinkSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';

/** The account that would run a program; null = that of this process. */
export type Runner = { uid: number; gid: number } | null;

export interface Search {
  /** Directories with a colon between them, where a bare command is looked for. */
  path: string;
  /** The directory that a relative path starts at. */
  cwd: string;
  runner: Runner;
}

const headBytes = 256;

/** Whether the mode of a file or directory lets somebody execute or enter it. */
function mayExecute({ mode, uid, gid }: Stats, runner: { uid: number; gid: number }): boolean {
  if (uid === runner.uid) return (mode & 0o100) !== 0;
  return gid === runner.gid ? (mode & 0o010) !== 0 : (mode & 0o001) !== 0;
}

function mayRead({ mode, uid, gid }: Stats, runner: { uid: number; gid: number }): boolean {
  if (uid === runner.uid) return (mode & 0o400) !== 0;
  return gid === runner.gid ? (mode & 0o040) !== 0 : (mode & 0o004) !== 0;
}

const mostLinks = 40;

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * The target of a path for an account, link by link. Throws EACCES at the first directory that it may not enter,
 * whatever is below: the result for an account with more rights would reveal that.
 */
function reach(file: string, runner: { uid: number; gid: number }): string {
  let at = '/';
  let links = 0;
  const ahead = file.split('/');
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '' || name === '.') continue;
    const directory = lstatSync(at);
    if (!directory.isDirectory()) throw failure('ENOTDIR');
    if (!mayExecute(directory, runner)) throw failure('EACCES');
    const next = path.join(at, name);
    if (name === '..' || !lstatSync(next).isSymbolicLink()) {
      at = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw failure('ELOOP');
    const target = readlinkSync(next);
    if (target.startsWith('/')) at = '/';
    ahead.unshift(...target.split('/'));
  }
  return at;
}

/** Whether somebody can enter a directory, in words: empty where they can. */
export function directoryProblem(directory: string, runner: Runner): string {
  try {
    const found = statSync(runner === null ? directory : reach(path.resolve(directory), runner));
    if (!found.isDirectory()) return 'is not a directory';
    return runner === null || mayExecute(found, runner) ? '' : hidden;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? hidden : 'does not exist';
  }
}

const hidden = 'cannot be entered by the user that servers run as';

/** Whether somebody can read a file or folder, in words: empty where they can. */
export function readProblem(file: string, runner: Runner): string {
  try {
    if (runner === null) accessSync(file, constants.R_OK);
    else if (!mayRead(statSync(reach(file, runner)), runner)) throw failure('EACCES');
    return '';
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) return 'does not exist';
    const who = runner === null ? 'the user that servers run as' : `uid ${runner.uid}, under which the server runs,`;
    return `${who} may not read: let everybody read it and enter its folders`;
  }
}

/**
 * The first bytes of a file as text; empty for all but a regular file. Accounts of servers can replace a file by a pipe
 * at any moment, and opening one would block until a writer comes.
 */
export function readHead(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    if (!fstatSync(descriptor).isFile()) return '';
    const head = Buffer.alloc(headBytes);
    return head.toString('utf8', 0, readSync(descriptor, head, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** The program named in the first line of a script; null where there is none. */
function interpreterOf(file: string): string | null {
  const text = readHead(file);
  return text.startsWith('#!') ? (text.slice(2).trimStart().split(/\s/, 1)[0] ?? null) : null;
}

/** Whether a file exists for an account: below a directory that it may not enter, none does. */
export function isThere(file: string, runner: Runner): boolean {
  if (runner === null) return statSync(file, { throwIfNoEntry: false }) !== undefined;
  try {
    return reach(path.resolve('/', file), runner) !== '';
  } catch {
    return false;
  }
}

/** The error that executing a file would give, as its code; null where it can be executed. */
function problemOf(file: string, runner: Runner): string | null {
  try {
    const found = statSync(runner === null ? file : reach(file, runner));
    if (!found.isFile()) return 'EACCES';
    if (runner === null) accessSync(file, constants.X_OK);
    else if (!mayExecute(found, runner)) return 'EACCES';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'ENOENT';
  }
  try {
    const interpreter = interpreterOf(file);
    return interpreter === null || isThere(interpreter, runner) ? null : 'ENOENT';
  } catch {
    // An executable file need not be readable.
    return null;
  }
}

/**
 * The error that starting a command would give, as its code (`ENOENT`, `EACCES`, `ENOTDIR` …); null where it would
 * start. A command that another program starts fails there, where the failure looks like the command's own end.
 */
export function startProblem(command: string, { path: search, cwd, runner }: Search): string | null {
  if (command.includes('/')) return problemOf(path.resolve(cwd, command), runner);
  const problems = search.split(':').map((directory) => problemOf(path.resolve(cwd, directory, command), runner));
  if (problems.includes(null)) return null;
  return problems.includes('EACCES') ? 'EACCES' : 'ENOENT';
}
