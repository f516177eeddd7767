import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What `/proc` tells about processes (Linux). */

export interface ProcessInfo {
  pid: number;
  ppid: number;
  command: string;
  /** User and system time so far. */
  cpuMs: number;
  rssMb: number;
  state: string;
}

const ticksPerSecond = 100;

/** One process, or null where it is gone. */
export function processInfo(pid: number): ProcessInfo | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      pid,
      ppid: Number(fields[1]),
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
      cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond,
      rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
      state: fields[0] ?? '?',
    };
  } catch {
    return null;
  }
}

/** Every process that runs now, zombies apart. */
export function allProcesses(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processInfo(Number(name)) ?? [])
    .filter(({ state }) => state !== 'Z');
}

/** Processes whose command line or working directory names this text, this process apart. */
export function processesNaming(text: string): ProcessInfo[] {
  function inDirectory(pid: number): boolean {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).includes(text);
    } catch {
      return false;
    }
  }
  return allProcesses().filter(
    ({ pid, command }) => pid !== process.pid && (command.includes(text) || inDirectory(pid)),
  );
}

/** Children, grandchildren and so on of a process. */
export function descendants(pid: number): ProcessInfo[] {
  const all = allProcesses();
  const found: ProcessInfo[] = [];
  const todo = [pid];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const info of all) {
      if (info.ppid !== next) continue;
      found.push(info);
      todo.push(info.pid);
    }
  }
  return found;
}

/** Ends whatever still names a test's own temporary directory. */
export async function stopTree(directory: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const left = processesNaming(directory);
      if (left.length === 0) return;
      if (attempt === 0) {
        for (const { pid } of left) {
          try {
            process.kill(pid, signal);
          } catch {
            // Gone in the meantime.
          }
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
