import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import type { Attached } from '../containers/attach.ts';

const run = promisify(execFile);

/** The folder in a container with the pipes and the shell that opens them. */
export const pipesFolder = '/run/switchboard/pipes';
export const shellPath = '/run/switchboard/sh';

/** Told once over the error pipe when all three are open; nothing a program would write first. */
const openMark = '\u0001';
const script = `exec <${pipesFolder}/in >${pipesFolder}/out 2>${pipesFolder}/err; printf '\\001' >&2; unset PWD SHLVL; exec "$@"`;
const names = ['in', 'out', 'err'] as const;

/** Runs the words after it with the pipes as their input and outputs. Its name makes the program a shell. */
export const pipedEntrypoint: readonly string[] = [shellPath, '-c', script, 'server'];

/** Pipes between this process and a container, past the engine: its own way for them costs more than a call does. */
export interface Pipes extends Attached {
  readonly folder: string;
}

/** Makes the pipes in a folder that is going to be mounted, and opens this side of them. */
export async function openPipes(parent: string): Promise<Pipes> {
  const folder = join(parent, 'pipes');
  await mkdir(folder);
  const paths = names.map((name) => join(folder, name));
  await run('mkfifo', paths);
  // The container's user is another one; nobody else can get here.
  for (const path of paths) await chmod(path, 0o666);
  const [input = '', output = '', errors = ''] = paths;
  // Until the container has opened its side, these keep a pipe without it from being at its end.
  const holders = paths.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
  function release() {
    for (const fd of holders.splice(0)) closeSync(fd);
  }
  const stdin = socketOf(input, constants.O_WRONLY);
  const stdout = socketOf(output, constants.O_RDONLY);
  const raw = socketOf(errors, constants.O_RDONLY);
  const stderr = new PassThrough();
  raw.once('data', (first: Buffer) => {
    release();
    const rest = first[0] === openMark.charCodeAt(0) ? first.subarray(1) : first;
    if (rest.length > 0) stderr.write(rest);
    raw.pipe(stderr);
  });
  raw.once('close', () => stderr.end());
  return {
    folder,
    stdin,
    stdout,
    stderr,
    close: () => {
      release();
      for (const socket of [stdin, stdout, raw]) socket.destroy();
    },
    ended: release,
  };
}

function socketOf(path: string, mode: number): Socket {
  const fd = openSync(path, mode | constants.O_NONBLOCK);
  const readable = mode === constants.O_RDONLY;
  return new Socket({ fd, readable, writable: !readable, allowHalfOpen: true }).on('error', () => {});
}

/** A shell of this machine that runs in any container: one that needs no library. Null where there is none. */
export function findStaticShell(candidates: readonly string[] = ['/bin/busybox', '/usr/bin/busybox']): string | null {
  return candidates.find(isStatic) ?? null;
}

/** True for an ELF program that asks for no loader. */
function isStatic(path: string): boolean {
  try {
    const file = readFileSync(path);
    if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) return false;
    const start = Number(file.readBigUInt64LE(32));
    const size = file.readUInt16LE(54);
    const count = file.readUInt16LE(56);
    const types = Array.from({ length: count }, (_, index) => file.readUInt32LE(start + index * size));
    return !types.includes(3);
  } catch {
    return false;
  }
}
