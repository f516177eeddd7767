import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Uids are the machine's, and several hubs may run on it: each says which are its own. */
export interface Claims {
  /** Whether the uid is this hub's, from now on where it was nobody's. */
  claim(uid: number): boolean;
  giveBack(uid: number): void;
  /** The uids that this hub has claimed. */
  mine(): number[];
}

function readOwner(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Keeps one small file for each claimed uid, with the data directory of the hub that claimed it. */
export function createClaims(directory: string, dataDir: string): Claims {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  function fileOf(uid: number): string {
    return path.join(directory, String(uid));
  }

  function write(file: string): boolean {
    try {
      writeFileSync(file, dataDir, { flag: 'wx', mode: 0o644 });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  /**
   * Removes the claim of a hub whose data was deleted. Of two hubs that try, one moves the file, and checks what it
   * moved.
   */
  function takeAway(file: string): void {
    const moved = `${file}.${randomUUID()}`;
    try {
      renameSync(file, moved);
    } catch {
      return;
    }
    if (existsSync(readOwner(moved) ?? '')) {
      try {
        linkSync(moved, file);
      } catch {
        // Another hub has claimed it meanwhile.
      }
    }
    rmSync(moved, { force: true });
  }

  return {
    claim(uid) {
      const file = fileOf(uid);
      if (write(file)) return true;
      const owner = readOwner(file);
      if (owner === dataDir) return true;
      // An empty one is being written.
      if (owner === null || owner === '' || existsSync(owner)) return false;
      takeAway(file);
      return write(file);
    },
    giveBack(uid) {
      const file = fileOf(uid);
      if (readOwner(file) === dataDir) rmSync(file, { force: true });
    },
    mine: () =>
      readdirSync(directory)
        .filter((name) => /^\d+$/.test(name) && readOwner(path.join(directory, name)) === dataDir)
        .map(Number),
  };
}
