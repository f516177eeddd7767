import { readFile } from 'node:fs/promises';
import type { ProgramUsage } from '../../types.ts';
import { familyOf, sharedListing, statFields } from './processes.ts';

/** Of one program and what it started: a program may start more without end. */
const mostProcesses = 64;
/** Clock ticks of a second, in which Linux counts time of the processor for programs, whatever the kernel's own are. */
const ticksPerSecond = 100;

interface Measurement {
  memoryBytes: number;
  cpuSeconds: number;
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}

/** Null where the process has ended, or the system has no data about it. */
async function readUsed(pid: number): Promise<(Measurement & { startTime: string }) | null> {
  const [stat, status] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/status`)]);
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  if (stat === '' || kilobytes === undefined) return null;
  const fields = statFields(stat);
  return {
    startTime: fields[19] ?? '',
    memoryBytes: Number(kilobytes) * 1_024,
    // Its own time, and that of children it has collected: programs that end between two looks are seen so.
    cpuSeconds: [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / ticksPerSecond,
  };
}

/** Measures programs; it remembers what those of each had used of the processor at the last look. */
export function createProgramUsage(elapsed: () => number) {
  let before = new Map<string, number>();
  let lookedAt = elapsed();

  /** Of servers and the pids of their programs. Empty where the system has no /proc. */
  return async function look(programs: readonly { serverId: string; pids: readonly number[] }[]) {
    const known = before;
    const seen = new Map<string, number>();
    const begun = elapsed();
    const seconds = (begun - lookedAt) / 1_000;
    lookedAt = begun;
    const processes = programs.some(({ pids }) => pids.length > 0) ? await sharedListing() : [];
    const usages: ProgramUsage[] = [];
    for (const { serverId, pids } of programs) {
      let memoryBytes = 0;
      let cpuSeconds = 0;
      for (const pid of pids) {
        const started = familyOf(pid, processes).map((one) => one.pid);
        const found = await Promise.all([pid, ...started].slice(0, mostProcesses).map(readUsed));
        const family = found.filter((used) => used !== null);
        const [leader] = family;
        if (!leader) continue;
        // A child that ended is in its parent's figure: only the sum of a family grows steadily.
        const total = family.reduce((sum, used) => sum + used.cpuSeconds, 0);
        const name = `${pid} ${leader.startTime}`;
        seen.set(name, total);
        memoryBytes += family.reduce((sum, used) => sum + used.memoryBytes, 0);
        // Its use before it was first seen is not of this time; the use of an uncollected child is lost.
        cpuSeconds += Math.max(0, total - (known.get(name) ?? total));
      }
      if (memoryBytes > 0) {
        usages.push({ serverId, memoryBytes, cpuPercent: seconds > 0 ? (cpuSeconds / seconds) * 100 : 0 });
      }
    }
    before = seen;
    return usages;
  };
}
