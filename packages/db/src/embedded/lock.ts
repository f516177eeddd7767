import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { identify, isAlive } from './process.ts';

/** Another process holds the lock: a matter for the operator, not a fault of the hub. */
export class InUseError extends Error {
  override name = 'InUseError';
}

/**
 * Takes a lock file for this process; throws where another live process has it.
 * The file appears whole (written aside, then linked), and a dead holder's is moved away before it is replaced,
 * so of two that find it stale only one succeeds.
 */
export function takeLock(path: string, what: string): () => void {
  const me = identify(process.pid);
  const content = JSON.stringify({ pid: process.pid, start: me?.start ?? '' });
  const own = `${path}.${process.pid}`;
  writeFileSync(own, content, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      if (link(own, path)) {
        return () => {
          if (read(path) === content) rmSync(path, { force: true });
        };
      }
      const held = read(path);
      if (held === null) continue;
      const holder = parse(held);
      if (holder && isAlive(holder)) {
        throw new InUseError(
          `${what} is in use by another Switchboard (process ${holder.pid}). Stop it, or use another DATA_DIR.`,
        );
      }
      dropStale(path, held, own);
    }
    throw new InUseError(`${what} could not be locked: remove ${path} if no Switchboard uses it.`);
  } finally {
    rmSync(own, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function dropStale(path: string, expected: string, own: string): void {
  const aside = `${own}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Another process replaced it between the check and the rename: give it back.
  if (read(aside) !== expected) link(aside, path);
  unlinkSync(aside);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parse(text: string): { pid: number; start: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const pid: unknown = Reflect.get(value, 'pid');
    const start: unknown = Reflect.get(value, 'start');
    return typeof pid === 'number' && typeof start === 'string' ? { pid, start } : null;
  } catch {
    return null;
  }
}
