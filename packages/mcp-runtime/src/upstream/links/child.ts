import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { type Reason, say } from '../../reasons.ts';
import type { ProcessLaunch } from '../../types.ts';
import { LinkError } from '../link.ts';
import { childEnvironment, unreadableCertificates, type SharedEnv } from './child-env.ts';
import type { Confinement } from './confinement.ts';
import type { ProcessRecords } from './orphans.ts';
import { productOf } from './package-runners.ts';
import { directoryProblem, isThere, startProblem, type Runner } from './program.ts';

/** An account that programs run under. */
export interface ProcessAccount {
  uid: number;
  gid: number;
  home: string;
}

/** The settings of every child: `path` is where commands are searched, `home` where a server without a `cwd` runs. */
export interface ProcessOptions extends SharedEnv {
  /** Set where the hub runs as root: children never do. */
  uid?: number;
  gid?: number;
  /** Makes the account ready that is a server's own. Throws where it cannot be had, with the reason for its log. */
  ownAccount?: (uid: number) => ProcessAccount;
  /** Default: children may do what their account may. */
  confinement?: Confinement;
  /** Remembers running children across a kill of the hub. */
  records?: ProcessRecords;
}

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Started {
  child: Child;
  pid: number;
}

const onShared = 'so it runs under the account that all such servers share';

/**
 * Starts a program, never through a shell, in a process group of its own, and under its own account where it has one.
 * `warn` is called where the system refuses that account. Rejects with LinkError.
 */
export async function startChild(
  launch: ProcessLaunch,
  options: ProcessOptions,
  warn: (text: string) => void,
): Promise<Started> {
  const account = ownAccountOf(launch, options, warn);
  if (account === null) return await start(launch, options, { own: false, warn });
  try {
    return await start(launch, { ...options, ...account }, { own: true, warn });
  } catch (error) {
    const code = error instanceof LinkError ? codeOf(error.cause) : '';
    if (code !== 'EPERM' && code !== 'EINVAL') throw error;
    warn(`The system refuses the server's own account, uid ${account.uid} (${code}), ${onShared}.`);
    return await start(launch, options, { own: false, warn });
  }
}

function ownAccountOf(
  { ownUid = null }: ProcessLaunch,
  { ownAccount }: ProcessOptions,
  warn: (text: string) => void,
): ProcessAccount | null {
  if (ownUid === null || ownAccount === undefined) return null;
  try {
    return ownAccount(ownUid);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn(`The server's own account, uid ${ownUid}, cannot be had (${reason}), ${onShared}.`);
    return null;
  }
}

async function start(
  launch: ProcessLaunch,
  options: ProcessOptions,
  { own, warn }: { own: boolean; warn: (text: string) => void },
): Promise<Started> {
  checkLaunch(launch, options);
  const env = childEnvironment(launch, options, options.records?.mark);
  for (const problem of unreadableCertificates(env, runnerOf(options))) warn(problem);
  return await new Promise((resolve, reject) => {
    function failed(error: unknown) {
      reject(new LinkError('unreachable', failureReason(launch, error, options), { cause: error }));
    }
    try {
      const directory = launch.cwd ?? options.home;
      const { command, args } = enteredLate(directory, confined(launch, options, own), options);
      const child = spawn(command, args, {
        cwd: entersLate(options) ? '/' : directory,
        env,
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

/**
 * The program that is started. Throws where the launch's own program would not start: the wrapper would, and then fail.
 */
function confined(
  launch: ProcessLaunch,
  { confinement, uid, gid, path: search, home }: ProcessOptions,
  own: boolean,
): { command: string; args: string[] } {
  const { command, args, cwd, env, fileBytes } = launch;
  const runner = runnerOf({ uid, gid });
  if (!confinement?.wraps && runner === null) return { command, args: [...args] };
  const code = startProblem(command, { path: env['PATH'] ?? search, cwd: cwd ?? home, runner });
  if (code !== null) throw Object.assign(new Error(`spawn ${command} ${code}`), { code });
  return confinement?.wraps ? confinement.wrap(command, args, { own, fileBytes }) : { command, args: [...args] };
}

function runnerOf({ uid, gid }: { uid?: number | undefined; gid?: number | undefined }): Runner {
  return uid === undefined ? null : { uid, gid: gid ?? uid };
}

const envProgram = '/usr/bin/env';
let envEnters: boolean | null = null;

/** Not every system has an `env` that enters directories: BusyBox has none. */
function entersLate({ uid }: ProcessOptions): boolean {
  if (uid === undefined) return false;
  envEnters ??= spawnSync(envProgram, ['-C', '/', 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return envEnters;
}

/** Node.js enters the directory before it drops the rights of root; `env` enters it after, and replaces itself. */
function enteredLate(
  directory: string,
  { command, args }: { command: string; args: string[] },
  options: ProcessOptions,
): { command: string; args: string[] } {
  if (!entersLate(options)) return { command, args };
  return { command: envProgram, args: ['-C', path.resolve(directory), command, ...args] };
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
  const what = directoryProblem(directory, runnerOf(options));
  if (what === '') return;
  throw new LinkError('unreachable', `The ${cwd === null ? 'home' : 'working'} directory ${directory} ${what}.`);
}

/** Whether a bare command is nowhere on the path, as far as the account that would run it can see. */
function isMissing(launch: ProcessLaunch, options: ProcessOptions): boolean {
  if (launch.command.includes('/')) return false;
  const path = launch.env['PATH'] ?? options.path;
  const runner = runnerOf(options);
  return !path.split(':').some((directory) => isThere(`${directory}/${launch.command}`, runner));
}

function failureReason(launch: ProcessLaunch, error: unknown, options: ProcessOptions): Reason | string {
  const { command, cwd } = launch;
  const known = codeOf(error);
  const code = known === 'EACCES' && isMissing(launch, options) ? 'ENOENT' : known;
  switch (code) {
    case 'ENOENT':
      return command.includes('/') ? say('programMissing', { command }) : notFound(command);
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
      return say('noRoom', { code });
    default:
      return `The program ${command} could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function notFound(command: string): Reason {
  const product = productOf(command);
  return product === null ? say('commandMissing', { command }) : say('notInstalled', { command, product });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Says how a child ended, with the last thing it complained about, which holds no secret any more: it is cut. */
export function exitReason(child: Child, complaint: Reason | string): Reason {
  const reason = typeof complaint === 'string' ? complaint.slice(0, 300) : complaint;
  const { signalCode: signal } = child;
  const code = child.exitCode ?? 'unknown';
  if (complaint === '') return signal === null ? say('exited', { code }) : say('endedBy', { signal });
  return signal === null ? say('exitedSaying', { code, reason }) : say('endedBySaying', { signal, reason });
}
