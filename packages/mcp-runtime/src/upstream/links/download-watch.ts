import { readFileSync } from 'node:fs';
import { familyOf, sharedListing } from './processes.ts';

const everyMs = 2_000;
/** Bytes that a program and what it started read and write in that time while they download. */
const leastBytes = 64 * 1024;

/** The bytes that a process has read and written; 0 where the system does not say. */
function bytesOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'utf8');
    return [/^rchar: (\d+)$/m, /^wchar: (\d+)$/m].reduce((sum, line) => sum + Number(line.exec(text)?.[1] ?? 0), 0);
  } catch {
    return 0;
  }
}

async function bytesOfFamily(pid: number): Promise<number> {
  const family = familyOf(pid, await sharedListing());
  return [pid, ...family.map((each) => each.pid)].reduce((sum, each) => sum + bytesOf(each), 0);
}

export interface DownloadWatch {
  /** The program reported a download. */
  sign(): void;
  stop(): void;
}

/**
 * Reports a download between the lines about it: package managers write one line for a file, however large. From the
 * first line on, until it is stopped, bytes that are read and written count as well.
 */
export function watchDownload(pid: number, tell: () => void): DownloadWatch {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let before = 0;
  async function look(): Promise<void> {
    const bytes = await bytesOfFamily(pid);
    if (stopped) return;
    if (bytes - before >= leastBytes) tell();
    before = bytes;
  }
  return {
    sign() {
      if (stopped) return;
      tell();
      timer ??= setInterval(() => void look(), everyMs).unref();
    },
    stop() {
      stopped = true;
      if (timer !== null) clearInterval(timer);
    },
  };
}
