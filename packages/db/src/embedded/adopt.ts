import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@switchboard/basics';
import type { Account } from './account.ts';
import {
  identifierMatches,
  pidFileOf,
  port,
  readPidFile,
  readRecord,
  startTimeoutMs,
  stopProcess,
  type RunRecord,
} from './cluster.ts';
import type { Places, Report } from './places.ts';
import { exists, identify, isAlive } from './process.ts';

/**
 * Finds the PostgreSQL that a killed hub left running: the same process (pid, start, account) and the same cluster.
 * One with other settings is ended; anything else that looks like one is not ours and not touched.
 */
export async function adopt(
  places: Places,
  setup: string,
  account: Account | null,
  tell: Report,
): Promise<RunRecord | null> {
  const record = readRecord(places.record);
  const uid = account?.uid ?? process.getuid?.() ?? 0;
  const said = readPidFile(places);
  const found = said && identify(said.pid);
  if (record && isAlive(record) && identify(record.pid)?.uid === uid) {
    await waitFor(() => !isAlive(record) || readPidFile(places)?.ready === true, { timeoutMs: startTimeoutMs });
    const isTheOne = isAlive(record) && record.setup === setup && readPidFile(places)?.pid === record.pid;
    if (isTheOne && (await identifierMatches(places))) {
      tell(`Adopted the running database (process ${record.pid}).`);
      return record;
    }
    await stopProcess(record);
  } else if (found?.uid === uid && said?.ready && (await identifierMatches(places))) {
    // The hub was killed between starting it and writing it down.
    await stopProcess(found);
  }
  await clearLeftovers(places);
  return null;
}

/** PostgreSQL takes any process of its account that has the pid in its files, a zombie too, for a running one. */
export async function clearLeftovers(places: Places): Promise<void> {
  const left = readPidFile(places);
  if (!left) return;
  // Dead, and soon forgotten by the system: then PostgreSQL tidies up itself, and checks its shared memory as well.
  if (identify(left.pid) === null && (await waitFor(() => !exists(left.pid), { timeoutMs: 3_000 }))) return;
  rmSync(pidFileOf(places), { force: true });
  rmSync(join(places.socketDir, `.s.PGSQL.${port}.lock`), { force: true });
}
