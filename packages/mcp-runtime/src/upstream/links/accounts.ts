import { readFileSync } from 'node:fs';
import { endProcesses } from './process-group.ts';
import { listProcesses, type Identity } from './processes.ts';

/** Real, effective, saved and file system uid of a process are in one line. */
function belongsTo(pid: number, uid: number): boolean {
  try {
    const line = /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
    return line.split(/\s+/).includes(String(uid));
  } catch {
    return false;
  }
}

function ofAccount(uid: number): Identity[] {
  return listProcesses()
    .filter(({ pid }) => belongsTo(pid, uid))
    .map(({ pid, startTime }) => ({ pid, startTime }));
}

/** A process may start another while it is ended; none can after it, so a few rounds are enough. */
const rounds = 5;

/** Kills all that runs under an account that is one server's alone. Resolves with whether nothing is left. */
export async function endAccount(uid: number): Promise<boolean> {
  for (let round = 0; round < rounds; round += 1) {
    const running = ofAccount(uid);
    if (running.length === 0) return true;
    await endProcesses(running, () => 0);
  }
  return ofAccount(uid).length === 0;
}
