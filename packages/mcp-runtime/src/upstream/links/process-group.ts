import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, listProcesses, type Identity } from './processes.ts';

/** Sends a signal to a process, or with a negative number to a whole group; false where nothing of it is left. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    // EPERM: the process exists and may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** True while a process of the group runs. Where /proc exists, dead members that nobody has collected do not count. */
export function groupAlive(pid: number): boolean {
  if (!send(-pid, 0)) return false;
  return process.platform !== 'linux' || listProcesses().some(({ group }) => group === pid);
}

/** How long a killed process may take to vanish (it cannot while the kernel holds it, for example in disk I/O). */
const killWaitMs = 2_000;
/** Reading all of /proc is dear, so uncollected dead members are looked for only now and then. */
const scanEveryMs = 200;
const longestWaitMs = 50;

/** When to stop being polite, in `performance.now()` time; read again at every look. */
type Deadline = () => number;

/** Ends a group: SIGTERM now, SIGKILL at the deadline. Resolves when nothing of it runs, at the latest two seconds later. */
export async function endGroup(pid: number, deadline: Deadline): Promise<void> {
  let scanned = performance.now();
  await end(
    (signal) => send(-pid, signal),
    () => {
      if (!send(-pid, 0)) return false;
      if (performance.now() < scanned + scanEveryMs) return true;
      scanned = performance.now();
      return groupAlive(pid);
    },
    deadline,
  );
}

/** Ends single processes in the same way; only those that are still the ones meant. */
export async function endProcesses(identities: readonly Identity[], deadline: Deadline): Promise<void> {
  let left = identities.filter(isRunning);
  await end(
    (signal) => left.forEach(({ pid }) => send(pid, signal)),
    () => {
      left = left.filter(isRunning);
      return left.length > 0;
    },
    deadline,
  );
}

async function end(signal: (name: NodeJS.Signals) => unknown, alive: () => boolean, deadline: Deadline): Promise<void> {
  if (!alive()) return;
  const begun = performance.now();
  if (begun < deadline()) signal('SIGTERM');
  let wait = 2;
  while (alive()) {
    const left = Math.max(begun, deadline()) - performance.now();
    if (left <= 0) signal('SIGKILL');
    if (left <= -killWaitMs) return;
    await sleep(left > 0 ? Math.min(wait, left) : wait);
    wait = Math.min(longestWaitMs, wait * 2);
  }
}
