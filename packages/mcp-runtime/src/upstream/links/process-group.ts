import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends a signal to a whole process group; false where nothing of it is left. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    // EPERM: something is there that may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** True while a process of the group runs. Where /proc tells, dead members that nobody has collected do not count. */
export function groupAlive(pid: number): boolean {
  if (!signalGroup(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  return listProcesses().some((entry) => entry.group === pid && !isDead(entry));
}

export interface ProcessStat {
  pid: number;
  parent: number;
  state: string;
  group: number;
  session: number;
  /** Clock ticks since boot; with the pid it names a process for good. */
  startTime: string;
}

/** True for a process that has ended and only waits to be collected. */
export function isDead(entry: ProcessStat): boolean {
  return entry.state === 'Z' || entry.state === 'X';
}

/** Reads /proc/<pid>/stat; null where the process is gone or there is no /proc. */
export function readProcess(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: fields[19] ?? '',
  };
}

/** Every process that /proc shows. */
export function listProcesses(): ProcessStat[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names.filter((name) => /^\d+$/.test(name)).flatMap((name) => readProcess(Number(name)) ?? []);
}

/** How long a killed process may take to vanish (it cannot while the kernel holds it, for example in disk I/O). */
const KILL_WAIT_MS = 2_000;
/** Reading all of /proc is dear, so uncollected dead members are looked for only now and then. */
const SCAN_EVERY_MS = 200;

/**
 * Ends a group: SIGTERM now, SIGKILL at the deadline (in `performance.now()` time, read again at every look).
 * Resolves when nothing of it runs, at the latest two seconds after the deadline.
 */
export async function endGroup(pid: number, deadline: () => number): Promise<void> {
  const begun = performance.now();
  if (!signalGroup(pid, begun >= deadline() ? 'SIGKILL' : 'SIGTERM')) return;
  let wait = 2;
  let scanned = begun;
  while (signalGroup(pid, 0)) {
    const now = performance.now();
    const left = Math.max(begun, deadline()) - now;
    if (left <= 0) signalGroup(pid, 'SIGKILL');
    if (left <= -KILL_WAIT_MS) return;
    if (now >= scanned + SCAN_EVERY_MS) {
      if (!groupAlive(pid)) return;
      scanned = performance.now();
    }
    await sleep(left > 0 ? Math.min(wait, left) : wait);
    wait = Math.min(50, wait * 2);
  }
}
