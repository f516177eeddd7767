import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { ProcessLaunch } from '../../types.ts';
import { LinkError } from '../link.ts';
import type { ProcessRecords } from './orphans.ts';

/** What every child gets, whoever it is; nothing of the hub's own environment. */
export interface ProcessOptions {
  /** Where commands are looked for. */
  path: string;
  /** Home directory, and where a server without a `cwd` runs. */
  home: string;
  /** Default C.UTF-8. */
  lang?: string;
  /** Default /tmp. */
  tmpdir?: string;
  /** Set where the hub runs as root: children never do. */
  uid?: number;
  gid?: number;
  /** Remembers running children across a kill of the hub. */
  records?: ProcessRecords;
}

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts a program, never through a shell, in a process group of its own. Rejects with LinkError. */
export async function startChild(
  launch: ProcessLaunch,
  options: ProcessOptions,
): Promise<{ child: Child; pid: number }> {
  checkLaunch(launch, options);
  return await new Promise((resolve, reject) => {
    const failed = (error: unknown) =>
      reject(new LinkError('unreachable', failureMessage(launch, error, options), { cause: error }));
    try {
      const child = spawn(launch.command, [...launch.args], {
        cwd: launch.cwd ?? options.home,
        env: childEnvironment(launch, options),
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(options.uid === undefined ? {} : { uid: options.uid }),
        ...(options.gid === undefined ? {} : { gid: options.gid }),
      });
      child.once('spawn', () => resolve({ child, pid: child.pid ?? 0 }));
      // Stays for good: a failed kill raises it too, and would end the hub if nobody listened.
      child.on('error', failed);
    } catch (error) {
      failed(error);
    }
  });
}

function childEnvironment(launch: ProcessLaunch, options: ProcessOptions): Record<string, string> {
  return {
    PATH: options.path,
    HOME: options.home,
    LANG: options.lang ?? 'C.UTF-8',
    TMPDIR: options.tmpdir ?? '/tmp',
    ...launch.env,
    ...options.records?.mark,
  };
}

function checkLaunch(launch: ProcessLaunch, options: ProcessOptions): void {
  const { command, args, env, cwd } = launch;
  if (command.trim() === '') {
    throw new LinkError('unreachable', 'No command is given: name the program to start.');
  }
  if ([command, ...args, ...Object.keys(env), ...Object.values(env), cwd ?? ''].some((text) => text.includes('\0'))) {
    throw new LinkError('unreachable', 'Command, arguments, environment and directory must not hold NUL characters.');
  }
  const directory = cwd ?? options.home;
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  const what = found === undefined ? 'does not exist' : 'is not a directory';
  throw new LinkError('unreachable', `The ${cwd === null ? 'home' : 'working'} directory ${directory} ${what}.`);
}

/** Whether a bare command is nowhere on the path; a directory the child may not enter hides that from it. */
function isMissing(launch: ProcessLaunch, options: ProcessOptions): boolean {
  if (launch.command.includes('/')) return false;
  const path = launch.env['PATH'] ?? options.path;
  return !path.split(':').some((directory) => existsSync(`${directory}/${launch.command}`));
}

function failureMessage(launch: ProcessLaunch, error: unknown, options: ProcessOptions): string {
  const { command, cwd } = launch;
  const known = error instanceof Error && 'code' in error ? String(error.code) : '';
  const code = known === 'EACCES' && isMissing(launch, options) ? 'ENOENT' : known;
  switch (code) {
    case 'ENOENT':
      return command.includes('/')
        ? `The program ${command} does not exist, or the interpreter named in its first line does not.`
        : `The command "${command}" was not found: install it where the hub runs, or give its full path.`;
    case 'EACCES':
      return `The program ${command} may not be run by the user that servers run as: it has to be an executable file which that user can reach${cwd === null ? '' : `, and so has the directory ${cwd}`}.`;
    case 'ENOTDIR':
      return `A part of the path ${command} is not a directory.`;
    case 'E2BIG':
      return `The arguments and environment of ${command} are longer than the system allows.`;
    case 'EPERM':
      return 'The hub may not start programs as the user that servers run as.';
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return `The system has no room for another process (${code}).`;
    default:
      return `The program ${command} could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Says how a child ended, with the last thing it complained about. */
export function exitMessage(child: Child, complaint: string): string {
  const how =
    child.signalCode === null
      ? `The program ended with exit code ${child.exitCode ?? 'unknown'}`
      : `The program was ended by ${child.signalCode}`;
  return complaint === '' ? `${how}.` : `${how}: ${complaint.slice(0, 300)}`;
}
