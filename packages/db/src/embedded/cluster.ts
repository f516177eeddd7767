import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { waitFor } from '@switchboard/basics';
import type { Places } from './places.ts';
import { isAlive, signal, type ProcessIdentity } from './process.ts';

export const port = 5432;
export const user = 'switchboard';
export const startTimeoutMs = 60_000;

/** The record of a process about the PostgreSQL that it started. */
export interface RunRecord extends ProcessIdentity {
  systemIdentifier: string;
  /** Binary and settings: a running one with others is replaced. */
  setup: string;
}

export function readRecord(path: string): RunRecord | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch {
    return null;
  }
}

export function writeRecord(path: string, record: RunRecord): void {
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function pidFileOf(places: Places): string {
  return join(places.data, 'postmaster.pid');
}

/**
 * The process that runs the cluster, by its own file; the eighth line of the file shows whether it accepts connections.
 */
export function readPidFile(places: Places): { pid: number; ready: boolean } | null {
  try {
    const lines = readFileSync(pidFileOf(places), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return null;
  }
}

/** The first eight bytes of pg_control. */
export function fileIdentifier(places: Places): string {
  return readFileSync(join(places.data, 'global/pg_control')).readBigUInt64LE(0).toString();
}

export function connect(places: Places, database: string): postgres.Sql {
  return postgres({
    path: `${places.socketDir}/.s.PGSQL.${port}`,
    user,
    database,
    max: 1,
    connect_timeout: 60,
    onnotice: () => undefined,
  });
}

/** Whether what answers on the socket is the cluster in the directory. */
export async function identifierMatches(places: Places): Promise<boolean> {
  const sql = connect(places, 'postgres');
  try {
    const [row] = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`;
    return row?.id === fileIdentifier(places);
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Fast shutdown, then immediate, then the whole group at once. */
export async function stopProcess(running: { pid: number; start: string }): Promise<void> {
  function gone() {
    return !isAlive(running);
  }
  const steps = [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const;
  for (const [name, waitMs] of steps) {
    if (gone()) return;
    signal(name === 'SIGKILL' ? -running.pid : running.pid, name);
    if (await waitFor(gone, { timeoutMs: waitMs })) return;
  }
}
