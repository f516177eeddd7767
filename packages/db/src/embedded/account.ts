import { lchownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The account that PostgreSQL runs as, where the hub is root (PostgreSQL refuses to be). */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * No account of the system has this number, so no other program runs under it: not even the servers that the hub
 * starts as an unprivileged account can read the database.
 */
const ownUid = 60_742;

/** The account of the database, or null where the hub is not root and PostgreSQL simply runs as the same user. */
export function databaseAccount(): Account | null {
  return process.getuid?.() === 0 ? { uid: ownUid, gid: ownUid } : null;
}

/** initdb, unlike postgres, insists on an account that has a name; one that nothing else runs under comes first. */
export function namedAccount(): Account {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['games', 'news', 'bin', 'daemon', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'The built-in PostgreSQL cannot run as root here: no unprivileged account is in /etc/passwd. Set DATABASE_URL.',
  );
}

/** Whether the account may pass through every directory down to this one. */
export function isReachableBy(account: Account, path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Gives a whole tree to the account. */
export function giveTree(path: string, account: Account): void {
  lchownSync(path, account.uid, account.gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) giveTree(child, account);
    else lchownSync(child, account.uid, account.gid);
  }
}
