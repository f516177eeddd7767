import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  pid: number;
  parent: number;
  state: string;
  group: number;
  session: number;
  /** Clock ticks since boot. */
  startTime: string;
}

/** A process and when it started: together they name it for good, a pid alone is given out again. */
export interface Identity {
  pid: number;
  startTime: string;
}

/** True for a process that has ended and only waits to be collected. */
export function isDead(entry: ProcessStat): boolean {
  return entry.state === 'Z' || entry.state === 'X';
}

/** The fields of /proc/<pid>/stat from the third on, which is the state. */
export function statFields(text: string): string[] {
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Reads /proc/<pid>/stat; null where the process is gone or there is no /proc. */
export function readProcess(pid: number): ProcessStat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = statFields(text);
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: fields[19] ?? '',
  };
}

/** Every process that runs and that /proc shows; empty where there is no /proc. */
export function listProcesses(): ProcessStat[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
    .filter((entry) => !isDead(entry));
}

let listing: Promise<ProcessStat[]> | null = null;

/** The same, listed after the call: one look at /proc for all who ask in one turn, as when a hub stops. */
export function sharedListing(): Promise<ProcessStat[]> {
  listing ??= new Promise((resolve) => {
    setImmediate(() => {
      listing = null;
      resolve(listProcesses());
    });
  });
  return listing;
}

/**
 * The processes that a child has started: its descendants, wherever they moved, and the rest of its session. Without
 * itself. Known ones count after the child, through which they are found, has ended.
 */
export function familyOf(
  leader: number,
  processes: readonly ProcessStat[],
  known: readonly Identity[] = [],
): Identity[] {
  const started = new Map(known.map(({ pid, startTime }) => [pid, startTime]));
  const family = new Set([leader]);
  for (const { pid, startTime } of processes) if (started.get(pid) === startTime) family.add(pid);
  let before = 0;
  while (family.size > before) {
    before = family.size;
    for (const { pid, parent, session } of processes) {
      if (family.has(parent) || session === leader) family.add(pid);
    }
  }
  return processes
    .filter(({ pid }) => pid !== leader && family.has(pid))
    .map(({ pid, startTime }) => ({ pid, startTime }));
}

/** When a running process started, in a form that only equality is asked of; null where it does not run. */
export function startTimeOf(pid: number): string | null {
  const entry = readProcess(pid);
  if (entry !== null) return isDead(entry) ? null : entry.startTime;
  if (process.platform === 'linux') return null;
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** True while exactly this process runs. */
export function isRunning(identity: Identity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}
