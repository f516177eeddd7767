import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProcesses, type Identity } from './processes.ts';

/**
 * The mark in the environment of a hub's children, inherited by their own children however far they move away: random
 * and stored with the records, so that only children of this hub have it.
 */
const variable = 'SWITCHBOARD_CHILD_OF';
export const markFile = 'mark';

/** The mark of the hub whose records are in a directory, made where there is none yet. */
export function markOf(directory: string): Record<string, string> {
  const known = readMark(directory);
  if (known !== null) return { [variable]: known };
  const made = randomUUID();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, markFile), made, { mode: 0o600 });
  return { [variable]: made };
}

function readMark(directory: string): string | null {
  try {
    const text = readFileSync(join(directory, markFile), 'utf8').trim();
    return /^[0-9a-f-]{36}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}

function carries(pid: number | 'self', mark: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').includes(`${variable}=${mark}`);
  } catch {
    // Gone, or of somebody whose environment is not ours to read.
    return false;
  }
}

/** Everything that runs and carries the mark of a directory. */
export function findMarked(directory: string): Identity[] {
  const mark = readMark(directory);
  // A hub started by a child of the one before has the mark itself, and so has all it starts.
  if (mark === null || carries('self', mark)) return [];
  return listProcesses()
    .filter(({ pid }) => carries(pid, mark))
    .map(({ pid, startTime }) => ({ pid, startTime }));
}
