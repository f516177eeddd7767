import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** A process as the system knows it: a pid alone may belong to somebody else by now. */
export interface ProcessIdentity {
  pid: number;
  /** Changes with every process that gets the pid. */
  start: string;
  uid: number;
}

/** Tells who has this pid now; null where nobody does (a zombie counts as nobody). */
export function identify(pid: number): ProcessIdentity | null {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
}

function identifyByProc(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command, in parentheses, may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    // A start counts in ticks since boot, which two boots may share.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { pid, start: `${boot}:${fields[19]}`, uid: statSync(`/proc/${pid}`).uid };
  } catch {
    return null;
  }
}

function identifyByPs(pid: number): ProcessIdentity | null {
  try {
    const line = execFileSync('ps', ['-o', 'uid=,stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    }).trim();
    const [uid, stat, ...start] = line.split(/\s+/);
    if (!uid || !stat || stat.startsWith('Z')) return null;
    return { pid, start: start.join(' '), uid: Number(uid) };
  } catch {
    return null;
  }
}

/** Whether the very process is still there. */
export function isAlive(identity: { pid: number; start: string }): boolean {
  return identify(identity.pid)?.start === identity.start;
}

/** Sends a signal, to nobody where the process has gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether the system still knows the pid, as a zombie or as anybody's. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
