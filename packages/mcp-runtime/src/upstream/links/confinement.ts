import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';

/** The limits of a child; memory is not among them, because address space says nothing about its use. */
export interface ProcessLimits {
  /** Processes and threads of an account together; only where a server has an account of its own. */
  processes: number;
  openFiles: number;
  /** Bytes of one file. */
  fileBytes: number;
}

export interface ConfinementOptions {
  limits: ProcessLimits;
  /** Children cannot gain rights, by `sudo` or any other setuid program. */
  noNewPrivileges: boolean;
  /** The folders of the programs that apply the limits; default: where distributions have them. */
  toolPath?: readonly string[];
}

/** The settings that differ from child to child. */
interface ConfinedChild {
  /** The account is only this server's. */
  own: boolean;
  /** Bytes of one file, where that is less than what all children may. */
  fileBytes?: number | undefined;
}

/** How children are started so that they can do less; each program replaces itself, so the pid stays the child's. */
export interface Confinement {
  /** Program and arguments that start this one. */
  wrap(command: string, args: readonly string[], child: ConfinedChild): { command: string; args: string[] };
  /** False where nothing is wrapped. */
  readonly wraps: boolean;
  /** The limits that cannot be applied on this machine, in words for its operator. */
  readonly missing: readonly string[];
}

const defaultToolPath = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

function findTool(name: string, directories: readonly string[]): string | null {
  for (const directory of directories) {
    const file = path.join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // It may be in the next one.
    }
  }
  return null;
}

/** Hard limits of this process by their names in /proc: what is above them cannot be set. */
function hardLimits(): Map<string, number> {
  const limits = new Map<string, number>();
  try {
    for (const line of readFileSync('/proc/self/limits', 'utf8').split('\n')) {
      // A name in the first 25 columns, then the soft and the hard limit.
      const hard = /^\S+ +(\d+) /.exec(line.slice(26))?.[1];
      if (hard !== undefined) limits.set(line.slice(0, 25).trimEnd(), Number(hard));
    }
  } catch {
    // Without /proc there is nothing to go by.
  }
  return limits;
}

/** Finds out how children can be confined on this machine: by `setpriv` and `prlimit` of util-linux. */
export function createConfinement(options: ConfinementOptions): Confinement {
  const { limits, noNewPrivileges, toolPath = defaultToolPath } = options;
  const setpriv = findTool('setpriv', toolPath);
  const prlimit = findTool('prlimit', toolPath);
  const hard = hardLimits();
  function flag(name: string, value: number, inProc: string) {
    const bound = Math.min(value, hard.get(inProc) ?? Number.POSITIVE_INFINITY);
    return `--${name}=${bound}:${bound}`;
  }
  const always = ['--core=0:0', flag('nofile', limits.openFiles, 'Max open files')];
  const ofOwn = flag('nproc', limits.processes, 'Max processes');
  const forPrivileges = noNewPrivileges && setpriv !== null ? [setpriv, '--no-new-privs', '--'] : [];
  function forLimits({ own, fileBytes = limits.fileBytes }: ConfinedChild) {
    if (prlimit === null) return [];
    const ofFile = flag('fsize', Math.min(fileBytes, limits.fileBytes), 'Max file size');
    return [prlimit, ...always, ofFile, ...(own ? [ofOwn] : [])];
  }
  return {
    wraps: prlimit !== null || forPrivileges.length > 0,
    missing: [
      ...(noNewPrivileges && setpriv === null ? ['setpriv, so that programs cannot gain rights'] : []),
      ...(prlimit === null ? ['prlimit, so that open files, file size and processes are limited'] : []),
    ],
    wrap(command, args, child) {
      const [first = command, ...rest] = [...forLimits(child), ...forPrivileges, command, ...args];
      return { command: first, args: rest };
    },
  };
}
