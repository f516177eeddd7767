import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';

/** Who would run a program; null = whoever this process is. */
export type Runner = { uid: number; gid: number } | null;

export interface Search {
  /** Directories with a colon between them, where a bare command is looked for. */
  path: string;
  /** The directory that a relative path starts at. */
  cwd: string;
  runner: Runner;
}

const HEAD_BYTES = 256;

/** Whether the mode of a file or directory lets somebody execute or enter it. */
function mayExecute({ mode, uid, gid }: Stats, runner: { uid: number; gid: number }): boolean {
  if (uid === runner.uid) return (mode & 0o100) !== 0;
  return gid === runner.gid ? (mode & 0o010) !== 0 : (mode & 0o001) !== 0;
}

function mayReach(file: string, runner: { uid: number; gid: number }): boolean {
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if (!mayExecute(statSync(at), runner)) return false;
    if (at === path.dirname(at)) return true;
  }
}

/**
 * The first bytes of a file as text; empty for all that is not a regular file. Accounts of servers can put a pipe in
 * the place of a file at any moment, and opening one waits for a writer unless it is told not to.
 */
export function readHead(file: string): string {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    if (!fstatSync(descriptor).isFile()) return '';
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString('utf8', 0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** The program named in the first line of a script; null where there is none. */
function interpreterOf(file: string): string | null {
  const text = readHead(file);
  return text.startsWith('#!') ? (text.slice(2).trimStart().split(/\s/, 1)[0] ?? null) : null;
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** The error that executing a file would give, as its code; null where it can be executed. */
function problemOf(file: string, runner: Runner): string | null {
  try {
    const found = statSync(file);
    if (!found.isFile()) return 'EACCES';
    if (runner === null) accessSync(file, constants.X_OK);
    else if (!mayReach(file, runner) || !mayReach(realpathSync(file), runner) || !mayExecute(found, runner)) {
      return 'EACCES';
    }
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'ENOENT';
  }
  try {
    const interpreter = interpreterOf(file);
    return interpreter === null || isThere(interpreter) ? null : 'ENOENT';
  } catch {
    // What may be executed need not be readable.
    return null;
  }
}

/**
 * The error that starting a command would give, as its code (`ENOENT`, `EACCES`, `ENOTDIR` …); null where it would
 * start. A command that is started by another program fails there, where nobody can tell it from the command's own end.
 */
export function startProblem(command: string, { path: search, cwd, runner }: Search): string | null {
  if (command.includes('/')) return problemOf(path.resolve(cwd, command), runner);
  const problems = search.split(':').map((directory) => problemOf(path.resolve(cwd, directory, command), runner));
  if (problems.includes(null)) return null;
  return problems.includes('EACCES') ? 'EACCES' : 'ENOENT';
}
