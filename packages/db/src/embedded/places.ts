import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isReachableBy, type Account } from './account.ts';

/** The paths of one embedded PostgreSQL. */
export interface Places {
  /** Holds all the rest; only the database's account may enter. */
  root: string;
  data: string;
  log: string;
  /** The record of the running process. */
  record: string;
  socketDir: string;
}

export type Report = (message: string) => void;

/** `sun_path` holds 107 bytes; the file's name takes 13 of them. */
const longestSocketDir = 107 - '/.s.PGSQL.5432'.length;
const sharedBase = '/var/lib/switchboard';

/** A directory outside of DATA_DIR that any account can reach, for files that cannot be in a private one. */
export function spareDirOf(dataDir: string): string {
  return join(sharedBase, hash(resolve(dataDir)));
}

/** Prepares the directories; as root they belong to the database's account. */
export function preparePlaces(dataDir: string, account: Account | null, tell: Report): Places {
  mkdirSync(dataDir, { recursive: true, mode: account ? 0o711 : 0o700 });
  const root = rootOf(resolve(dataDir), account, tell);
  own(root, account);
  return {
    root,
    data: join(root, 'data'),
    log: join(root, 'postgres.log'),
    record: join(root, 'running.json'),
    socketDir: socketDirOf(root, account),
  };
}

function rootOf(dataDir: string, account: Account | null, tell: Report): string {
  const inside = join(dataDir, 'pg');
  if (!account) return inside;
  const pointer = join(dataDir, 'pg-location');
  if (existsSync(pointer)) {
    const location = readFileSync(pointer, 'utf8').trim();
    if (existsSync(location)) return location;
    throw new Error(
      `${pointer} says the database stands in ${location}, which is gone. Bring it back, or remove ${pointer} to start empty.`,
    );
  }
  const mode = statSync(dataDir).mode;
  // Others may pass through DATA_DIR, not look into it; its secret files are private each.
  if ((mode & 0o001) === 0) chmodSync(dataDir, (mode & 0o777) | 0o011);
  if (isReachableBy(account, dataDir)) return inside;
  const outside = join(spareDirOf(dataDir), 'pg');
  try {
    mkdirSync(outside, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new Error(
      `PostgreSQL cannot run as root, and the account it uses can neither reach ${dataDir} nor have ${outside}. ` +
        'Set DATA_DIR to a directory whose parents anybody may pass through, or set DATABASE_URL.',
      { cause: error },
    );
  }
  writeFileSync(pointer, `${outside}\n`, { mode: 0o600 });
  tell(`The database stands in ${outside}: PostgreSQL cannot run as root, and its account cannot reach ${dataDir}.`);
  return outside;
}

function socketDirOf(root: string, account: Account | null): string {
  const inside = join(root, 'socket');
  if (Buffer.byteLength(inside) <= longestSocketDir) {
    own(inside, account);
    return inside;
  }
  const short = join(tmpdir(), `switchboard-${hash(`${root}:${process.getuid?.() ?? 0}`)}`);
  if (Buffer.byteLength(short) > longestSocketDir) {
    throw new Error(
      `No place for the database's socket: ${root} and ${short} are both too long. Use a shorter DATA_DIR.`,
    );
  }
  own(short, account);
  return short;
}

/** Makes a private directory of the account; one that somebody else made there is refused. */
function own(path: string, account: Account | null): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid } = statSync(path);
  const mine = process.getuid?.() ?? uid;
  if (uid !== mine && uid !== account?.uid) {
    throw new Error(`${path} belongs to another user (uid ${uid}); the database needs a directory of its own.`);
  }
  if (account && uid !== account.uid) chownSync(path, account.uid, account.gid);
  if ((statSync(path).mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
